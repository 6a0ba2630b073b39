-- 1 from a gap of the sweep on until Fireblocks was looked at for requests that have no record: it may not answer at once.
ALTER TABLE sweep_mark ADD COLUMN look_due INTEGER NOT NULL DEFAULT 0 CHECK (look_due IN (0, 1));
