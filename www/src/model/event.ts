/** One line of a record's story in words. Pure. */
import type { RecordState, ResetEvent } from "worker/api";
import { RECORD_STATES, stateLabel } from "./record.ts";
import { count, exactTime } from "./time.ts";
import { readable, statusKeyLabel } from "./user.ts";

const EVENTS: Readonly<Record<string, string>> = {
  attempt: "Attempt to send",
  released: "Released by a second person",
  noAnswer: "No answer came",
  lateAnswer: "A late answer came",
  observed: "Seen in Fireblocks",
  approvals: "Approvals changed",
  userStatus: "User status changed",
};

const isState = (name: unknown): name is RecordState => RECORD_STATES.some((state) => state === name);

/** `requestId` → `Request id`. */
const words = (name: string): string => readable(name.replaceAll(/([A-Z])/g, " $1"));

export const eventLabel = (event: string): string =>
  isState(event) ? stateLabel(event).label : (EVENTS[event] ?? words(event));

type Value = string | number | boolean | null;

const inState = (value: Value): string => (isState(value) ? stateLabel(value).label : String(value));

const age = (ms: number): string => (ms < 1000 ? `${count(ms)} ms` : `${count(Math.round(ms / 1000))} s`);

/** The package's advice to a caller. For a person with this page it is wrong: the record is settled first. */
const ASK_AGAIN = / ?If there is none, ask again with a new idempotency key\./;

/** How each fact that the worker writes is told; a name that is not here is told as it is. */
const FACTS: Readonly<Record<string, (value: Value) => string>> = {
  attempt: (value) => `Attempt ${value}`,
  status: (value) => `Answer with HTTP status ${value}`,
  code: (value) => `Error number ${value}`,
  message: (value) => String(value).replace(ASK_AGAIN, ""),
  because: (value) => `Because: ${value}`,
  reason: (value) => `Reason: ${value}`,
  listAgeMs: (value) => `Decided on a list of users ${age(Number(value))} old`,
  roleBy: (value) => (value === "group" ? "Allowed by a group" : "Allowed by name"),
  userStatus: (value) => `User status: ${statusKeyLabel(String(value))}`,
  state: (value) => `State: ${inState(value)}`,
  stateBefore: (value) => `State before: ${inState(value)}`,
  approvals: (value) => `Approvals so far: ${value}`,
  approvalsNeeded: (value) => `Approvals needed: ${value}`,
};

/** The facts of an event, one sentence each. A time is left out where it is the event's own. */
export function eventFacts({ at, detail }: Pick<ResetEvent, "at" | "detail">): string[] {
  return Object.entries(detail ?? {}).flatMap(([name, value]) => {
    if (value === null) return [];
    const tell = FACTS[name];
    if (tell) return [tell(value)];
    if (typeof value !== "number" || !name.endsWith("At")) return [`${words(name)}: ${value}`];
    return exactTime(value) === exactTime(at) ? [] : [`${words(name)} ${exactTime(value)}`];
  });
}
