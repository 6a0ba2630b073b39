/** What a person can decide about a record, and the words for it. Pure. */
import { PROOF_WORDS, type ResetRecord, type Session, STATED_PROOFS } from "fireblocks-reset-device/gateway-api";
import type { RecordDecision } from "../gateway/problem.ts";
import { isLate, LATE } from "./due.ts";
import { canBeReleased } from "./record.ts";
import { isOwn } from "./session.ts";
import { clockTime, exactTime, timeToWait } from "./time.ts";

/** `close`: what is under way is settled early, which takes another person. */
export type Choice = Exclude<RecordDecision, "review"> | "close";

/** What this person can decide about a record now. `now`: before any time where nothing depends on it. */
export function decisionsFor(record: ResetRecord, session: Session, now = 0): Choice[] {
  const { can } = session;
  const own = isOwn(record, session);
  if (record.state === "proposed") {
    if (!can.settle) return [];
    // While resets are paused nothing is sent, but a proposal may still be taken back.
    return own || !can.reset || !canBeReleased(record) ? ["withdraw"] : ["release", "withdraw"];
  }
  if (record.state === "waiting") {
    if (!can.settle) return [];
    return can.reset && isDue(record, now) && pressedBy(record, session) ? ["send", "withdraw"] : ["withdraw"];
  }
  if (!record.open || !can.settle) return [];
  const isAnother = !own && !isFor(record, session);
  if (isToSettle(record)) return isAnother || !takesTwo(record, session) ? ["settle"] : [];
  const isUnderWay = record.state === "recorded" || record.state === "sending";
  return isUnderWay || !isAnother ? [] : ["close"];
}

/** Whether the device is this person's own. */
const isFor = (record: ResetRecord, session: Session): boolean =>
  record.userEmail !== undefined && record.userEmail.toLowerCase() === session.email?.toLowerCase();

const isToSettle = ({ state, stale }: ResetRecord): boolean => state === "unknown" || stale;

/** What two people were to ask for, one alone does not end; nor what the affected person has spoken against. */
const takesTwo = ({ demands, contested }: ResetRecord, { requireSecondPerson }: Session): boolean =>
  requireSecondPerson || demands?.secondPerson === true || contested !== undefined;

const isDue = ({ leavesAt }: ResetRecord, now: number): boolean => leavesAt !== undefined && leavesAt <= now;

/** Whether a press of this person's may send it; the service knows for certain. */
function pressedBy(record: ResetRecord, session: Session): boolean {
  if (record.needsPress === "gap") return true;
  return (
    record.needsPress === "group" && (isOwn(record, session) || record.releasedBy === session.email?.toLowerCase())
  );
}

/** Where a reset is that waits for its time, and what comes then. `paused`: nothing is sent, by nobody's press either. */
export function waitingText(record: ResetRecord, now: number, paused = false): string {
  const { leavesAt, needsPress } = record;
  if (leavesAt === undefined) return "Its wait has not begun yet.";
  const at = clockTime(leavesAt);
  if (paused) {
    const comes = leavesAt > now ? `comes ${timeToWait(leavesAt - now)}, at ${at}` : `came at ${at}`;
    return `Its time ${comes}. While resets are paused it is not sent, and after ${clockTime(leavesAt + LATE)} it ends without being sent.`;
  }
  const press =
    needsPress === "group"
      ? "The one whose role comes from a group must then press “Send to Fireblocks”"
      : "Somebody must then press “Send to Fireblocks”, since this service had stopped in between";
  if (leavesAt > now) {
    const soon = `${timeToWait(leavesAt - now)}, at ${at}.`;
    if (needsPress === undefined) return `It is sent to Fireblocks ${soon} Until then it can be withdrawn.`;
    return `It can be sent ${soon} ${press}.`;
  }
  if (isLate(leavesAt, now))
    return `Its time came at ${at}. It did not leave within an hour, and ends without being sent.`;
  if (needsPress === undefined) return `Its time came at ${at}: it is sent with the next look, within a minute or two.`;
  return `Its time came at ${at}. ${press.replace("then ", "")}. After ${clockTime(leavesAt + LATE)} it ends without being sent.`;
}

export const EMERGENCY_TITLE = "The policy was overridden";

/** Whether this person may be the one who looks at an emergency. */
export const mayReview = (record: ResetRecord, session: Session): boolean =>
  record.breakGlass !== undefined &&
  record.breakGlass.reviewedAt === undefined &&
  !isOwn(record, session) &&
  session.roles.some((role) => role === "resetter" || role === "auditor");

/** Who has looked at it, or until when somebody must. */
export function reviewText({ askedBy, breakGlass }: ResetRecord, now: number): string {
  if (breakGlass === undefined) return "";
  const { reviewBy, reviewedAt, reviewedBy } = breakGlass;
  if (reviewedAt !== undefined) return `By ${askedBy}. Reviewed by ${reviewedBy} on ${exactTime(reviewedAt)}.`;
  return reviewBy > now
    ? `By ${askedBy}, in an emergency. Somebody else must review it by ${exactTime(reviewBy)}, ${timeToWait(reviewBy - now)}.`
    : `By ${askedBy}, in an emergency. Nobody else has reviewed it within a day: it is overdue.`;
}

/** Why this person settles nothing, where somebody has to; undefined where nobody has to. */
export function whyNotSettled(record: ResetRecord, session: Session): string | undefined {
  if (!record.open || !isToSettle(record) || record.state === "proposed" || record.state === "waiting")
    return undefined;
  if (!session.can.settle) return "A person who may ask for resets settles it.";
  const part = isOwn(record, session) ? "You asked for this reset" : "This reset is for you";
  return `${part}, so somebody else who may ask for resets settles it.`;
}

export type Reasoned = Exclude<Choice, "release" | "send"> | "review";

export interface ReasonWords {
  label: string;
  hint: string;
  button: string;
}

/** The decisions that are given with a reason. */
export const REASONS: Readonly<Record<Reasoned, ReasonWords>> = {
  withdraw: {
    label: "Why is it withdrawn?",
    hint: "For example: the phone was found.",
    button: "Withdraw the request",
  },
  close: {
    label: "Why is it closed early?",
    hint: "For example: the request was cancelled in the Fireblocks Console. Closing stops nothing that waits there.",
    button: "Close this record",
  },
  settle: {
    label: "What did you find?",
    hint: "For example: no approval request in the Console, and the audit log has no row for it.",
    button: "Settle this record",
  },
  review: {
    label: "What did your review find?",
    hint: "For example: spoke to the person and to payroll, it was as said.",
    button: "Record the review",
  },
};

/** The worker's measure of a reason, in characters. */
const SHORTEST_REASON = 3;
export const LONGEST_REASON = 1000;

/** What is wrong with a reason; empty where nothing is. */
export const reasonProblem = (reason: string): string =>
  reason.trim().length < SHORTEST_REASON || !/[\p{L}\p{N}]/u.test(reason)
    ? "Say it in a few words. It becomes a part of the record."
    : "";

/** Where this service cannot look itself, whoever closes a record says that they have. */
export const LOOK_FIRST = {
  why: "This service cannot read what waits in Fireblocks. A request that waits there would lose its record.",
  label: "I have looked in the Fireblocks Console: no request for this user waits.",
  missing: "Look there first, then tick this box.",
};

/** A proof as it is read: in its own words, where it has any, and what it means. Who stated it is told where it was not the asker. */
export function proofLines({ proofs, askedBy }: ResetRecord): { title: string; meaning: string }[] {
  return proofs.map(({ proof, text, meaning, by }) => {
    const label = PROOF_WORDS[proof]?.label ?? proof;
    const isOthers = by !== askedBy && STATED_PROOFS.some((stated) => stated === proof);
    return {
      title: text === undefined ? label : proof === "other" ? text : `${label}: ${text}`,
      meaning: isOthers ? `Stated by ${by}. ${meaning}` : meaning,
    };
  });
}

/** The proofs of a record in a line: `Proof: Video call, In words`. */
export const proofLabels = ({ proofs }: ResetRecord): string =>
  `Proof: ${[...new Set(proofs.map(({ proof }) => (proof === "other" ? "In words" : (PROOF_WORDS[proof]?.label ?? proof))))].join(", ")}`;
