/**
 * What a request of the approvals API says of itself. Its payload is documented as a JSON text; where it comes as the object
 * that the text would hold, it is read all the same, since what is not read would be taken for nothing.
 *
 * @module
 */
import type { ApprovalRequestItem } from "fireblocks-reset-device";
import { isTime } from "./time";

/** Nested deeper than this nothing is looked for. */
const DEEPEST = 16;

/** An item with its payload as the text that everything beyond this expects. What is no item says nothing, and stays one. */
export function withTextPayload(item: unknown): ApprovalRequestItem {
  if (typeof item !== "object" || item === null) return {};
  const { requestPayload: payload, ...others } = item as Record<string, unknown>;
  if (payload === undefined || payload === null) return others;
  return { ...others, requestPayload: typeof payload === "string" ? payload : JSON.stringify(payload) };
}

/** A request's own id and when it was filed and runs out, by Fireblocks' clock, epoch milliseconds. */
export interface RequestFacts {
  id: string;
  at: number;
  expiresAt?: number;
}

/** Undefined where it does not tell both its id and its time. */
export function requestIn({ requestPayload }: ApprovalRequestItem): RequestFacts | undefined {
  const payload = parsed(requestPayload ?? "");
  if (typeof payload !== "object" || payload === null) return undefined;
  const { requestId, requestTimestamp, expiresAt } = payload as Record<string, unknown>;
  if (typeof requestId !== "string" || typeof requestTimestamp !== "number") return undefined;
  // This one of the two is in seconds.
  const end = typeof expiresAt === "number" ? Math.round(expiresAt * 1_000) : undefined;
  return { id: requestId, at: requestTimestamp, ...(isTime(end) && { expiresAt: end }) };
}

/** Every text and name in a request's payload, also in texts that are JSON themselves: where what stands is not documented. */
export function textsIn({ requestPayload }: ApprovalRequestItem): Set<string> {
  const texts = new Set<string>();
  collect(requestPayload, texts, DEEPEST);
  return texts;
}

function collect(node: unknown, texts: Set<string>, deeper: number): void {
  if (deeper === 0) return;
  if (typeof node === "string") {
    texts.add(node);
    if (/^\s*[{["]/.test(node)) collect(parsed(node), texts, deeper - 1);
  } else if (typeof node === "object" && node !== null) {
    for (const [name, value] of Object.entries(node)) {
      texts.add(name);
      collect(value, texts, deeper - 1);
    }
  }
}

/** Undefined for what is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
