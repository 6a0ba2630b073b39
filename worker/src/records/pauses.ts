/**
 * The pause of all resets that people set: who, when and why. A flag in D1, which no deployment undoes.
 *
 * @module
 */
import type { Pause } from "fireblocks-reset-device/gateway-api";
import { CODES, GatewayError } from "../errors";
import { bounded } from "./query";

/** Whether resets are paused, as SQL. */
export const PAUSED = "EXISTS (SELECT 1 FROM pauses WHERE ended_at IS NULL)";

export function paused(): GatewayError {
  return new GatewayError(503, CODES.paused, "Resets are paused. Nothing was sent.", {
    retryAfterSeconds: 300,
  });
}

/** What the database says to an attempt that would begin in a pause. */
export function isPauseOf(error: unknown): boolean {
  const { cause } = error as { cause?: unknown };
  return cause instanceof Error && cause.message.includes("nothing is sent while resets are paused");
}

/** The pause that has no end yet. */
export function openPause(db: D1Database): Promise<Pause | null> {
  return bounded(db.prepare("SELECT at, by, reason FROM pauses WHERE ended_at IS NULL").first<Pause>());
}

/** @returns whether this began a pause; false where there was one */
export async function beginPause(db: D1Database, { at, by, reason }: Pause): Promise<boolean> {
  const statement = db.prepare(
    `INSERT INTO pauses (at, by, reason) SELECT ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM pauses WHERE ended_at IS NULL)`,
  );
  return (await bounded(statement.bind(at, by, reason).run())).meta.changes > 0;
}

/**
 * @param pausedAt when the pause began that is to end, by which it is known; without it, whichever there is
 * @returns whether this ended a pause; false where there was none, or another
 */
export async function endPause(
  db: D1Database,
  { at, by }: Pick<Pause, "at" | "by">,
  pausedAt?: number,
): Promise<boolean> {
  const statement = db.prepare(
    "UPDATE pauses SET ended_at = ?1, ended_by = ?2 WHERE ended_at IS NULL AND (?3 IS NULL OR at = ?3)",
  );
  return (await bounded(statement.bind(at, by, pausedAt ?? null).run())).meta.changes > 0;
}
