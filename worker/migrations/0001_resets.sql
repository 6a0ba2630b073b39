-- One row for each reset that was asked for: what it is now. How it came to be so is in `events`.
-- Times are epoch milliseconds.
CREATE TABLE resets (
  id TEXT PRIMARY KEY NOT NULL,
  -- Grows by one with each event; the newest event's `seq`.
  version INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  closed_at INTEGER,
  state TEXT NOT NULL,
  -- 1 while this is its user's one open reset.
  open INTEGER NOT NULL CHECK (open IN (0, 1)),

  -- Who asked: an e-mail in lower case, or the client id of a service token.
  asked_by TEXT NOT NULL,
  -- The `sub` of the sign-in, or the client id again.
  asker_id TEXT NOT NULL,
  -- `person` or `service`.
  asker_kind TEXT NOT NULL CHECK (asker_kind IN ('person', 'service')),
  -- The entry of the role list that let the asker in: `email`, `group` or `service`.
  role_by TEXT NOT NULL,
  released_by TEXT,

  -- For whom, as Fireblocks' list had it at the time.
  user_id TEXT NOT NULL,
  user_email TEXT,
  user_name TEXT,
  user_role TEXT,
  status_before TEXT,
  -- How old Fireblocks' list was when it was decided on.
  list_age_ms INTEGER NOT NULL,

  reason TEXT,
  reference TEXT,
  verified_by TEXT,

  -- The asker's Idempotency-Key. Held (and so valid for nothing else) while key_held is 1.
  caller_key TEXT,
  key_held INTEGER NOT NULL CHECK (key_held IN (0, 1)),
  -- SHA-256 over asker, user and note: what the caller's key is bound to.
  binding TEXT NOT NULL,
  -- The Idempotency-Key that Fireblocks gets. Made here, never the caller's.
  upstream_key TEXT NOT NULL,

  attempts INTEGER NOT NULL,
  -- The newest attempt whose end, with or without an answer, was written down.
  ended_attempt INTEGER NOT NULL DEFAULT 0,
  -- Until when the newest attempt may be under way.
  lease_until INTEGER,
  -- When the request for an attempt was first made (asked, or released by the second person).
  requested_at INTEGER,
  -- A proposal's end.
  proposal_expires_at INTEGER,

  outcome TEXT,
  request_id TEXT,
  message TEXT,
  -- The answer that the asker was given, as JSON; kept only where the same key may get it again.
  answer TEXT,
  answered_at INTEGER,

  -- The user's status as seen over time: JSON, [{"status", "at"}], changes alone.
  statuses TEXT NOT NULL DEFAULT '[]',
  approvals_current INTEGER,
  approvals_threshold INTEGER,
  followed_at INTEGER NOT NULL DEFAULT 0,

  CHECK ((open = 1) = (closed_at IS NULL))
) STRICT;

CREATE UNIQUE INDEX resets_one_open_per_user ON resets (user_id) WHERE open = 1;
CREATE UNIQUE INDEX resets_one_holder_per_key ON resets (caller_key) WHERE key_held = 1 AND caller_key IS NOT NULL;
CREATE UNIQUE INDEX resets_upstream_key ON resets (upstream_key);

-- What lists are filtered by, each in the order in which pages are read.
CREATE INDEX resets_newest ON resets (created_at, id);
CREATE INDEX resets_by_state ON resets (state, created_at, id);
CREATE INDEX resets_by_user ON resets (user_id, created_at, id);
CREATE INDEX resets_by_user_state ON resets (user_id, state, created_at, id);
CREATE INDEX resets_by_asker ON resets (asked_by, created_at, id);
CREATE INDEX resets_by_asker_state ON resets (asked_by, state, created_at, id);
CREATE INDEX resets_by_user_asker ON resets (user_id, asked_by, created_at, id);
CREATE INDEX resets_open ON resets (created_at, id) WHERE open = 1;
CREATE INDEX resets_open_by_followed ON resets (followed_at) WHERE open = 1;
CREATE INDEX resets_by_closing ON resets (closed_at) WHERE open = 0;

-- The story of each reset. Append-only.
CREATE TABLE events (
  reset_id TEXT NOT NULL REFERENCES resets (id),
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  event TEXT NOT NULL,
  source TEXT NOT NULL,
  actor TEXT,
  -- JSON.
  detail TEXT,
  PRIMARY KEY (reset_id, seq)
) STRICT, WITHOUT ROWID;

-- For how long closed records are kept. Without a row: for ever. A setting of the worker is copied
-- here; less than 90 days is never accepted.
CREATE TABLE retention (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  days INTEGER NOT NULL CHECK (days >= 90)
) STRICT;

CREATE TRIGGER events_no_update BEFORE UPDATE ON events
BEGIN
  SELECT RAISE(ABORT, 'events are append-only');
END;

CREATE TRIGGER events_no_delete BEFORE DELETE ON events
WHEN NOT EXISTS (
  SELECT 1 FROM resets JOIN retention
  WHERE resets.id = OLD.reset_id AND resets.open = 0
    AND resets.closed_at < CAST(unixepoch('now', 'subsec') * 1000 AS INTEGER) - retention.days * 86400000
)
BEGIN
  SELECT RAISE(ABORT, 'events are append-only');
END;

-- INSERT OR REPLACE and an upsert would rewrite a row past the two triggers above.
CREATE TRIGGER events_no_replace BEFORE INSERT ON events
WHEN EXISTS (SELECT 1 FROM events WHERE reset_id = NEW.reset_id AND seq = NEW.seq)
BEGIN
  SELECT RAISE(ABORT, 'event exists');
END;

-- What was asked, by whom and for whom never changes, and a closed record is never opened again.
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
BEGIN
  SELECT RAISE(ABORT, 'this part of a record never changes');
END;

CREATE TRIGGER resets_no_delete BEFORE DELETE ON resets
WHEN NOT EXISTS (
  SELECT 1 FROM retention
  WHERE OLD.open = 0
    AND OLD.closed_at < CAST(unixepoch('now', 'subsec') * 1000 AS INTEGER) - retention.days * 86400000
)
BEGIN
  SELECT RAISE(ABORT, 'records are kept');
END;

-- INSERT OR REPLACE would remove whatever row is in the way of any unique index.
CREATE TRIGGER resets_no_replace BEFORE INSERT ON resets
WHEN EXISTS (SELECT 1 FROM resets WHERE id = NEW.id)
  OR EXISTS (SELECT 1 FROM resets WHERE rowid = NEW.rowid)
  OR EXISTS (SELECT 1 FROM resets WHERE upstream_key = NEW.upstream_key)
BEGIN
  SELECT RAISE(ABORT, 'record exists');
END;

CREATE TRIGGER resets_one_open BEFORE INSERT ON resets
WHEN NEW.open = 1 AND EXISTS (SELECT 1 FROM resets WHERE user_id = NEW.user_id AND open = 1)
BEGIN
  SELECT RAISE(ABORT, 'user has an open reset');
END;

CREATE TRIGGER resets_one_key BEFORE INSERT ON resets
WHEN NEW.key_held = 1 AND NEW.caller_key IS NOT NULL
  AND EXISTS (SELECT 1 FROM resets WHERE caller_key = NEW.caller_key AND key_held = 1)
BEGIN
  SELECT RAISE(ABORT, 'key is held');
END;

-- Messages that are still to be told, one for each change of state.
CREATE TABLE outbox (
  id TEXT PRIMARY KEY NOT NULL,
  reset_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  next_attempt_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  delivered_at INTEGER,
  given_up_at INTEGER,
  body TEXT NOT NULL
) STRICT;

CREATE INDEX outbox_due ON outbox (next_attempt_at) WHERE delivered_at IS NULL AND given_up_at IS NULL;
CREATE INDEX outbox_by_creation ON outbox (created_at);
