/** A reset of one's own device in words. Pure. */
import type { Me, MyReset, Proof } from "fireblocks-reset-device/gateway-api";
import { ownEndText } from "./due.ts";
import { eventLabel } from "./event.ts";
import { becauseText, isOpenHelp } from "./help.ts";
import { stateText } from "./record.ts";
import { capital, type Tone } from "./user.ts";

/** What a proof says of the person whose device it is, to that person: they know whether it is true. */
const PROOFS: Readonly<Record<Proof, string>> = {
  codeMatched: "you read a code to them, and said that you were talking to them",
  managerConfirmed: "your manager confirmed it",
  inPerson: "they met you in person",
  videoCall: "they saw you in a video call",
  calledBack: "they called you back on a number that they knew",
  other: "in a way that they described themselves",
};

export interface OwnResetText {
  label: string;
  tone: Tone;
  /** Absent where what the person has said themselves tells it. */
  sentence?: string;
  next?: string;
  /** Until when somebody is awaited, and what happens then. */
  end?: string;
  facts: [string, string][];
}

/** What happens next, where the sentence does not say it already, said to the person themself. */
const NEXT: Readonly<Partial<Record<MyReset["state"], string>>> = {
  waiting: "It is sent when the wait is over, unless resets are paused.",
  approvalRequested: "The workspace's approvers decide. Your present phone works until they agree.",
  approved: "Your old phone is unpaired in a moment.",
  awaitingPairing: "Sign in to the Fireblocks Console and scan the QR code with your new phone.",
  awaitingSetup: "Finish the set-up in the Fireblocks app.",
  unknown: "An admin looks in Fireblocks what became of it.",
};

/** Who it is that has to agree is told to whoever looks after resets. */
const PROPOSED: Pick<OwnResetText, "label" | "tone"> & { sentence: string } = {
  label: "Waiting for somebody else",
  tone: "brand",
  sentence: "Nothing has been sent to Fireblocks. Somebody else has to agree first: another admin, or your manager.",
};

/** Of those who sign, the Owner comes first. */
const OWNER_FIRST =
  "The workspace's Owner approves your new key shares in the Fireblocks app. Then finish the set-up there.";

/** What happened to or by whoever reads it. */
const OWN_EVENTS: Readonly<Record<string, string>> = {
  personTold: "You were told by mail",
  personNotTold: "You could not be told by mail",
  contested: "You said that this was not you",
  stopped: "You stopped it",
};

export const ownEventLabel = (event: string): string => OWN_EVENTS[event] ?? eventLabel(event);

/** Whether a reset goes on about which the person may have to say something, before they ask for anything. */
export const comesFirst = ({ resets, help }: Pick<Me, "resets" | "help">): boolean =>
  resets.some(({ open }) => open) && (help === undefined || !isOpenHelp(help));

export function ownResetText(reset: MyReset, now: number): OwnResetText {
  const { label, tone, sentence } =
    reset.state === "proposed" ? PROPOSED : stateText({ ...reset, userId: "", userName: "You" } as never);
  const next = reset.open ? (reset.due?.awaited === "owner" ? OWNER_FIRST : NEXT[reset.state]) : undefined;
  const end = reset.open ? ownEndText(reset, now) : undefined;
  const proven = capital(reset.proofs.map((proof) => PROOFS[proof] ?? `“${proof}”`).join("; "));
  const facts: [string, string | undefined][] = [
    ["Asked by", reset.askedBy],
    ["Released by", reset.releasedBy],
    ["Reason", reset.reason],
    ["What happened", becauseText(reset.because)],
    ["How they say they know it is you", proven],
  ];
  return {
    ...{ label, tone, ...(reset.state !== "stopped" && { sentence }) },
    ...(next !== undefined && { next }),
    ...(end !== undefined && { end }),
    facts: facts.filter((fact): fact is [string, string] => fact[1] !== undefined && fact[1] !== ""),
  };
}
