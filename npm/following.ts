/**
 * Follows one record at a gateway by polite polling.
 *
 * @module
 */
import { type FollowedReset, type Gateway, GatewayError } from "./gateway.js";

const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 30_000;
const GROWTH = 1.5;
/** Refused this often in a row, a record cannot be read any more; once, a session or a proxy may only have been ill. */
const MOST_REFUSALS = 3;

/** What following tells, and how it waits. */
export interface Follower {
  /** Told of each reading. */
  onRecord(record: FollowedReset): void;
  /** Told of each failed reading. `final` where following has ended because of it. */
  onProblem(problem: GatewayError, final: boolean): void;
  /**
   * Waits between readings: `ms` at most, but never less than `atLeastMs`, which the gateway asked for. Resolves early
   * where `signal` aborts.
   */
  pause(ms: number, atLeastMs: number, signal: AbortSignal): Promise<void>;
}

/**
 * Reads the record until it is closed, it cannot be read any more, or `signal` aborts.
 *
 * Pauses grow from 2 to 30 seconds and start anew when something changed.
 */
export async function follow(gateway: Gateway, id: string, follower: Follower, signal: AbortSignal): Promise<void> {
  let pauseMs = FIRST_PAUSE_MS;
  let last = "";
  let refusals = 0;
  while (!signal.aborted) {
    let atLeastMs = 0;
    try {
      const record = await gateway.reset(id, signal);
      if (signal.aborted) return;
      refusals = 0;
      follower.onRecord(record);
      if (!record.open) return;
      const seen = JSON.stringify([record.state, record.approvals]);
      if (seen !== last) pauseMs = FIRST_PAUSE_MS;
      last = seen;
    } catch (problem) {
      if (signal.aborted) return;
      const known = problem instanceof GatewayError ? problem : new GatewayError(String(problem), 0);
      refusals = isPassing(known) ? 0 : refusals + 1;
      const final = refusals >= MOST_REFUSALS;
      follower.onProblem(known, final);
      if (final) return;
      atLeastMs = known.retryAfterMs ?? 0;
    }
    // Jitter: many that began together must not ask together.
    const ms = Math.max(atLeastMs, pauseMs * (0.8 + 0.4 * Math.random()));
    await follower.pause(ms, atLeastMs, signal);
    pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * GROWTH);
  }
}

/** Whether a reading may have failed for a while only. Anything else is a refusal, an answer that is no record too. */
function isPassing({ status }: GatewayError): boolean {
  return status === 0 || status === 408 || status === 429 || status >= 500;
}
