-- The entry of the role list that let the asker in, as it stood there: it must stand there still when the reset is
-- released, and whenever it is sent. Null in records that are older than this.
ALTER TABLE resets ADD COLUMN role_entry TEXT;

CREATE TRIGGER resets_role_entry_stays BEFORE UPDATE ON resets
WHEN NEW.role_entry IS NOT OLD.role_entry
BEGIN
  SELECT RAISE(ABORT, 'this part of a record never changes');
END;
