-- The affected person's word that somebody pretends to be them, or asked for a reset in their name. While one is open, new
-- resets of this person need a second person.
CREATE TABLE alarms (
  id TEXT PRIMARY KEY NOT NULL,
  at INTEGER NOT NULL,
  -- For whom, as Fireblocks' list had it at the time.
  user_id TEXT NOT NULL,
  user_email TEXT,
  user_name TEXT,
  -- The person's sign-in: its e-mail, and its `sub`.
  raised_by TEXT NOT NULL,
  raised_by_id TEXT NOT NULL,
  text TEXT NOT NULL,
  -- The reset that it is about, where it is about one that was asked for here.
  reset_id TEXT,
  closed_at INTEGER,
  closed_by TEXT,
  reason TEXT,
  CHECK ((closed_at IS NULL) = (closed_by IS NULL) AND (closed_at IS NULL) = (reason IS NULL))
) STRICT;

-- The same said again is the same alarm.
CREATE UNIQUE INDEX alarms_one_open ON alarms (user_id, coalesce(reset_id, '')) WHERE closed_at IS NULL;
CREATE INDEX alarms_by_time ON alarms (at, id);

CREATE TRIGGER alarms_no_rewrite BEFORE UPDATE ON alarms
WHEN OLD.closed_at IS NOT NULL
  OR NEW.id IS NOT OLD.id
  OR NEW.rowid IS NOT OLD.rowid
  OR NEW.at IS NOT OLD.at
  OR NEW.user_id IS NOT OLD.user_id
  OR NEW.user_email IS NOT OLD.user_email
  OR NEW.user_name IS NOT OLD.user_name
  OR NEW.raised_by IS NOT OLD.raised_by
  OR NEW.raised_by_id IS NOT OLD.raised_by_id
  OR NEW.text IS NOT OLD.text
  OR NEW.reset_id IS NOT OLD.reset_id
BEGIN
  SELECT RAISE(ABORT, 'an alarm is closed once, and never changes');
END;

CREATE TRIGGER alarms_no_delete BEFORE DELETE ON alarms
WHEN NOT EXISTS (
  SELECT 1 FROM retention
  WHERE OLD.closed_at < CAST(unixepoch('now', 'subsec') * 1000 AS INTEGER) - retention.days * 86400000
)
BEGIN
  SELECT RAISE(ABORT, 'alarms are kept');
END;

-- A day is more than any clock of the worker's is wrong by, and far less than retention's least age.
CREATE TRIGGER alarms_no_early_end BEFORE UPDATE ON alarms
WHEN OLD.closed_at IS NULL
  AND NEW.closed_at < CAST(unixepoch('now', 'subsec') * 1000 AS INTEGER) - 86400000
BEGIN
  SELECT RAISE(ABORT, 'an alarm is closed when it is closed');
END;

CREATE TRIGGER alarms_no_replace BEFORE INSERT ON alarms
WHEN EXISTS (SELECT 1 FROM alarms WHERE id = NEW.id OR rowid = NEW.rowid)
  OR EXISTS (SELECT 1 FROM alarms WHERE user_id = NEW.user_id AND coalesce(reset_id, '') = coalesce(NEW.reset_id, '')
    AND closed_at IS NULL AND NEW.closed_at IS NULL)
BEGIN
  SELECT RAISE(ABORT, 'alarm exists');
END;

-- What became of the worker's own try to have a contested request rejected in Fireblocks. Null while it was not tried.
ALTER TABLE resets ADD COLUMN rejection TEXT CHECK (rejection IN ('rejected', 'refused', 'unknown'));

CREATE TRIGGER resets_rejection_stays BEFORE UPDATE ON resets
WHEN OLD.rejection IN ('rejected', 'refused') AND NEW.rejection IS NOT OLD.rejection
BEGIN
  SELECT RAISE(ABORT, 'this part of a record never changes');
END;
