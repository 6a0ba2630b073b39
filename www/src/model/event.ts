/** One line of a record's story in words. Pure. */
import type { RecordState, ResetEvent } from "fireblocks-reset-device/gateway-api";
import { RECORD_STATES, stateLabel } from "./record.ts";
import { count, exactTime } from "./time.ts";
import { readable, statusKeyLabel } from "./user.ts";

const EVENTS: Readonly<Record<string, string>> = {
  attempt: "Attempt to send",
  released: "Released by a second person",
  managerConfirmed: "Confirmed by the manager",
  left: "Its time has come",
  needsPress: "Waits for somebody to send it",
  reviewed: "Emergency reviewed",
  noAnswer: "No answer came",
  lateAnswer: "A late answer came",
  observed: "Seen in Fireblocks",
  approvals: "Approvals changed",
  userStatus: "User status changed",
  contested: "Contested by the person",
  rejectedInFireblocks: "Rejected in Fireblocks by this service",
  rejectionRefused: "Fireblocks refused the rejection",
  rejectionUnclear: "The rejection got no clear answer",
  personTold: "The person was told by mail",
  personNotTold: "The person could not be told by mail",
  notTold: "A notification could not be delivered",
};

const isState = (name: unknown): name is RecordState => RECORD_STATES.some((state) => state === name);

/** `requestId` → `Request id`. */
const words = (name: string): string => readable(name.replaceAll(/([A-Z])/g, " $1"));

export const eventLabel = (event: string): string =>
  isState(event) ? stateLabel(event).label : (EVENTS[event] ?? words(event));

type Value = string | number | boolean | null;

const inState = (value: Value): string => (isState(value) ? stateLabel(value).label : String(value));

const age = (ms: number): string => (ms < 1000 ? `${count(ms)} ms` : `${count(Math.round(ms / 1000))} s`);

/** Whether what waited for approval could be looked at before a reset was sent. */
const LOOKS: Readonly<Record<string, string>> = {
  nothingWaits: "Nothing for this user waited for approval in Fireblocks",
  notReadable: "What waited for approval in Fireblocks could not be read",
  off: "What waits for approval in Fireblocks is not looked at here",
};

/** How each fact that the worker writes is told; a name that is not here is told as it is. */
const FACTS: Readonly<Record<string, (value: Value) => string>> = {
  attempt: (value) => `Attempt ${value}`,
  status: (value) => `Answer with HTTP status ${value}`,
  code: (value) => `Error number ${value}`,
  message: String,
  because: (value) => `Because: ${value}`,
  reason: (value) => `Reason: ${value}`,
  listAgeMs: (value) => `Decided on a list of users ${age(Number(value))} old`,
  breakGlass: (value) => `The policy was overridden: ${value}`,
  roleBy: (value) => (value === "group" ? "Allowed by a group" : "Allowed by name"),
  userStatus: (value) => `User status: ${statusKeyLabel(String(value))}`,
  state: (value) => `State: ${inState(value)}`,
  stateBefore: (value) => `State before: ${inState(value)}`,
  approvals: (value) => `Approvals so far: ${value}`,
  approvalsNeeded: (value) => `Approvals needed: ${value}`,
  approvalsLook: (value) => LOOKS[String(value)] ?? `Look at the approvals: ${value}`,
  early: () => "Closed before its end was known",
  lookedInConsole: () => "Whoever closed it had looked in the Fireblocks Console",
};

/** The events, and the kinds of a late answer, after which nobody knows what Fireblocks did. */
const UNCLEAR: ReadonlySet<Value | undefined> = new Set(["unknown", "noAnswer", "unclear"]);

/**
 * The facts of an event, one sentence each. A time is left out where it is the event's own. So is the error's sentence where
 * the outcome is unclear: it advises a program what to send next, and a person with this page settles the record instead.
 */
export function eventFacts({ at, event, detail = {} }: Pick<ResetEvent, "at" | "event" | "detail">): string[] {
  const unclear = UNCLEAR.has(event) || UNCLEAR.has(detail.kind);
  return Object.entries(detail).flatMap(([name, value]) => {
    if (value === null || (name === "message" && unclear)) return [];
    const tell = FACTS[name];
    if (tell) return [tell(value)];
    if (typeof value !== "number" || !name.endsWith("At")) return [`${words(name)}: ${value}`];
    return exactTime(value) === exactTime(at) ? [] : [`${words(name)} ${exactTime(value)}`];
  });
}
