/** The states that the button shows, and the sentence for each. */
import type { RecordState } from "./gateway-api.js";
import type { Outcome, ProgressEvidence } from "./index.js";

/** `idle` and `confirming` are the button's own; the others are a failed request's outcome, or states of the record. */
export type ButtonState = "idle" | "confirming" | Outcome | RecordState;

const SENTENCES: Record<ButtonState, string> = {
  idle: "",
  confirming: "",
  sending: "Sending the request.",
  proposed: "Proposed. A second person must release it before Fireblocks is asked.",
  waiting: "Waiting. All that is demanded is there; Fireblocks is asked when the wait is over.",
  recorded: "Recorded by the gateway.",
  approvalRequested: "Approval requested. The device is not reset yet: the workspace's approvers must agree first.",
  approved: "Approved. Fireblocks is resetting the device.",
  awaitingPairing: "The device was reset. The user must now pair a device.",
  awaitingSetup: "A device is paired. Its set-up is not finished.",
  completed: "Done. The user's device is ready.",
  rejected: "Rejected by an approver. The device was not reset.",
  cancelled: "Cancelled. The device was not reset.",
  expired: "Expired without approval. The device was not reset.",
  failed: "Failed: Fireblocks could not carry it out. Look at the user's device before asking again.",
  settled: "Settled by a person. The gateway's record says how.",
  stopped: "Stopped by the user whom it was for. Fireblocks was not asked.",
  withdrawn: "Withdrawn. Fireblocks was not asked.",
  notSent: "Not sent. Fireblocks has seen nothing.",
  refused: "Refused. No approval request was filed.",
  unknown: "Not known. An approval request may exist: look in the Fireblocks Console before asking again.",
};

/** States after which the same user may be reset anew. */
const OVER: ReadonlySet<string> = new Set<ButtonState>([
  "idle",
  "completed",
  "rejected",
  "cancelled",
  "expired",
  "failed",
  "settled",
  "stopped",
  "withdrawn",
  "notSent",
  "refused",
]);

/** The sentence for a state, and how sure it is; a state that is newer than this package is shown as it is. */
export function sentenceFor(state: string, evidence?: ProgressEvidence): string {
  const sentence = Object.hasOwn(SENTENCES, state) ? SENTENCES[state as ButtonState] : `State: ${state}.`;
  return evidence === "suggested" ? `${sentence} Suggested, not proven: it may be another request's doing.` : sentence;
}

/** Whether nothing follows a state, so that a new request would not be a second one. */
export function isOver(state: string): boolean {
  return OVER.has(state);
}
