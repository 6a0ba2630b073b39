/** Resets that were possibly made elsewhere, in words: no more than was seen. Pure. */
import type { ElsewhereReset, Session } from "fireblocks-reset-device/gateway-api";
import type { ReasonWords } from "./decision.ts";
import { exactTime } from "./time.ts";

export type Verdict = NonNullable<ElsewhereReset["decision"]>["verdict"];

export const ELSEWHERE = {
  title: "Possibly made elsewhere",
  intro: "No record of this service accounts for these. Ask whoever is named, then say of each whether it is known.",
  more: "There are older ones. These are the newest.",
  /** What a stolen key looks like. */
  ownKey:
    "This was filed with this service's own API key. Somebody else may have the key: unless a colleague can explain it, pause all resets and have the key replaced.",
} as const;

/** Whether this person may say something of it; the service knows for certain. */
export const seesElsewhere = ({ roles }: Pick<Session, "roles">): boolean =>
  roles.some((role) => role === "resetter" || role === "auditor");

const actorOf = ({ actor, actorId }: NonNullable<ElsewhereReset["request"]>): string => actor || actorId || "somebody";

const userOf = ({ userEmail, userId }: NonNullable<ElsewhereReset["fall"]>): string => userEmail ?? userId;

/** What it is called, in a heading and to a screen reader. */
export function elsewhereTitle({ request, fall }: ElsewhereReset): string {
  if (request?.byOurKey) return "A request with this service's own key";
  if (request !== undefined) return `A request by ${actorOf(request)}`;
  return `A device that is gone: ${fall === undefined ? "somebody's" : userOf(fall)}`;
}

/** What was seen, a sentence each. */
export function elsewhereSeen({ request, fall }: ElsewhereReset): string[] {
  const seen: string[] = [];
  if (request !== undefined) {
    const by = request.byOurKey ? `this service's API user, ${actorOf(request)}` : actorOf(request);
    seen.push(
      `Fireblocks' audit log: ${by} asked for the reset of a device, ${exactTime(request.at)}. The log does not say whose.`,
    );
  }
  if (fall !== undefined) {
    seen.push(
      `User status: ${userOf(fall)} had a device at ${exactTime(fall.readyAt)}, and none that is set up at ${exactTime(fall.at)}.`,
    );
    seen.push(
      request === undefined
        ? "No request for it was found in the audit log."
        : "That this request was for them is likely, not proven.",
    );
  } else {
    seen.push("No device has been seen to go since: it may still wait for its approvers.");
  }
  return seen;
}

interface VerdictWords extends ReasonWords {
  /** The button that opens the form. */
  open: string;
  /** What follows from it. */
  after: string;
  /** Said when it is written down. */
  done: string;
}

export const VERDICTS: Readonly<Record<Verdict, VerdictWords>> = {
  known: {
    open: "Known…",
    label: "Whose was it, and how do you know?",
    hint: "For example: Jonas did it in the Console for a colleague on call. I have called him.",
    button: "It is known",
    after: "It is written down with your name, and not asked about again.",
    done: "Written down as known.",
  },
  notKnown: {
    open: "Not known…",
    label: "Whom have you asked?",
    hint: "For example: called Jonas and the help desk. Neither knows of it.",
    button: "It is not known",
    after:
      "It is written down with your name, and nothing else happens by itself. Tell your security team now. In the Fireblocks Console: reject the request if it still waits, and disable the user if a device is gone.",
    done: "Written down as not known. Tell your security team now.",
  },
};
