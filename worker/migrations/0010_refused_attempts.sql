-- What was refused to whom: logs are kept for days, and these are what an investigation looks for. The same again on the same
-- day is counted in its row, and a person has a bounded number of rows a day.
CREATE TABLE refused_attempts (
  id INTEGER PRIMARY KEY,
  -- The beginning of the day (UTC).
  day INTEGER NOT NULL,
  actor_id TEXT NOT NULL,
  -- An e-mail, or the client id of a service token.
  actor TEXT NOT NULL,
  actor_kind TEXT NOT NULL CHECK (actor_kind IN ('person', 'service')),
  -- What was asked for, and of which user or record; empty where it is about none.
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  -- The worker's number for why not.
  code INTEGER NOT NULL,
  count INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  UNIQUE (day, actor_id, action, subject, code)
) STRICT;

CREATE INDEX refused_attempts_by_time ON refused_attempts (last_at);

CREATE TRIGGER refused_attempts_only_grow BEFORE UPDATE ON refused_attempts
WHEN NEW.id IS NOT OLD.id
  OR NEW.day IS NOT OLD.day
  OR NEW.actor_id IS NOT OLD.actor_id
  OR NEW.actor IS NOT OLD.actor
  OR NEW.actor_kind IS NOT OLD.actor_kind
  OR NEW.action IS NOT OLD.action
  OR NEW.subject IS NOT OLD.subject
  OR NEW.code IS NOT OLD.code
  OR NEW.first_at IS NOT OLD.first_at
  OR NEW.count < OLD.count
  OR NEW.last_at < OLD.last_at
BEGIN
  SELECT RAISE(ABORT, 'refused attempts never change');
END;

CREATE TRIGGER refused_attempts_no_delete BEFORE DELETE ON refused_attempts
WHEN NOT EXISTS (
  SELECT 1 FROM retention
  WHERE OLD.last_at < CAST(unixepoch('now', 'subsec') * 1000 AS INTEGER) - retention.days * 86400000
)
BEGIN
  SELECT RAISE(ABORT, 'refused attempts are kept');
END;

CREATE TRIGGER refused_attempts_no_replace BEFORE INSERT ON refused_attempts
WHEN EXISTS (SELECT 1 FROM refused_attempts WHERE id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'refused attempt exists');
END;
