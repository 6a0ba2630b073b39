-- Several destinations at once: each has a message of its own, which fails and is retried by itself.

-- The destination's name in the settings; `person` is the one whom the reset is for.
ALTER TABLE outbox ADD COLUMN destination TEXT NOT NULL DEFAULT 'notify';

DROP INDEX outbox_due;
CREATE INDEX outbox_due ON outbox (destination, next_attempt_at) WHERE delivered_at IS NULL AND given_up_at IS NULL;
CREATE INDEX outbox_by_reset ON outbox (reset_id) WHERE delivered_at IS NULL AND given_up_at IS NULL;
