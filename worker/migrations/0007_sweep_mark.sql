-- When the sweep ran last: whoever asks for the worker's health sees that it is alive, and the sweep itself that it was not.
CREATE TABLE sweep_mark (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  at INTEGER NOT NULL,
  -- What was asked for before this is not sent again: the sweep had stopped since, or the database was restored.
  resend_after INTEGER NOT NULL DEFAULT 0
) STRICT;

-- A sweep that has never run counts from now on.
INSERT INTO sweep_mark (only_row, at) VALUES (1, CAST(unixepoch('now', 'subsec') * 1000 AS INTEGER));

CREATE INDEX resets_by_lease ON resets (lease_until) WHERE state = 'sending';
