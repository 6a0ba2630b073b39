/** A request that this browser has sent, or was about to, and the words for each phase of it. Pure. */
import type { Problem } from "../gateway/problem.ts";
import { explain } from "./explain.ts";

export type Request = { userId: string; userName: string; userEmail: string; confirmedAt: number } & (
  | { phase: "sending" }
  /** Another tab of this browser is sending it. */
  | { phase: "elsewhere" }
  /** The page was left in flight, or no answer came; the worker's records are being looked through. */
  | { phase: "looking" }
  /** Recorded: its story is told by its record. `mine` is false where it was refused because of that record. */
  | { phase: "recorded"; recordId: string; mine: boolean }
  /** Fireblocks, or the worker, accepted it without naming a record. */
  | { phase: "accepted"; requestId?: string }
  /** Nothing was filed. */
  | { phase: "failed"; problem: Problem }
  /** No answer came, and the worker's records could not be looked through. */
  | { phase: "unknown"; problem: Problem; idempotencyKey: string }
  /** The worker has no record of it, or could not write one. It records before it sends: nothing went to Fireblocks. */
  | { phase: "lost" }
);

export interface PhaseText {
  title: string;
  sentences: string[];
  /** Something is under way; nothing is expected of the person. */
  busy?: boolean;
}

/** Where a request is. `whom` is named where nothing around the words does. */
export function phaseText(request: Request, whom?: string): PhaseText {
  const it = whom === undefined ? "the request" : `the reset request for ${whom}`;
  const It = it.replace("the", "The");
  switch (request.phase) {
    case "sending":
      return {
        title: `Sending ${it}.`,
        sentences: ["Nothing more is needed from you. If you leave, close or reload this page, it is found again."],
        busy: true,
      };
    case "elsewhere":
      return { title: `Another tab of this browser is sending ${it}.`, sentences: ["It is sent once."], busy: true };
    case "looking":
      return { title: `Looking for the record of ${it}.`, sentences: ["It was under way."], busy: true };
    case "recorded":
      return request.mine
        ? { title: `${It} is recorded.`, sentences: [] }
        : {
            title: `${It} was not taken.`,
            sentences: ["There is a record of this user's reset already, and nothing new was filed."],
          };
    case "accepted":
      return {
        title: `An approval request${whom === undefined ? "" : ` for ${whom}`} was filed.`,
        sentences: ["The device is not reset yet: the workspace's approvers have to approve it."],
      };
    case "failed": {
      const { what, effect } = explain(request.problem);
      return { title: `${It} failed.`, sentences: effect === undefined ? [what] : [what, effect] };
    }
    case "lost":
      return {
        title: `${It} did not arrive.`,
        sentences: [
          "This service has not recorded it. It records before it sends, so nothing was sent to Fireblocks.",
          "Send it again: it carries the same key, so that it can count only once.",
        ],
      };
    case "unknown":
      return {
        title: `It is not clear what happened${whom === undefined ? "" : ` to ${it}`}.`,
        sentences: [
          "No clear answer came, and this service could not be asked for its record. An approval request may or may not have been filed.",
          "Do not ask for another reset. Look again when the service can be reached; the request is found by its record.",
        ],
      };
  }
}
