-- What following an open reset has to remember from one look to the next.

-- The approvals API's own id of the request: once it is not waiting any more, only this finds it.
ALTER TABLE resets ADD COLUMN approval_request_id TEXT;
-- 1 once a look showed another reset in this record's time: the audit log, which names no target, proves nothing then.
ALTER TABLE resets ADD COLUMN other_resets_open INTEGER NOT NULL DEFAULT 0 CHECK (other_resets_open IN (0, 1));
-- The state last observed of an unknown record, so that the same is not told twice.
ALTER TABLE resets ADD COLUMN observed_state TEXT;
