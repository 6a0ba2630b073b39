-- Device resets that nobody asked for here, as far as the sweep sees them.

-- Up to where the sweep has accounted for what it saw. Written by the sweep alone.
CREATE TABLE elsewhere_mark (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  -- Fireblocks' audit log has been read up to here.
  audit_until INTEGER NOT NULL,
  -- Who had a device when the users were looked at last: JSON, a list of ids. Null before the first look.
  ready_users TEXT,
  ready_at INTEGER
) STRICT;

-- Nothing from before the worker knew of this is told: the sweep reads a quarter of an hour back, since a row can come late.
INSERT INTO elsewhere_mark (only_row, audit_until) VALUES (1, CAST(unixepoch('now', 'subsec') * 1000 AS INTEGER) + 900000);

-- Requests of the audit log that were accounted for and may be read again, since a row can come late: by which of our resets,
-- or by which entry below.
CREATE TABLE audit_rows (
  id TEXT PRIMARY KEY NOT NULL,
  at INTEGER NOT NULL,
  reset_id TEXT,
  elsewhere_id TEXT,
  CHECK ((reset_id IS NULL) <> (elsewhere_id IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX audit_rows_by_time ON audit_rows (at);
CREATE INDEX audit_rows_by_reset ON audit_rows (reset_id) WHERE reset_id IS NOT NULL;

-- A reset that was possibly made elsewhere: by somebody in the Console, by another tool, or by whoever has our key.
CREATE TABLE elsewhere (
  id TEXT PRIMARY KEY NOT NULL,
  seen_at INTEGER NOT NULL,
  -- The audit log's row of a request: when it was filed and by whom. The log never says for whom.
  requested_at INTEGER,
  actor_id TEXT,
  actor TEXT,
  -- Whether it was filed by this worker's own API user, though none of our resets accounts for it.
  by_our_key INTEGER NOT NULL DEFAULT 0 CHECK (by_our_key IN (0, 1)),
  -- A user who had a device and was then seen without one: between which two looks. Where a request stands beside it, that
  -- it is this one's is likely, not proven.
  user_id TEXT,
  user_email TEXT,
  ready_at INTEGER,
  fell_at INTEGER,
  -- What somebody has said of it.
  verdict TEXT CHECK (verdict IN ('known', 'notKnown')),
  decided_at INTEGER,
  decided_by TEXT,
  reason TEXT,
  CHECK (requested_at IS NOT NULL OR user_id IS NOT NULL),
  CHECK ((verdict IS NULL) = (decided_at IS NULL) AND (verdict IS NULL) = (decided_by IS NULL) AND (verdict IS NULL) = (reason IS NULL))
) STRICT;

CREATE INDEX elsewhere_undecided ON elsewhere (seen_at, id) WHERE verdict IS NULL;
CREATE INDEX elsewhere_by_time ON elsewhere (seen_at, id);

CREATE TRIGGER elsewhere_no_rewrite BEFORE UPDATE ON elsewhere
WHEN NEW.id IS NOT OLD.id
  OR NEW.seen_at IS NOT OLD.seen_at
  OR (OLD.requested_at IS NOT NULL AND (NEW.requested_at IS NOT OLD.requested_at
    OR NEW.actor_id IS NOT OLD.actor_id OR NEW.actor IS NOT OLD.actor OR NEW.by_our_key IS NOT OLD.by_our_key))
  OR (OLD.user_id IS NOT NULL AND (NEW.user_id IS NOT OLD.user_id OR NEW.user_email IS NOT OLD.user_email
    OR NEW.ready_at IS NOT OLD.ready_at OR NEW.fell_at IS NOT OLD.fell_at))
  OR (OLD.verdict IS NOT NULL AND (NEW.verdict IS NOT OLD.verdict OR NEW.decided_at IS NOT OLD.decided_at
    OR NEW.decided_by IS NOT OLD.decided_by OR NEW.reason IS NOT OLD.reason))
BEGIN
  SELECT RAISE(ABORT, 'this part of an entry never changes');
END;

CREATE TRIGGER elsewhere_no_delete BEFORE DELETE ON elsewhere
WHEN NOT EXISTS (
  SELECT 1 FROM retention
  WHERE OLD.verdict IS NOT NULL
    AND OLD.decided_at < CAST(unixepoch('now', 'subsec') * 1000 AS INTEGER) - retention.days * 86400000
)
BEGIN
  SELECT RAISE(ABORT, 'entries are kept');
END;

CREATE TRIGGER elsewhere_no_replace BEFORE INSERT ON elsewhere
WHEN EXISTS (SELECT 1 FROM elsewhere WHERE id = NEW.id OR rowid = NEW.rowid)
BEGIN
  SELECT RAISE(ABORT, 'entry exists');
END;
