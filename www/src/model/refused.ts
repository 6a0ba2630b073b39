/** What was refused to whom, in words. Pure. */
import type { RefusedAttempt } from "fireblocks-reset-device/gateway-api";
import { count } from "./time.ts";

/** The user or the record that an attempt was about. */
export type Subject = { kind: "user" | "record"; id: string } | undefined;

const ACTIONS: Readonly<Record<string, string>> = {
  reset: "Ask for a reset",
  release: "Release a reset",
  withdraw: "Withdraw a proposal",
  settle: "Settle or close a record",
  send: "Send what has waited",
  review: "Review an emergency",
  confirm: "Confirm a reset as the person's manager",
  match: "Match a code",
  stop: "Stop a reset as its person",
  alarm: "Raise an alarm",
  closeAlarm: "Close an alarm",
  decideElsewhere: "Say of a reset made elsewhere whether it is known",
  pause: "Pause all resets",
  resume: "Resume resets",
  export: "Export the records",
};

const OF_RECORDS = new Set(["release", "send", "withdraw", "settle", "review", "confirm", "stop"]);

/** An action that this page does not know yet is shown by the worker's word for it. */
export const actionLabel = ({ action }: Pick<RefusedAttempt, "action">): string => ACTIONS[action] ?? action;

export function subjectOf({ action, subject }: Pick<RefusedAttempt, "action" | "subject">): Subject {
  if (subject === undefined) return undefined;
  if (action === "reset") return { kind: "user", id: subject };
  // Those of other actions have no page of their own.
  return OF_RECORDS.has(action) ? { kind: "record", id: subject } : undefined;
}

/** By the worker's numbers (worker/src/errors.ts): why not, as said of somebody else. */
const WHY: Readonly<Record<number, string>> = {
  1003: "There is no such record, or it is not theirs to answer.",
  1103: "They do not have the role for it.",
  1104: "The request came from another site, or from no page of this service.",
  1201: "This workspace has no user with this id.",
  1202: "The Owner's device cannot be reset here.",
  1203: "It was their own device.",
  1204: "The user is an API user, without a device.",
  1205: "The user's role has no mobile device.",
  1206: "The user is disabled.",
  1207: "The user has not finished registration.",
  1208: "Their sign-in matches no user of this workspace.",
  1209: "Service tokens may not do this here.",
  1210: "Their own user in this workspace is disabled, not activated or an API user.",
  1302: "A request for this user waited in Fireblocks already.",
  1303: "The idempotency key was that of another reset.",
  1307: "It takes another person than the one who asked.",
  1309: "What waits in Fireblocks could not be read, and nobody had looked in the Console.",
  1310: "It lacked what the policy demands.",
  1311: "The policy forbids it.",
  1312: "They may not override the policy.",
  1313: "The request for help that they named proved nothing for them.",
  1314: "It would have left too few admins, while another admin's reset was open.",
  1323: "It was not what the person's screen showed.",
  1401: "They asked faster than is allowed.",
  1402: "They had asked for as many resets that day as one person may.",
  1403: "As many resets had been asked for that day as this workspace allows.",
};

/** A number that this page does not know yet is shown as it is. */
export const whyRefused = ({ code }: Pick<RefusedAttempt, "code">): string =>
  WHY[code] ?? `Refused with the code ${code}.`;

/** How often the same was tried on one day; empty for once. The worker counts no further than a thousand. */
export function timesText({ count: times }: Pick<RefusedAttempt, "count">): string {
  if (times < 2) return "";
  return times >= 1_000 ? `${count(1_000)} times or more` : `${count(times)} times`;
}

export const attemptsText = (attempts: number, more: boolean): string =>
  `${count(attempts)} ${attempts === 1 ? "attempt" : "attempts"}${more ? " so far" : ""}`;

export const NONE_REFUSED = {
  title: "Nothing was refused",
  sentence: "Whoever tries what they may not is listed here: who, what, when and why not.",
};
