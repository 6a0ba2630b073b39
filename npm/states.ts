/** The states that the button shows, and the sentence for each. */

/**
 * `idle`, `confirming` and `sending` are the button's own; `notSent`, `refused` and `unknown` are a failed
 * request's outcome; the others are states of the gateway's record.
 */
export type ButtonState =
  | "idle"
  | "confirming"
  | "sending"
  | "proposed"
  | "recorded"
  | "approvalRequested"
  | "approved"
  | "awaitingPairing"
  | "awaitingSetup"
  | "completed"
  | "rejected"
  | "cancelled"
  | "expired"
  | "settled"
  | "withdrawn"
  | "notSent"
  | "refused"
  | "unknown";

const SENTENCES: Record<ButtonState, string> = {
  idle: "",
  confirming: "",
  sending: "Sending the request.",
  proposed: "Proposed. A second person must release it before Fireblocks is asked.",
  recorded: "Recorded by the gateway.",
  approvalRequested: "Approval requested. The device is not reset yet: the workspace's approvers must agree first.",
  approved: "Approved. Fireblocks is resetting the device.",
  awaitingPairing: "The device was reset. The user must now pair a device.",
  awaitingSetup: "A device is paired. Its set-up is not finished.",
  completed: "Done. The user's device is ready.",
  rejected: "Rejected by an approver. The device was not reset.",
  cancelled: "Cancelled. The device was not reset.",
  expired: "Expired without approval. The device was not reset.",
  settled: "Settled by a person. The gateway's record says how.",
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
  "settled",
  "withdrawn",
  "notSent",
  "refused",
]);

/** The sentence for a state; a state that is newer than this package is shown as it is. */
export function sentenceFor(state: string): string {
  return Object.hasOwn(SENTENCES, state) ? SENTENCES[state as ButtonState] : `State: ${state}.`;
}

/** Whether nothing follows a state, so that a new request would not be a second one. */
export function isOver(state: string): boolean {
  return OVER.has(state);
}
