-- Who stopped all resets, when and why, and who let them go on. At most one has no end: resets are paused by it.
CREATE TABLE pauses (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  by TEXT NOT NULL,
  reason TEXT NOT NULL,
  ended_at INTEGER,
  ended_by TEXT,
  CHECK ((ended_at IS NULL) = (ended_by IS NULL))
) STRICT;

CREATE UNIQUE INDEX pauses_one_open ON pauses (ended_at IS NULL) WHERE ended_at IS NULL;

CREATE TRIGGER pauses_no_rewrite BEFORE UPDATE ON pauses
WHEN OLD.ended_at IS NOT NULL
  OR NEW.id IS NOT OLD.id
  OR NEW.at IS NOT OLD.at
  OR NEW.by IS NOT OLD.by
  OR NEW.reason IS NOT OLD.reason
BEGIN
  SELECT RAISE(ABORT, 'a pause is ended once, and never changes');
END;

CREATE TRIGGER pauses_no_delete BEFORE DELETE ON pauses
BEGIN
  SELECT RAISE(ABORT, 'pauses are kept');
END;

CREATE TRIGGER pauses_no_replace BEFORE INSERT ON pauses
WHEN EXISTS (SELECT 1 FROM pauses WHERE id = NEW.id OR (ended_at IS NULL AND NEW.ended_at IS NULL))
BEGIN
  SELECT RAISE(ABORT, 'resets are paused already');
END;
