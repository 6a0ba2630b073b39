-- How surely the state that following an open reset has told is this record's own doing. Null where nothing was told, and in
-- records that are older than this.
ALTER TABLE resets ADD COLUMN evidence TEXT CHECK (evidence IN ('proven', 'suggested'));
-- What the approvals have told of this very request: null where they could never be read. Once they could, they decide.
ALTER TABLE resets ADD COLUMN own_request TEXT CHECK (own_request IN ('found', 'missing', 'unclear'));

CREATE TRIGGER resets_evidence_of_the_end BEFORE UPDATE ON resets
WHEN OLD.closed_at IS NOT NULL AND NEW.evidence IS NOT OLD.evidence
BEGIN
  SELECT RAISE(ABORT, 'the end of a record never changes');
END;
