/**
 * A recorded reset is sent under the lease that its record holds.
 *
 * @module
 */
import { GatewayError } from "../errors";
import type { Row } from "../records/row";
import type { Services } from "../services";
import { withTimeLimit } from "../time-limit";
import type { Asking } from "./asking";
import { attempt } from "./attempt";
import type { Accepted } from "./caller-key";
import { DEADLINE_MS, WRITE_RESERVE_MS } from "./deadline";
import { takeFirstLook } from "./first-look";

/** A record that is durable is sent, even if writing it took most of the time. */
const LEAST_CALL_MS = 2_000;

/** Sends under the lease that the record's newest write took. The call outlives the request that began it. */
export async function send(services: Services, row: Row, asking: Asking): Promise<Accepted> {
  const { waitUntil, requestId, arrivedAt } = asking;
  const left = arrivedAt + DEADLINE_MS - WRITE_RESERVE_MS - services.now();
  const timeoutMs = Math.min(services.configuration.upstreamTimeoutMs, Math.max(LEAST_CALL_MS, left));
  const lease = { attempt: row.attempts, source: "worker", timeoutMs, requestId } as const;
  const attempting = attempt(services, row, lease, waitUntil);
  const answer = await attempting.answer;
  const answeredAt = services.now();
  // Whoever reads the record next should find the answer in it; but the answer does not wait for D1 for long.
  const recorded = await withTimeLimit(attempting.recorded, WRITE_RESERVE_MS, () => false);
  if (answer.kind !== "accepted") throw recorded ? answer.error : notWrittenDown(answer.error, row.id);
  // An outcome that could not be written down says nothing of its request either.
  if (recorded) takeFirstLook(services, row, answeredAt, waitUntil);
  return {
    status: 200,
    recordId: row.id,
    ...(answer.requestId !== undefined && { requestId: answer.requestId }),
    replayed: false,
  };
}

/** The record does not say what Fireblocks said: for the sweep it went unanswered, and whoever asks must not trust in a no. */
function notWrittenDown(error: GatewayError, recordId: string): GatewayError {
  const message = `${error.message} This answer could not be written down, so the sweep may send the request again within minutes. Look at the record before asking again.`;
  return new GatewayError(error.status, error.code, message, { ...error.details, recordId, outcome: "unknown" });
}
