-- Where a reset belongs and by which key it was sent. An idempotency key belongs to an API user: sent again under another
-- one, or to another workspace, it would file a second request.

-- Fireblocks' id of the workspace that the record is about. Null where it could not be read, and in older records.
ALTER TABLE resets ADD COLUMN workspace_id TEXT;
-- A fingerprint of the API key and the base path that the attempts were made with. Null before the first, and in older records.
ALTER TABLE resets ADD COLUMN sent_as TEXT;

CREATE TRIGGER resets_origin_stays BEFORE UPDATE ON resets
WHEN NEW.workspace_id IS NOT OLD.workspace_id
  OR (OLD.sent_as IS NOT NULL AND NEW.sent_as IS NOT OLD.sent_as)
BEGIN
  SELECT RAISE(ABORT, 'this part of a record never changes');
END;
