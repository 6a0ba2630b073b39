-- Resets that left later than they were asked for: what was proposed, or waited, counts on the day of its departure, too.
CREATE INDEX resets_departed_later ON resets (requested_at) WHERE requested_at > created_at;
