/**
 * What Fireblocks' answer to a reset means for its record, and for the person who asked.
 *
 * @module
 */
import { FireblocksError } from "fireblocks-reset-device";
import type { ApiError } from "fireblocks-reset-device/gateway-api";
import { CODES, GatewayError } from "../errors";
import { CoolingDown } from "./cool-down";

/** The answer to an attempt. */
export type Answer =
  /** An approval request was filed. */
  | { kind: "accepted"; requestId?: string }
  /** Fireblocks said no. `final`: the same request would get the same answer. */
  | { kind: "refused"; final: boolean; error: GatewayError; upstreamStatus?: number }
  /** Nothing left this worker. */
  | { kind: "notSent"; error: GatewayError }
  /** The request may have arrived; no answer came. The same key may be sent again. */
  | { kind: "noAnswer"; error: GatewayError }
  /** An answer came that leaves it open whether anything was filed. */
  | { kind: "unclear"; error: GatewayError; upstreamStatus?: number };

/** Statuses that are never final: too many requests, a key or clock that will be put right, and a request not understood. */
const PASSING = new Set([400, 401, 422, 429]);

export function answerOf(error: unknown, recordId: string): Answer {
  if (error instanceof CoolingDown) {
    const { retryAfterSeconds } = error;
    const details = { recordId, outcome: "notSent", retryAfterSeconds, cause: error } as const;
    return { kind: "notSent", error: new GatewayError(429, CODES.coolDown, error.message, details) };
  }
  if (!(error instanceof FireblocksError)) {
    return {
      kind: "noAnswer",
      error: unknownOutcome(504, "The worker failed while it waited for Fireblocks.", recordId),
    };
  }
  const details = {
    recordId,
    ...(error.requestId !== undefined && { requestId: error.requestId }),
    ...(error.type !== undefined && { type: error.type }),
    cause: error,
  };
  const upstreamStatus = error.status === undefined ? {} : { upstreamStatus: error.status };
  if (error.outcome === "notSent") {
    const refusal = new GatewayError(500, CODES.upstream, error.message, { ...details, outcome: "notSent" });
    return { kind: "notSent", error: refusal };
  }
  if (error.outcome === "refused") {
    const refusal = refusalOf(error, details);
    const final = !PASSING.has(error.status ?? 401) && error.type !== "VALIDATION";
    return { kind: "refused", final, error: refusal, ...upstreamStatus };
  }
  if (error.status === undefined) {
    const status = error.kind === "timeout" ? 504 : 502;
    return { kind: "noAnswer", error: unknownOutcome(status, error.message, recordId, error) };
  }
  return { kind: "unclear", error: unknownOutcome(502, error.message, recordId, error), ...upstreamStatus };
}

/**
 * Fireblocks' refusal, passed on. Its 401 is about this worker's own key: passed on as it is, it would tell the
 * person to sign in again.
 */
function refusalOf(error: FireblocksError, details: ConstructorParameters<typeof GatewayError>[3]): GatewayError {
  const code = error.code ?? CODES.upstream;
  if (error.status === undefined || error.status === 401) {
    return new GatewayError(
      500,
      code,
      `Fireblocks does not accept this gateway's own credentials. ${error.message}`,
      details,
    );
  }
  const wait = error.retryAfterMs;
  return new GatewayError(error.status, code, error.message, {
    ...details,
    ...(error.status === 429 && { retryAfterSeconds: Math.max(1, Math.ceil((wait ?? 60_000) / 1_000)) }),
  });
}

function unknownOutcome(status: number, message: string, recordId: string, cause?: FireblocksError): GatewayError {
  return new GatewayError(status, cause?.code ?? CODES.upstream, message, {
    outcome: "unknown",
    recordId,
    ...(cause?.requestId !== undefined && { requestId: cause.requestId }),
    cause,
  });
}

/** A failed look at Fireblocks, for the person who waits for what was to be seen. Nothing was changed by it. */
export function readingFailed(error: unknown, what: string): GatewayError {
  if (error instanceof GatewayError) return error;
  if (error instanceof CoolingDown) return coolingDown(error);
  if (!(error instanceof FireblocksError)) {
    return new GatewayError(502, CODES.upstream, `${what} could not be read from Fireblocks.`, { cause: error });
  }
  const details = { ...(error.requestId !== undefined && { requestId: error.requestId }), cause: error };
  if (error.kind === "configuration") {
    const message = `This gateway's own key cannot be used: ${error.message} Nothing was sent.`;
    return new GatewayError(503, CODES.configuration, message, { ...details, retryAfterSeconds: 60 });
  }
  // Not what the person may do, but what this worker's key may: a 403 of ours would say the opposite.
  if (["authentication", "forbidden", "loading"].includes(error.kind)) {
    const message = `Fireblocks does not let this gateway read: ${error.message}`;
    // The type tells a refused key from a Fireblocks that cannot be reached.
    const type = error.kind === "forbidden" ? "FORBIDDEN" : "AUTHENTICATION";
    return new GatewayError(500, error.code ?? CODES.upstream, message, { ...details, type });
  }
  if (error.kind === "rateLimited") return refusalOf(error, details);
  const status = error.kind === "timeout" ? 504 : 502;
  return new GatewayError(status, error.code ?? CODES.upstream, `${what} could not be read. ${error.message}`, details);
}

/** Fireblocks was not asked at all. */
export function coolingDown(cause: CoolingDown): GatewayError {
  const { message, retryAfterSeconds } = cause;
  return new GatewayError(429, CODES.coolDown, `${message} Nothing was sent.`, { retryAfterSeconds, cause });
}

/** An answer that the same key gets again for 24 hours. */
export interface StoredAnswer {
  status: number;
  requestId?: string;
  body?: ApiError;
}

export function storedAnswer(answer: Answer): StoredAnswer | undefined {
  if (answer.kind === "accepted") {
    return { status: 200, ...(answer.requestId !== undefined && { requestId: answer.requestId }) };
  }
  if (answer.kind !== "refused" || !answer.final) return undefined;
  const { requestId } = answer.error.details;
  return { status: answer.error.status, body: answer.error.body(), ...(requestId !== undefined && { requestId }) };
}
