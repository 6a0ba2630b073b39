-- What is demanded before a reset may leave, and how it was met.

-- What happened to the phone, as the asker said.
ALTER TABLE resets ADD COLUMN because TEXT;
-- How the affected person's identity was proven: JSON, [{"proof", "text", "at", "by"}], oldest first. Only ever longer. Null in
-- records that are older than this, where `verified_by` is all.
ALTER TABLE resets ADD COLUMN proofs TEXT;
-- What the policy demanded when it was last looked at: JSON. Null in older records.
ALTER TABLE resets ADD COLUMN demands TEXT;
-- From when a waiting reset may leave. Null while the wait has not begun.
ALTER TABLE resets ADD COLUMN leaves_at INTEGER;
-- Why a waiting reset does not leave by itself.
ALTER TABLE resets ADD COLUMN needs_press TEXT CHECK (needs_press IN ('group', 'gap'));
-- The affected person's request for help that this reset answers.
ALTER TABLE resets ADD COLUMN help_request_id TEXT;
-- Whether the affected person could be told of it by mail, and when that was known. Null while it is not.
ALTER TABLE resets ADD COLUMN told TEXT CHECK (told IN ('told', 'notTold'));
ALTER TABLE resets ADD COLUMN told_at INTEGER;
-- When the affected person said that this reset is not theirs, beside whatever state it is in, and under which name.
ALTER TABLE resets ADD COLUMN contested_at INTEGER;
ALTER TABLE resets ADD COLUMN contested_by TEXT;
-- Why all demands were passed over. Whoever else has looked at it since stands in the next three.
ALTER TABLE resets ADD COLUMN break_glass TEXT;
ALTER TABLE resets ADD COLUMN reviewed_at INTEGER;
ALTER TABLE resets ADD COLUMN reviewed_by TEXT;
ALTER TABLE resets ADD COLUMN review TEXT;

CREATE TRIGGER resets_demands_stay BEFORE UPDATE ON resets
WHEN NEW.because IS NOT OLD.because
  OR NEW.help_request_id IS NOT OLD.help_request_id
  OR NEW.break_glass IS NOT OLD.break_glass
  OR (OLD.told IS NOT NULL AND (NEW.told IS NOT OLD.told OR NEW.told_at IS NOT OLD.told_at))
  OR (OLD.contested_at IS NOT NULL AND (NEW.contested_at IS NOT OLD.contested_at OR NEW.contested_by IS NOT OLD.contested_by))
  OR (OLD.reviewed_at IS NOT NULL AND (NEW.reviewed_at IS NOT OLD.reviewed_at
    OR NEW.reviewed_by IS NOT OLD.reviewed_by OR NEW.review IS NOT OLD.review))
  OR json_array_length(NEW.proofs) < json_array_length(OLD.proofs)
BEGIN
  SELECT RAISE(ABORT, 'this part of a record never changes');
END;

CREATE INDEX resets_waiting ON resets (leaves_at) WHERE state = 'waiting';
CREATE INDEX resets_to_review ON resets (created_at, id) WHERE break_glass IS NOT NULL AND reviewed_at IS NULL;
