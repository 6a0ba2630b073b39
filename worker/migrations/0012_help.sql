-- What people ask for on their own screen, and how they and whoever helps them prove to each other who they are.
CREATE TABLE help_requests (
  id TEXT PRIMARY KEY NOT NULL,
  -- The number of its newest event: every change is a compare-and-set on it.
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  closed_at INTEGER,
  state TEXT NOT NULL CHECK (state IN ('open', 'matched', 'confirmed', 'used', 'cancelled', 'expired')),
  open INTEGER NOT NULL CHECK (open IN (0, 1)),
  user_id TEXT NOT NULL,
  user_email TEXT,
  user_name TEXT,
  -- The person's own sign-in, and the manager that it names.
  person TEXT NOT NULL,
  person_id TEXT NOT NULL,
  manager TEXT,
  because TEXT,
  text TEXT,
  -- Which code it is, from 1 on. Of the code itself only a keyed hash is kept, until it matches or another takes its place.
  code_number INTEGER NOT NULL,
  code_salt TEXT,
  code_mac TEXT,
  code_at INTEGER,
  code_until INTEGER,
  tries_left INTEGER NOT NULL CHECK (tries_left BETWEEN 0 AND 3),
  helper TEXT,
  helper_id TEXT,
  helper_name TEXT,
  word TEXT,
  matched_at INTEGER,
  confirmed_at INTEGER,
  CHECK ((open = 1) = (closed_at IS NULL)),
  CHECK ((open = 1) = (state IN ('open', 'matched', 'confirmed'))),
  CHECK ((code_mac IS NULL) = (code_salt IS NULL) AND (code_mac IS NULL) = (code_until IS NULL)),
  CHECK (state NOT IN ('matched', 'confirmed', 'used') OR (helper_id IS NOT NULL AND code_mac IS NULL)),
  CHECK (state NOT IN ('confirmed', 'used') OR confirmed_at IS NOT NULL)
) STRICT;

CREATE UNIQUE INDEX help_requests_one_open ON help_requests (user_id) WHERE open = 1;
CREATE INDEX help_requests_by_user ON help_requests (user_id, created_at);
CREATE INDEX help_requests_open ON help_requests (created_at, id) WHERE open = 1;
CREATE INDEX help_requests_by_creation ON help_requests (created_at, id);
CREATE INDEX help_requests_closed ON help_requests (closed_at) WHERE open = 0;

-- Append-only.
CREATE TABLE help_events (
  help_id TEXT NOT NULL REFERENCES help_requests (id),
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  event TEXT NOT NULL,
  actor TEXT,
  actor_id TEXT,
  -- JSON.
  detail TEXT,
  PRIMARY KEY (help_id, seq)
) STRICT, WITHOUT ROWID;

-- Codes given and codes guessed are counted for each person.
CREATE INDEX help_events_by_actor ON help_events (actor_id, event, at);

CREATE TRIGGER help_events_no_update BEFORE UPDATE ON help_events
BEGIN
  SELECT RAISE(ABORT, 'events are append-only');
END;

CREATE TRIGGER help_events_no_delete BEFORE DELETE ON help_events
WHEN NOT EXISTS (
  SELECT 1 FROM help_requests JOIN retention
  WHERE help_requests.id = OLD.help_id AND help_requests.open = 0
    AND help_requests.closed_at < CAST(unixepoch('now', 'subsec') * 1000 AS INTEGER) - retention.days * 86400000
)
BEGIN
  SELECT RAISE(ABORT, 'events are append-only');
END;

CREATE TRIGGER help_events_no_replace BEFORE INSERT ON help_events
WHEN EXISTS (SELECT 1 FROM help_events WHERE help_id = NEW.help_id AND seq = NEW.seq)
BEGIN
  SELECT RAISE(ABORT, 'event exists');
END;

CREATE TRIGGER help_requests_no_rewrite BEFORE UPDATE ON help_requests
WHEN NEW.id IS NOT OLD.id
  OR NEW.rowid IS NOT OLD.rowid
  OR NEW.created_at IS NOT OLD.created_at
  OR NEW.expires_at IS NOT OLD.expires_at
  OR NEW.user_id IS NOT OLD.user_id
  OR NEW.user_email IS NOT OLD.user_email
  OR NEW.user_name IS NOT OLD.user_name
  OR NEW.person IS NOT OLD.person
  OR NEW.person_id IS NOT OLD.person_id
  OR NEW.manager IS NOT OLD.manager
  OR NEW.because IS NOT OLD.because
  OR NEW.text IS NOT OLD.text
  OR NEW.version <= OLD.version
  OR NEW.open > OLD.open
  OR NEW.code_number < OLD.code_number
  -- The tries of a code never become more, and a code is never put in place of another under its number.
  OR (NEW.code_number = OLD.code_number AND (
    NEW.tries_left > OLD.tries_left
    OR (NEW.code_mac IS NOT NULL AND (NEW.code_mac IS NOT OLD.code_mac OR NEW.code_until IS NOT OLD.code_until))))
  OR (OLD.closed_at IS NOT NULL AND NEW.closed_at IS NOT OLD.closed_at)
BEGIN
  SELECT RAISE(ABORT, 'this part of a request for help never changes');
END;

-- Nobody becomes the helper but by a code that is there, and nothing is confirmed or used that was not matched before.
CREATE TRIGGER help_requests_in_order BEFORE UPDATE ON help_requests
WHEN (NEW.state = 'matched' AND OLD.state <> 'matched' AND (OLD.state <> 'open' OR OLD.code_mac IS NULL))
  OR (NEW.state = 'confirmed' AND OLD.state NOT IN ('matched', 'confirmed'))
  OR (NEW.state = 'used' AND OLD.state NOT IN ('confirmed', 'used'))
  OR (OLD.open = 0 AND NEW.state IS NOT OLD.state)
  OR (OLD.helper_id IS NOT NULL AND NEW.helper_id IS NOT OLD.helper_id AND (NEW.helper_id IS NOT NULL OR NEW.state <> 'open'))
BEGIN
  SELECT RAISE(ABORT, 'a request for help goes from code to match to confirmation');
END;

CREATE TRIGGER help_requests_no_delete BEFORE DELETE ON help_requests
WHEN NOT EXISTS (
  SELECT 1 FROM retention
  WHERE OLD.open = 0
    AND OLD.closed_at < CAST(unixepoch('now', 'subsec') * 1000 AS INTEGER) - retention.days * 86400000
)
BEGIN
  SELECT RAISE(ABORT, 'requests for help are kept');
END;

CREATE TRIGGER help_requests_no_early_end BEFORE UPDATE ON help_requests
WHEN OLD.closed_at IS NULL
  AND NEW.closed_at < CAST(unixepoch('now', 'subsec') * 1000 AS INTEGER) - 86400000
BEGIN
  SELECT RAISE(ABORT, 'a request for help is closed when it is closed');
END;

CREATE TRIGGER help_requests_no_replace BEFORE INSERT ON help_requests
WHEN EXISTS (SELECT 1 FROM help_requests WHERE id = NEW.id)
  OR EXISTS (SELECT 1 FROM help_requests WHERE rowid = NEW.rowid)
  OR (NEW.open = 1 AND EXISTS (SELECT 1 FROM help_requests WHERE user_id = NEW.user_id AND open = 1))
BEGIN
  SELECT RAISE(ABORT, 'request for help exists');
END;

-- What was matched serves one reset. One of which nothing was sent leaves it to serve another.
CREATE UNIQUE INDEX resets_by_help ON resets (help_request_id)
WHERE help_request_id IS NOT NULL AND state <> 'refused' AND state <> 'withdrawn';

CREATE TRIGGER resets_one_for_help BEFORE INSERT ON resets
WHEN NEW.help_request_id IS NOT NULL AND NEW.state <> 'refused' AND NEW.state <> 'withdrawn'
  AND EXISTS (SELECT 1 FROM resets
    WHERE help_request_id = NEW.help_request_id AND state <> 'refused' AND state <> 'withdrawn')
BEGIN
  SELECT RAISE(ABORT, 'this request for help has served a reset');
END;

-- And it is the reset of whoever typed the code, of the person who confirmed it.
CREATE TRIGGER resets_help_fits BEFORE INSERT ON resets
WHEN NEW.help_request_id IS NOT NULL AND NEW.state <> 'refused'
  AND NOT EXISTS (SELECT 1 FROM help_requests
    WHERE id = NEW.help_request_id AND user_id = NEW.user_id AND helper_id = NEW.asker_id
      AND state IN ('confirmed', 'used') AND expires_at > NEW.created_at)
BEGIN
  SELECT RAISE(ABORT, 'this request for help does not fit the reset');
END;
