-- The state of the workspace. Times are epoch milliseconds.

CREATE TABLE workspace (
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  -- The `aud` of the Access application.
  audience TEXT NOT NULL,
  -- How many console users the seed made.
  seeded_users INTEGER NOT NULL
) STRICT;

CREATE TABLE api_users (
  api_key TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  -- RSAPublicKey, DER.
  public_key BLOB NOT NULL,
  enabled INTEGER NOT NULL DEFAULT 1,
  certificate_expired INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE console_users (
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  first_name TEXT NOT NULL,
  last_name TEXT NOT NULL,
  email TEXT,
  role TEXT NOT NULL,
  enabled INTEGER NOT NULL,
  status TEXT NOT NULL,
  user_type TEXT NOT NULL,
  -- When the walk takes its next step by itself.
  next_status_at INTEGER,
  -- Who is awaited after the pairing of somebody who signs, and until when; null for everybody else.
  set_up TEXT,
  set_up_ends_at INTEGER,
  -- Whether the authenticator app of the sign-in is gone.
  second_factor_lost INTEGER NOT NULL DEFAULT 0,
  -- How many phones the user has had since the seed, the present one among them.
  phones INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX console_users_due ON console_users (next_status_at) WHERE next_status_at IS NOT NULL;
CREATE INDEX console_users_set_up ON console_users (set_up_ends_at) WHERE set_up_ends_at IS NOT NULL;

CREATE TABLE approvals (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  request_type TEXT NOT NULL,
  -- Of what is no reset, as JSON.
  request_data TEXT,
  -- Whose device; null for what is no reset.
  user_id TEXT,
  user_email TEXT,
  status TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  initiator_id TEXT NOT NULL,
  initiator_name TEXT NOT NULL,
  -- Of the request to the API that filed it; null for what was asked for in the Console.
  idempotency_key TEXT,
  api_key TEXT,
  request_id TEXT,
  threshold INTEGER NOT NULL,
  -- Ids of the console users who approved, as a JSON array.
  approved_by TEXT NOT NULL,
  -- When the next approver acts by themselves, and how long after that the one after.
  next_approval_at INTEGER,
  approval_interval INTEGER NOT NULL
) STRICT;
CREATE INDEX approvals_due ON approvals (next_approval_at) WHERE next_approval_at IS NOT NULL;
CREATE INDEX approvals_pending ON approvals (expires_at) WHERE status = 'PENDING';
CREATE INDEX approvals_user ON approvals (user_id);

CREATE TABLE audit_logs (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL,
  at INTEGER NOT NULL,
  user TEXT NOT NULL,
  user_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  event TEXT NOT NULL,
  category TEXT NOT NULL
) STRICT;
CREATE INDEX audit_logs_at ON audit_logs (at);

CREATE TABLE idempotency (
  api_key TEXT NOT NULL,
  key TEXT NOT NULL,
  at INTEGER NOT NULL,
  target TEXT NOT NULL,
  -- Null: spent by an internal error.
  status INTEGER,
  content_type TEXT,
  body BLOB NOT NULL,
  PRIMARY KEY (api_key, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE nonces (
  api_key TEXT NOT NULL,
  nonce TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (api_key, nonce)
) STRICT, WITHOUT ROWID;

CREATE TABLE requests (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  entry TEXT NOT NULL
) STRICT;

CREATE TABLE access_keys (
  kid TEXT PRIMARY KEY,
  created_at INTEGER NOT NULL,
  private_key TEXT NOT NULL,
  certificate TEXT NOT NULL
) STRICT;

CREATE TABLE access_identities (
  identity_nonce TEXT PRIMARY KEY,
  identity TEXT NOT NULL
) STRICT;
