-- A caller's key stays bound to what it was first used for, also where it was set free to ask again with.
CREATE INDEX resets_by_caller_key ON resets (caller_key, key_held) WHERE caller_key IS NOT NULL;

CREATE TRIGGER resets_bound_key BEFORE INSERT ON resets
WHEN NEW.caller_key IS NOT NULL
  AND EXISTS (SELECT 1 FROM resets WHERE caller_key = NEW.caller_key AND binding <> NEW.binding)
BEGIN
  SELECT RAISE(ABORT, 'key is bound');
END;
