/** "This was not me", in words: for the person, and for everybody who opens the record. Pure. */
import type { Alarm, MyReset, ResetRecord, Session } from "fireblocks-reset-device/gateway-api";
import { decides } from "./session.ts";

/** What the person can still do about a reset. */
export type Protest = "stop" | "contest" | "alarm";

/** What was not sent is stopped; what was is contested; of what has ended, or was contested, an alarm is left. */
export function protestOf({ state, open, contested }: Pick<MyReset, "state" | "open" | "contested">): Protest {
  if (state === "proposed" || state === "waiting") return "stop";
  return open && contested === undefined ? "contest" : "alarm";
}

interface Asked {
  title: string;
  sentence: string;
  button: string;
}

/** The one confirmation. */
export const PROTEST: Readonly<Record<Exclude<Protest, "alarm">, Asked>> = {
  stop: {
    title: "Stop this reset?",
    sentence:
      "It is not sent to Fireblocks, now or later. Whoever looks after resets is told at once that it was not you.",
    button: "Stop it",
  },
  contest: {
    title: "Say that this was not you?",
    sentence:
      "It was sent to Fireblocks already and cannot be taken back from here. Whoever looks after resets is told at once, nothing is sent again, and this service tries to have the request rejected. Approve nothing and pair no phone that somebody asks you to.",
    button: "This was not me",
  },
};

export const NOT_ME = "This was not me";
export const NOT_NOW = "Not now";

const SECURITY = "Tell your security team now, on a number that you know.";

/** What the person reads after they have said it. */
export function protestText({
  state,
  open,
  contested,
}: Pick<MyReset, "state" | "open" | "contested">): string | undefined {
  if (state === "stopped") return "You have stopped it. Nothing was sent to Fireblocks, and nothing will be.";
  if (contested === undefined) return undefined;
  const said = "You have said that this was not you.";
  if (contested.rejection === "rejected")
    return `${said} This service has had the request rejected in Fireblocks. ${SECURITY}`;
  if (!open) return `${said} ${SECURITY}`;
  return `${said} Whoever looks after resets was told, and must have the request rejected in Fireblocks. ${SECURITY}`;
}

/** What everybody reads who opens a contested record. */
export const CONTESTED = {
  badge: "Contested",
  title: "The person says that this was not them",
  rule: "Nothing is sent again. Treat it as an attack until you know better.",
} as const;

const REJECTIONS: Readonly<Record<NonNullable<NonNullable<ResetRecord["contested"]>["rejection"]> | "none", string>> = {
  rejected: "This service has had the request rejected in Fireblocks. Look in the Console that none waits any more.",
  refused:
    "Fireblocks did not let this service reject the request: its API user may not act on it. Reject it in the Fireblocks Console now.",
  unknown:
    "This service asked Fireblocks to reject the request, and got no clear answer. Look in the Fireblocks Console now, and reject it there if it waits.",
  none: "This service has found no request that is provably this one's. Look in the Fireblocks Console now, and reject what waits for this person.",
};

/** What to do now, in order. */
export function contestedSteps(record: ResetRecord): string[] {
  const { contested, open, state, askedBy } = record;
  const whose = record.userName || record.userEmail || record.userId;
  const approved = ["approved", "awaitingPairing", "awaitingSetup", "completed"].includes(state);
  return [
    ...(open && !approved ? [REJECTIONS[contested?.rejection ?? "none"]] : []),
    ...(approved
      ? [
          "The device was reset, or is about to be. Disable the user in the Fireblocks Console, and let no phone be paired.",
        ]
      : []),
    `Talk to ${whose}, and to ${askedBy}, on numbers that you know already: was either of them impersonated?`,
    "If an admin's account was used by somebody else, pause resets and end its sessions.",
  ];
}

/** "Somebody pretends to be me". */
export const ALARM = {
  title: "Somebody pretends to be me",
  sentence:
    "Say so if somebody has asked for a reset in your name, here or elsewhere, or has called you for a code. It is looked into, and until then a new reset of your device needs two people.",
  open: "Raise an alarm…",
  about: "Raise an alarm about it…",
  label: "What have you noticed?",
  hint: "For example: a caller asked me for a code, and said that they were from IT.",
  button: "Raise the alarm",
  raised:
    "You have raised an alarm. It is looked into. Until it is closed, a new reset of your device needs two people.",
} as const;

/** For whoever looks after resets. */
export const ALARMS = {
  title: "Alarms",
  intro:
    "These people say that somebody pretends to be them. Until an alarm is closed, new resets of theirs need two people.",
  label: "What was found?",
  hint: "For example: called back on the known number. It was a test of ours.",
  button: "Close the alarm",
  done: "The alarm is closed.",
  about: "About this reset",
  record: "The reset that it is about",
  none: { title: "No alarm", sentence: "Nobody says that somebody pretends to be them." },
} as const;

export const alarmOf = ({ userName, userEmail, userId }: Alarm): string => userName || userEmail || userId;

/** The worker says no to whoever is a part of it; whom it cannot be is not even asked. */
export const mayClose = ({ raisedBy, closed }: Alarm, session: Session): boolean =>
  closed === undefined && decides(session) && raisedBy !== session.email?.toLowerCase();
