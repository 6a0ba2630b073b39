-- A closed record's end is as fixed as its beginning. The time of its end decides from when on retention may remove it
-- and its events: it is set once, to the present, so that nothing young can be made to look old.
DROP TRIGGER resets_no_rewrite;

CREATE TRIGGER resets_no_rewrite BEFORE UPDATE ON resets
WHEN NEW.id IS NOT OLD.id
  OR NEW.rowid IS NOT OLD.rowid
  OR NEW.created_at IS NOT OLD.created_at
  OR NEW.asked_by IS NOT OLD.asked_by
  OR NEW.asker_id IS NOT OLD.asker_id
  OR NEW.asker_kind IS NOT OLD.asker_kind
  OR NEW.role_by IS NOT OLD.role_by
  OR NEW.user_id IS NOT OLD.user_id
  OR NEW.user_email IS NOT OLD.user_email
  OR NEW.user_name IS NOT OLD.user_name
  OR NEW.user_role IS NOT OLD.user_role
  OR NEW.list_age_ms IS NOT OLD.list_age_ms
  OR NEW.reason IS NOT OLD.reason
  OR NEW.reference IS NOT OLD.reference
  OR NEW.verified_by IS NOT OLD.verified_by
  OR NEW.caller_key IS NOT OLD.caller_key
  OR NEW.binding IS NOT OLD.binding
  OR NEW.upstream_key IS NOT OLD.upstream_key
  OR NEW.version < OLD.version
  OR NEW.attempts < OLD.attempts
  OR NEW.open > OLD.open
  OR NEW.key_held > OLD.key_held
  OR (OLD.released_by IS NOT NULL AND NEW.released_by IS NOT OLD.released_by)
BEGIN
  SELECT RAISE(ABORT, 'this part of a record never changes');
END;

-- What comes late for a closed record is one more event, and changes nothing of these.
CREATE TRIGGER resets_no_second_end BEFORE UPDATE ON resets
WHEN OLD.closed_at IS NOT NULL AND (
  NEW.closed_at IS NOT OLD.closed_at
  OR NEW.state IS NOT OLD.state
  OR NEW.outcome IS NOT OLD.outcome
  OR NEW.status_before IS NOT OLD.status_before
  OR NEW.attempts IS NOT OLD.attempts
  OR NEW.request_id IS NOT OLD.request_id
  OR NEW.message IS NOT OLD.message
  OR NEW.answer IS NOT OLD.answer
  OR NEW.answered_at IS NOT OLD.answered_at
  OR NEW.released_by IS NOT OLD.released_by
)
BEGIN
  SELECT RAISE(ABORT, 'the end of a record never changes');
END;

-- A day is more than any clock of the worker's is wrong by, and far less than retention's least age.
CREATE TRIGGER resets_no_early_end BEFORE UPDATE ON resets
WHEN OLD.closed_at IS NULL
  AND NEW.closed_at < CAST(unixepoch('now', 'subsec') * 1000 AS INTEGER) - 86400000
BEGIN
  SELECT RAISE(ABORT, 'a record is closed when it is closed');
END;
