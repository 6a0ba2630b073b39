/**
 * One attempt: the call to Fireblocks, made only under a lease, and the write of what came of it.
 *
 * @module
 */
import type { EventSource } from "fireblocks-reset-device/gateway-api";
import { type Answer, answerOf, storedAnswer } from "../fireblocks/answers";
import type { WaitUntil } from "../fireblocks/shared";
import { errorName } from "../log";
import type { Row } from "../records/row";
import type { Change } from "../records/store";
import type { Services } from "../services";

/**
 * How long an attempt is taken to be under way. Longer than the worker's deadline and the 30 seconds that the runtime
 * leaves to `waitUntil`, so that a second attempt never starts while the first may still be sending.
 */
export const LEASE_MS = 75_000;

/** Which attempt, and who makes it. */
export interface Lease {
  attempt: number;
  source: EventSource;
  /** Milliseconds until the call is given up. */
  timeoutMs: number;
  requestId?: string | undefined;
}

/** What an attempt gives: the true answer, and the end of its being written down. Neither rejects. */
export interface Attempting {
  answer: Promise<Answer>;
  /** False where the record does not say what the answer says: it could not be written, or came too late. */
  recorded: Promise<boolean>;
}

/** Calls Fireblocks and writes down the answer; goes on after the request that began it has gone. */
export function attempt(services: Services, row: Row, lease: Lease, waitUntil: WaitUntil): Attempting {
  const answer = call(services, row, lease, waitUntil);
  const recorded = answer.then((known) => writeDown(services, row, known, lease));
  waitUntil(recorded);
  return { answer, recorded };
}

async function writeDown(services: Services, row: Row, answer: Answer, lease: Lease): Promise<boolean> {
  const facts = {
    recordId: row.id,
    attempt: lease.attempt,
    outcome: answer.kind,
    requestId: lease.requestId,
    fireblocksRequestId: requestIdOf(answer),
  };
  try {
    const now = services.now();
    const { row: after } = await services.records.change(
      row.id,
      (current) => changeFor(current, answer, lease, now),
      row,
    );
    services.log({ level: "info", event: "attempt", ...facts });
    return after.ended_attempt === lease.attempt;
  } catch (error) {
    services.log({ level: "error", event: "outcomeNotRecorded", ...facts, error: errorName(error) });
    return false;
  }
}

async function call(services: Services, row: Row, lease: Lease, waitUntil: WaitUntil): Promise<Answer> {
  try {
    const receipt = await services.fireblocks.resetDevice(row.user_id, row.upstream_key, lease.timeoutMs, waitUntil);
    return { kind: "accepted", ...(receipt.requestId !== undefined && { requestId: receipt.requestId }) };
  } catch (error) {
    return answerOf(error, row.id);
  }
}

function requestIdOf(answer: Answer): string | undefined {
  return answer.kind === "accepted" ? answer.requestId : answer.error.details.requestId;
}

/** The change that an answer makes to its record; undefined where it was written before. */
function changeFor(row: Row, answer: Answer, lease: Lease, now: number): Change | undefined {
  const requestId = requestIdOf(answer);
  const error = answer.kind === "accepted" ? undefined : answer.error;
  const upstreamStatus = "upstreamStatus" in answer ? answer.upstreamStatus : undefined;
  const detail = {
    attempt: lease.attempt,
    ...(answer.kind === "accepted" ? { status: 200 } : upstreamStatus !== undefined && { status: upstreamStatus }),
    ...(requestId !== undefined && { requestId }),
    ...(error !== undefined && { code: error.code, message: error.message }),
  };
  const source: EventSource = answer.kind === "notSent" || answer.kind === "noAnswer" ? lease.source : "fireblocks";

  // The write was made before, and only its answer was lost.
  if (row.ended_attempt === lease.attempt) return undefined;
  const isNewest = row.attempts === lease.attempt && row.state === "sending";
  if (!isNewest) {
    // The record went on without this answer: it is kept as an event and overwrites nothing.
    return { set: {}, event: { event: "lateAnswer", source, detail: { ...detail, kind: answer.kind } } };
  }
  if (answer.kind !== "accepted" && leavesOpen(answer, lease)) {
    // The lease stays until it runs out: the request may still be on its way. Then the sweep may send again.
    return {
      set: { ended_attempt: lease.attempt, outcome: "unknown", message: answer.error.message },
      event: { event: "noAnswer", source, detail },
    };
  }

  const answered = {
    ended_attempt: lease.attempt,
    lease_until: null,
    answered_at: now,
    request_id: requestId ?? null,
    message: error?.message ?? null,
  };
  if (answer.kind === "accepted") {
    return {
      set: {
        ...answered,
        state: "approvalRequested",
        outcome: "accepted",
        evidence: "proven",
        answer: JSON.stringify(storedAnswer(answer)),
      },
      event: { event: "approvalRequested", source, detail },
    };
  }
  if (answer.kind === "unclear" || lease.attempt > 1) {
    // An earlier attempt went unanswered: nothing but a success tells what became of that one.
    return { set: { ...answered, state: "unknown", outcome: "unknown" }, event: { event: "unknown", source, detail } };
  }
  const stored = storedAnswer(answer);
  return {
    set: {
      ...answered,
      state: "refused",
      open: 0,
      closed_at: now,
      outcome: answer.error.outcome,
      answer: stored === undefined ? null : JSON.stringify(stored),
      // An answer that may change sets the caller's key free, to ask again with.
      ...(stored === undefined && { key_held: 0 as const }),
    },
    event: { event: "refused", source, detail },
  };
}

/**
 * Whether the record stays as it is, to be sent again: no answer came. Any answer but a success, after an attempt
 * without one, is for a person to judge.
 */
function leavesOpen(answer: Exclude<Answer, { kind: "accepted" }>, lease: Lease): boolean {
  return answer.kind === "noAnswer" || (answer.kind === "notSent" && lease.attempt > 1);
}
