/**
 * The caller's Idempotency-Key: what it is bound to, and the answer that it gets again.
 *
 * @module
 */
import type { ResetNote } from "fireblocks-reset-device";
import type { Person } from "../access/people";
import { CODES, GatewayError } from "../errors";
import type { StoredAnswer } from "../fireblocks/answers";
import type { Row } from "../records/row";

/** For how long a key gets its stored answer. */
const ANSWER_KEPT_MS = 24 * 3_600_000;

/** A good end: 200, or 202 for what is proposed or waits. `replayed`: the answer is the one that the same key got before. */
export interface Accepted {
  status: 200 | 202;
  recordId: string;
  requestId?: string;
  replayed: boolean;
}

/** What the caller's key is bound to. */
export async function bindingOf(person: Pick<Person, "kind" | "name">, userId: string, note: ResetNote) {
  const { reason, reference, verifiedBy, proofs, because, helpRequest, breakGlass } = note;
  const demanded = [proofs?.map(({ proof, text }) => [proof, text ?? null]), because, helpRequest, breakGlass];
  const facts = [
    ...[person.kind, person.name, userId, reason ?? null, reference ?? null, verifiedBy ?? null],
    // Keys that are older than these are bound to the same as before.
    ...(demanded.some((part) => part !== undefined) ? [demanded.map((part) => part ?? null)] : []),
  ];
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(JSON.stringify(facts)));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * The answer to a key that was used before; undefined where it was set free, to ask for the same again.
 *
 * @throws {@link GatewayError}
 */
export function replay(row: Row, binding: string, now: number): Accepted | undefined {
  if (row.binding !== binding) {
    throw new GatewayError(
      422,
      CODES.keyInUse,
      "This Idempotency-Key was used for another reset. Nothing was sent. Use a new key for a new reset.",
    );
  }
  if (row.key_held === 0) return undefined;
  const recordId = row.id;
  if (row.answer !== null && row.answered_at !== null) {
    if (now - row.answered_at > ANSWER_KEPT_MS) {
      throw new GatewayError(
        422,
        CODES.keyExpired,
        "This Idempotency-Key is older than 24 hours and not valid any more. Nothing was sent now. See what became of its reset.",
        { recordId, ...(row.outcome !== "refused" && { outcome: "unknown" }) },
      );
    }
    return storedReply(JSON.parse(row.answer) as StoredAnswer, recordId);
  }
  if (row.state === "proposed" || row.state === "waiting") return { status: 202, recordId, replayed: true };
  if (row.state === "withdrawn") {
    throw new GatewayError(409, CODES.wrongState, "This reset was withdrawn. Nothing was sent.", { recordId });
  }
  if (row.state === "stopped") {
    throw new GatewayError(
      409,
      CODES.wrongState,
      "This reset was stopped by the person whom it was for. Nothing was sent.",
      { recordId },
    );
  }
  if (row.state === "settled") {
    // A person has ended it, who may or may not have found out what became of it.
    throw new GatewayError(409, CODES.wrongState, "This reset was settled; see the record. Nothing was sent now.", {
      recordId,
      outcome: row.outcome === "notSent" ? "notSent" : "unknown",
    });
  }
  throw new GatewayError(
    409,
    CODES.keyInFlight,
    "This reset was asked for before, and its end is not known yet. Follow its record; do not ask again with a new key.",
    { recordId, outcome: "unknown" },
  );
}

function storedReply(stored: StoredAnswer, recordId: string): Accepted {
  const requestId = stored.requestId === undefined ? {} : { requestId: stored.requestId };
  if (stored.body === undefined) return { status: 200, recordId, ...requestId, replayed: true };
  const { message, code, error, outcome } = stored.body;
  throw new GatewayError(stored.status, code, message, { recordId, outcome, type: error.type, ...requestId });
}
