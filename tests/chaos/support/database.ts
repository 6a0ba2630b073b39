/** D1's own file, past the worker: what is durable in it, and ways to make the worker's writes fail. */
import { DatabaseSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";
import type { Stack } from "../../../scripts/stack.mjs";
import type { StoredEvent, StoredReset } from "./verdict.ts";

/**
 * Lets SQLite itself refuse writes of chosen records, by the first digit of their id. In each 16 records:
 * one cannot be inserted but can be marked as not sent; one cannot be inserted at all; for two the outcome cannot be
 * written; for one only while the clock's second is even.
 */
const FAILING_WRITES = `
  CREATE TRIGGER chaos_no_insert BEFORE INSERT ON resets
  WHEN substr(NEW.id, 1, 1) = '0' AND NEW.open = 1 OR substr(NEW.id, 1, 1) = '1'
  BEGIN SELECT RAISE(ABORT, 'chaos: this record cannot be inserted'); END;

  CREATE TRIGGER chaos_no_outcome BEFORE UPDATE OF answered_at ON resets
  WHEN substr(NEW.id, 1, 1) IN ('2', '3') OR substr(NEW.id, 1, 1) = '4' AND unixepoch() % 2 = 0
  BEGIN SELECT RAISE(ABORT, 'chaos: this outcome cannot be written'); END;
`;

export function failWrites(stack: Stack): void {
  inDatabase(stack, (database) => database.exec(FAILING_WRITES));
}

export function mendWrites(stack: Stack): void {
  inDatabase(stack, (database) => database.exec("DROP TRIGGER chaos_no_insert; DROP TRIGGER chaos_no_outcome;"));
}

/**
 * Holds SQLite's write lock for a while: whatever the worker writes meanwhile is refused or comes late.
 *
 * @returns whether the lock was free to be had
 */
export async function holdWriteLock(stack: Stack, milliseconds: number): Promise<boolean> {
  const database = new DatabaseSync(stack.databaseFile(), { timeout: 200 });
  try {
    database.exec("BEGIN IMMEDIATE");
  } catch {
    database.close();
    return false;
  }
  try {
    await pause(milliseconds);
    database.exec("ROLLBACK");
  } finally {
    database.close();
  }
  return true;
}

/** What is durable. */
export function readDatabase(stack: Stack): { resets: StoredReset[]; events: StoredEvent[]; integrity: string } {
  return inDatabase(stack, (database) => ({
    resets: database.prepare("SELECT * FROM resets ORDER BY created_at, id").all() as unknown as StoredReset[],
    events: database.prepare("SELECT * FROM events ORDER BY reset_id, seq").all() as unknown as StoredEvent[],
    integrity: String(database.prepare("PRAGMA integrity_check").get()?.integrity_check),
  }));
}

/** Proposals that nobody has released. */
export function proposals(stack: Stack): string[] {
  return inDatabase(stack, (database) =>
    database
      .prepare("SELECT id FROM resets WHERE state = 'proposed'")
      .all()
      .map(({ id }) => String(id)),
  );
}

/** Ends the pauses, of minutes, before each notification's next try. @returns how many are still to be taken */
export function hurryNotifications(stack: Stack): number {
  return inDatabase(stack, (database) =>
    Number(database.prepare("UPDATE outbox SET next_attempt_at = 0 WHERE delivered_at IS NULL").run().changes),
  );
}

/** Attempts that are under way or were left behind, and until when the last of their leases runs. */
export function unfinished(stack: Stack): { count: number; leaseUntil: number } {
  return inDatabase(stack, (database) => {
    const row = database
      .prepare("SELECT COUNT(*) AS count, MAX(lease_until) AS leaseUntil FROM resets WHERE state = 'sending'")
      .get();
    return { count: Number(row?.count), leaseUntil: Number(row?.leaseUntil ?? 0) };
  });
}

function inDatabase<T>(stack: Stack, work: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(stack.databaseFile(), { timeout: 10_000 });
  try {
    return work(database);
  } finally {
    database.close();
  }
}
