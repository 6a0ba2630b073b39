/**
 * When the sweep ran last, and until when no early run begins. Only the sweep writes it.
 *
 * @module
 */
import { bounded } from "./store";

/** A sweep that comes after more than this has stopped in between, or its database was restored. */
const GAP_MS = 10 * 60_000;

export interface Run {
  /** What was asked for before this is not sent again. */
  resendAfter: number;
  /** Whether there was a gap before this run. */
  afterGap: boolean;
  /** Whether what Fireblocks knows and the records do not is still to be looked for. */
  lookDue: boolean;
}

/** Marks the beginning of a run. */
export async function markRun(db: D1Database, now: number): Promise<Run> {
  const [before, after] = await bounded(
    db.batch<{ at: number; resend_after: number; look_due: 0 | 1 }>([
      db.prepare("SELECT at, resend_after FROM sweep_mark"),
      db
        .prepare(
          `UPDATE sweep_mark SET resend_after = iif(at < ?1 - ?2, at, resend_after),
             look_due = max(look_due, at < ?1 - ?2), at = max(at, ?1)
           RETURNING at, resend_after, look_due`,
        )
        .bind(now, GAP_MS),
    ]),
  );
  const lastAt = before?.results[0]?.at ?? now;
  const [mark] = after?.results ?? [];
  return { resendAfter: mark?.resend_after ?? 0, afterGap: lastAt < now - GAP_MS, lookDue: mark?.look_due === 1 };
}

/** The look after a gap was made. */
export async function markLooked(db: D1Database): Promise<void> {
  await bounded(db.prepare("UPDATE sweep_mark SET look_due = 0").run());
}

/** Longer than the runtime lets an early run go on (30 s): after it, one that is not over has died. */
const EARLY_LEASE_MS = 60_000;
/** From the end of an early run to the next. */
const EARLY_PAUSE_MS = 10_000;

/** @returns until when nobody else begins an early run; undefined where somebody has just begun or made one */
export async function beginEarlyRun(db: D1Database, now: number): Promise<number | undefined> {
  const until = now + EARLY_LEASE_MS;
  // One that lies further ahead than any lease, isolates' clocks allowed for, is of a clock that has gone back.
  const statement = db.prepare("UPDATE sweep_mark SET early_until = ? WHERE early_until <= ? OR early_until > ?");
  const { meta } = await bounded(statement.bind(until, now, now + 2 * EARLY_LEASE_MS).run());
  return meta.changes === 1 ? until : undefined;
}

/** @param until what {@link beginEarlyRun} gave */
export async function endEarlyRun(db: D1Database, until: number, now: number): Promise<void> {
  const statement = db.prepare("UPDATE sweep_mark SET early_until = ? WHERE early_until = ?");
  await bounded(statement.bind(now + EARLY_PAUSE_MS, until).run());
}

/** What health looks at. */
export interface SweepState {
  at: number;
  /** Until when the oldest attempt was to be under way that nobody has finished since. */
  oldest_lease: number | null;
  paused: 0 | 1;
  /** Notifications that wait for a destination that is there no more. */
  untold: number;
}

export function readSweepState(
  db: D1Database,
  destinations: readonly string[],
  now: number,
): Promise<SweepState | null> {
  const statement = db.prepare(
    `SELECT at, (SELECT MIN(lease_until) FROM resets WHERE state = 'sending' AND lease_until < ?) AS oldest_lease,
       EXISTS (SELECT 1 FROM pauses WHERE ended_at IS NULL) AS paused,
       (SELECT COUNT(*) FROM (SELECT 1 FROM outbox WHERE delivered_at IS NULL AND given_up_at IS NULL
         AND destination NOT IN (SELECT value FROM json_each(?)) LIMIT 1000)) AS untold
     FROM sweep_mark`,
  );
  return bounded(statement.bind(now, JSON.stringify(destinations)).first<SweepState>());
}
