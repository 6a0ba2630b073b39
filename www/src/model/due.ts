/** Who is awaited until when, and what happens then, in words. Pure. */
import type { Due, MyReset, ResetRecord } from "fireblocks-reset-device/gateway-api";
import { canBeReleased, waitsForManager, whom } from "./record.ts";
import { exactTime, timeToWait } from "./time.ts";

/** How long the service tries to send what is due, or waits for a press (worker/src/resets/waiting.ts). Milliseconds. */
export const LATE = 60 * 60_000;

export const isLate = (leavesAt: number, now: number): boolean => now - leavesAt > LATE;

export const DUE = {
  title: "Due next",
  intro: "These go on in Fireblocks. What ends first comes first.",
} as const;

/** Who, at the beginning of a sentence. */
function awaitedOf(record: ResetRecord, { awaited }: Due): string {
  switch (awaited) {
    case "secondPerson":
      if (!waitsForManager(record)) return "Another admin";
      return `The manager of ${whom(record)}${canBeReleased(record) ? ", or another admin," : ""}`;
    case "departure":
      return "This service";
    case "approvers":
      return "The workspace's approvers";
    case "owner":
      return "The workspace's Owner";
    case "person":
      return whom(record);
  }
}

const DOES: Readonly<Record<Due["awaited"], string>> = {
  secondPerson: "decides",
  departure: "sends it",
  approvers: "approve it",
  owner: "approves the new key shares in the Fireblocks app",
  person: "finishes the set-up in the Fireblocks app",
};

/** A stage that this page does not know yet is one of which it says nothing. */
const known = (due: Due | undefined): Due | undefined =>
  due !== undefined && Object.hasOwn(DOES, due.awaited) ? due : undefined;

const IF_MISSED = "If it passes, a new reset may be needed: Fireblocks' help does not say what happens then.";

/** What happens at the end, as far as it is known. */
const THEN: Readonly<Record<Due["awaited"], string>> = {
  secondPerson: "Then it ends by itself, and nothing is sent.",
  departure: "",
  approvers: "Then the request runs out in Fireblocks, the device is not reset, and a new one has to be asked for.",
  owner: IF_MISSED,
  person: IF_MISSED,
};

/** `in 7 hours`, or that it is over. */
export const untilText = ({ until }: Due, now: number): string =>
  until > now ? `Until ${exactTime(until)}, ${timeToWait(until - now)}.` : `Its time ran out ${exactTime(until)}.`;

/** The same, to the person whose device it is. */
const THEN_FOR_YOU: Readonly<Record<Due["awaited"], string>> = {
  ...THEN,
  approvers: "Then the request runs out in Fireblocks, your device is not reset, and a new reset has to be asked for.",
};

/** Until when, and what happens then, beside who is awaited. Undefined where nothing is known; a departure is told elsewhere. */
export function endText(record: Pick<ResetRecord, "due">, now: number): string | undefined {
  const due = known(record.due);
  if (due === undefined || due.awaited === "departure") return undefined;
  return `${untilText(due, now)} ${THEN[due.awaited]}`;
}

/** The same, said to the person whose device it is, who can stop what was not sent. */
export function ownEndText(reset: Pick<MyReset, "due">, now: number): string | undefined {
  const due = known(reset.due);
  if (due === undefined) return undefined;
  if (due.awaited !== "departure") return `${untilText(due, now)} ${THEN_FOR_YOU[due.awaited]}`;
  const { until } = due;
  const when =
    until > now ? `Not before ${exactTime(until)}, ${timeToWait(until - now)}.` : `Its time came ${exactTime(until)}.`;
  return `${when} Until it is sent you can stop it here.`;
}

const ENDS: Readonly<Record<Due["awaited"], string>> = {
  secondPerson: "Ends by itself",
  departure: "Sent",
  approvers: "Runs out",
  owner: "Due",
  person: "Due",
};

/** What the time brings and when, in the few words that a table has room for. Undefined where nothing is known. */
export function endNote(
  { due: told, needsPress }: Pick<ResetRecord, "due" | "needsPress">,
  now: number,
  paused = false,
): string | undefined {
  const due = known(told);
  if (due === undefined) return undefined;
  const { awaited, until } = due;
  if (awaited === "departure" && isLate(until, now)) return "Ends without being sent";
  if (awaited === "departure" && paused) return "Not sent while resets are paused";
  if (awaited === "departure" && needsPress !== undefined) {
    return until > now ? `Can be sent ${timeToWait(until - now)}` : "Needs a press to be sent";
  }
  if (until > now) return `${ENDS[awaited]} ${timeToWait(until - now)}`;
  return awaited === "departure" ? "Sent in a moment" : "Its time is over";
}

/** Who does what until when: a line of the list. */
export const dueText = (record: ResetRecord & { due: Due }, now: number): string =>
  `${awaitedOf(record, record.due)} ${DOES[record.due.awaited]}. ${untilText(record.due, now)}`;

export const isDueLater = (record: ResetRecord): record is ResetRecord & { due: Due } =>
  known(record.due) !== undefined && record.state !== "proposed" && record.state !== "waiting";
