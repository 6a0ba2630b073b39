-- Until then no early run of the sweep begins, in any isolate: one is under way, or has just ended.
ALTER TABLE sweep_mark ADD COLUMN early_until INTEGER NOT NULL DEFAULT 0;
