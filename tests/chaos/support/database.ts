/** D1's own file, past the worker: what is durable in it, and ways to make the worker's writes fail. */
import { DatabaseSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";
import type { Stack } from "../../../scripts/stack.mjs";
import type { StoredEvent, StoredHelp, StoredHelpEvent, StoredReset } from "./verdict.ts";

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
export function readDatabase(stack: Stack): Durable {
  return inDatabase(stack, (database) => {
    const all = <T>(sql: string) => database.prepare(sql).all() as unknown as T[];
    return {
      resets: all<StoredReset>("SELECT * FROM resets ORDER BY created_at, id"),
      events: all<StoredEvent>("SELECT * FROM events ORDER BY reset_id, seq"),
      helps: all<StoredHelp>("SELECT * FROM help_requests ORDER BY created_at, id"),
      helpEvents: all<StoredHelpEvent>("SELECT * FROM help_events ORDER BY help_id, seq"),
      integrity: String(database.prepare("PRAGMA integrity_check").get()?.integrity_check),
    };
  });
}

interface Durable {
  resets: StoredReset[];
  events: StoredEvent[];
  helps: StoredHelp[];
  helpEvents: StoredHelpEvent[];
  integrity: string;
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
    Number(
      database.prepare("UPDATE outbox SET next_attempt_at = 0 WHERE delivered_at IS NULL AND given_up_at IS NULL").run()
        .changes,
    ),
  );
}

/** Attempts that are under way or were left behind, and what waits for its time; and until when the last of them runs. */
export function unfinished(stack: Stack): { count: number; until: number } {
  return inDatabase(stack, (database) => {
    const row = database
      .prepare(
        `SELECT COUNT(*) AS count, MAX(coalesce(lease_until, leaves_at)) AS until FROM resets
         WHERE state IN ('sending', 'waiting')`,
      )
      .get();
    return { count: Number(row?.count), until: Number(row?.until ?? 0) };
  });
}

/** Minutes for which the sweep is made to have been dead: more than it takes for a gap, less than anything is sent again. */
const DEAD_MINUTES = 11;

/**
 * As if the sweep had been dead for a while: its mark, and every other attempt that was left behind by the present API user,
 * are of before.
 *
 * @returns those attempts
 */
export function letSweepBeDead(stack: Stack): { id: string; attempts: number }[] {
  return inDatabase(stack, (database) => {
    const dead = DEAD_MINUTES * 60_000;
    database.prepare("UPDATE sweep_mark SET at = ?").run(Date.now() - dead);
    return database
      .prepare(
        `UPDATE resets SET requested_at = requested_at - ? WHERE id IN (SELECT id FROM (
           SELECT id, row_number() OVER (ORDER BY created_at) AS place FROM resets WHERE state = 'sending'
             AND sent_as = (SELECT sent_as FROM resets WHERE sent_as IS NOT NULL ORDER BY requested_at DESC LIMIT 1)
           ) WHERE place % 2 = 1)
         RETURNING id, attempts`,
      )
      .all(dead + 60_000)
      .map(({ id, attempts }) => ({ id: String(id), attempts: Number(attempts) }));
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
