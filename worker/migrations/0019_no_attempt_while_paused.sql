-- Whoever pauses resets is told that nothing is sent from then on: what was looked at before, and is only now about to be sent,
-- is not. A new record is not written then either.
CREATE TRIGGER resets_no_attempt_while_paused BEFORE UPDATE ON resets
WHEN NEW.attempts > OLD.attempts AND EXISTS (SELECT 1 FROM pauses WHERE ended_at IS NULL)
BEGIN
  SELECT RAISE(ABORT, 'nothing is sent while resets are paused');
END;
