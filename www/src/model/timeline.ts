/** A record's story as the steps from recorded to ready. Pure. */
import type { RecordState, ResetEvent, ResetRecord } from "fireblocks-reset-device/gateway-api";
import { stateText, waitsForManager } from "./record.ts";

export interface Step {
  key: string;
  label: string;
  status: "done" | "now" | "next" | "stopped" | "skipped";
  /** Epoch milliseconds, where it is known. */
  at?: number;
  source?: string;
  actor?: string;
  /** It is done, because a later step is; nobody saw it happen. */
  unseen?: boolean;
  /** It was seen of the user, and may be another request's doing. */
  suggested?: boolean;
}

/** How a step's status is read out. */
export const STEP_STATUS: Readonly<Record<Step["status"], string>> = {
  done: "Done",
  now: "In progress",
  next: "To come",
  stopped: "Ended",
  skipped: "Not done",
};

/** What is said of a step that nobody saw. */
export const UNSEEN = "Not seen itself; follows from the next step";
export const UNSEEN_SUGGESTED = "Not seen itself; suggested by the next step, not proven";

/** What is said of a step that may be another request's doing. */
export const SUGGESTED_STEP = "Suggested, not proven";

/** The way that a reset goes when nothing stops it. */
const WAY: readonly { state: RecordState; label: string; doneLabel: string }[] = [
  { state: "recorded", label: "Record the request", doneLabel: "Recorded" },
  { state: "approvalRequested", label: "Filing of the approval request", doneLabel: "Approval requested" },
  { state: "approved", label: "Approval by the workspace's approvers", doneLabel: "Approved" },
  { state: "awaitingPairing", label: "Unpairing of the old device", doneLabel: "Old device unpaired" },
  { state: "awaitingSetup", label: "Pairing of a phone", doneLabel: "New device paired" },
  { state: "completed", label: "Set-up of the phone", doneLabel: "Ready again" },
];

/** How far along the way each state is: the index of the last step that is done. */
const REACHED: Readonly<Partial<Record<RecordState, number>>> = {
  recorded: 0,
  sending: 0,
  approvalRequested: 1,
  approved: 2,
  awaitingPairing: 3,
  awaitingSetup: 4,
  completed: 5,
};

/** Ends that are not the end of the way. */
const STOPPED: ReadonlySet<RecordState> = new Set([
  "rejected",
  "cancelled",
  "expired",
  "failed",
  "refused",
  "settled",
  "stopped",
  "withdrawn",
]);

const eventOf = (events: readonly ResetEvent[], name: string): ResetEvent | undefined =>
  events.find(({ event }) => event === name);

function facts(event: ResetEvent | undefined): Pick<Step, "at" | "source" | "actor"> {
  if (!event) return {};
  return { at: event.at, source: event.source, ...(event.actor !== undefined && { actor: event.actor }) };
}

/** Whether nothing better than a suggestion was ever told of it: what is suggested at first may be proven later. */
const isSuggested = (events: readonly ResetEvent[], name: string | undefined): boolean =>
  events.findLast(({ event }) => event === name)?.detail?.evidence === "suggested";

/** The farthest step that the events tell of, for records that did not go to the end. */
function reachedByEvents(events: readonly ResetEvent[]): number {
  return events.reduce((farthest, { event }) => Math.max(farthest, REACHED[event as RecordState] ?? -1), -1);
}

export function timeline(record: ResetRecord): Step[] {
  const events = record.events ?? [];
  const onTheWay = REACHED[record.state];
  const reached = onTheWay ?? reachedByEvents(events);
  const steps: Step[] = [];

  const proposed = eventOf(events, "proposed");
  if (proposed || record.state === "proposed") {
    const waiting = record.state === "proposed";
    steps.push({
      key: "proposed",
      label: "Proposed",
      status: "done",
      at: record.createdAt,
      actor: record.askedBy,
      ...facts(proposed),
    });
    const confirmed = eventOf(events, "managerConfirmed");
    const askedManager = record.state === "proposed" && waitsForManager(record);
    if (confirmed || askedManager) {
      steps.push({
        key: "managerConfirmed",
        label: confirmed ? "Confirmed by the manager" : "Confirmation by the manager",
        status: confirmed ? "done" : "now",
        ...facts(confirmed),
      });
    }
    const released = eventOf(events, "released");
    // Where nobody but the manager was needed, nobody releases it.
    const byPerson = record.demands === undefined || record.demands.secondPerson || released !== undefined;
    if (record.state !== "withdrawn" && byPerson) {
      steps.push({
        key: "released",
        label: waiting ? "Release by a second person" : "Released by a second person",
        status: waiting ? (askedManager ? "next" : "now") : record.releasedBy || released ? "done" : "skipped",
        ...(record.releasedBy !== undefined && { actor: record.releasedBy }),
        ...facts(released),
      });
    }
  }

  const waited = eventOf(events, "waiting");
  if (waited || record.state === "waiting") {
    if (steps.length === 0) {
      steps.push({ key: "recorded", label: "Recorded", status: "done", at: record.createdAt, actor: record.askedBy });
    }
    const waits = record.state === "waiting";
    const ended = STOPPED.has(record.state) && record.attempts === 0;
    steps.push({
      key: "waiting",
      label: waits ? "Wait before it is sent" : ended ? "Wait, cut short" : "Waited",
      status: waits ? "now" : ended ? "skipped" : "done",
      ...(waits && record.leavesAt !== undefined ? { at: record.leavesAt } : facts(waited)),
    });
  }

  const nextSeen = (index: number) => WAY.slice(index + 1).find(({ state }) => eventOf(events, state))?.state;
  WAY.forEach(({ state, label, doneLabel }, index) => {
    // A proposal has its own first step.
    if (index === 0 && steps.length > 0) return;
    const event = eventOf(events, state);
    const done = index <= reached;
    // What lies beyond the stop will not happen.
    if (!done && STOPPED.has(record.state)) return;
    steps.push({
      key: state,
      label: done ? doneLabel : label,
      status: done ? "done" : onTheWay !== undefined && index === reached + 1 ? "now" : "next",
      ...(done && index > 0 && record.events && !event && { unseen: true }),
      // What was not seen is no surer than the step from which it follows.
      ...(done && isSuggested(events, event ? state : nextSeen(index)) && { suggested: true }),
      ...(index === 0 && { at: record.createdAt, actor: record.askedBy, source: "worker" }),
      ...facts(event),
    });
  });

  const unknown = events.findLast(({ event: name }) => name === "unknown");
  if (STOPPED.has(record.state)) {
    // What a person has settled was not known before.
    if (record.state === "settled" && unknown) {
      steps.push({ key: "unknown", label: "Outcome unknown", status: "done", ...facts(unknown) });
    }
    const event = events.findLast(({ event: name }) => name === record.state);
    steps.push({
      key: record.state,
      label: stateText(record).label,
      status: "stopped",
      at: record.updatedAt,
      ...facts(event),
    });
  } else if (record.state === "unknown") {
    const at = steps.findIndex(({ status }) => status !== "done");
    steps.splice(at === -1 ? steps.length : at, 0, {
      key: "unknown",
      label: "Outcome unknown",
      status: "now",
      at: record.updatedAt,
      ...facts(unknown),
    });
  }
  return steps;
}
