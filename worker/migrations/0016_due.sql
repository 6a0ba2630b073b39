-- Until when the request waits for its approvers, as the approvals API tells. Null where it could not be read.
ALTER TABLE resets ADD COLUMN request_expires_at INTEGER;

-- Reminders that were left to be told, by record, stage, its end, and which of the two it was.
CREATE TABLE reminders (
  key TEXT PRIMARY KEY NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX reminders_by_time ON reminders (at);
