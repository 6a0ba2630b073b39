/** How a record's state is named, and what is awaited from whom. */
import {
  type EventSource,
  type Proof,
  type RecordState,
  type ResetRecord,
  SIGNING_ROLES,
  STATED_PROOFS,
  unmetProofs,
} from "fireblocks-reset-device/gateway-api";
import { neededText } from "./demands.ts";
import { readable, type Tone } from "./user.ts";

interface StateText {
  label: string;
  tone: Tone;
  /** One sentence: where things are. */
  sentence: string;
  /** Who has to do something now; absent when nothing is awaited. */
  awaited?: string;
}

/** The affected person, by the best name that there is. */
export const whom = ({ userName, userEmail, userId }: ResetRecord): string => userName || userEmail || userId;

/** The lists of which the record has no proof yet. */
export function lackingProofs({ demands, proofs }: Pick<ResetRecord, "demands" | "proofs">): Proof[][] {
  if (demands === undefined) return [];
  return unmetProofs(
    demands,
    proofs.map(({ proof }) => proof),
  );
}

/** A proposal that the person's manager is asked to confirm. */
export const waitsForManager = (record: ResetRecord): boolean =>
  lackingProofs(record).some((missing) => missing.includes("managerConfirmed"));

/** Whether whoever releases can state what is lacking. */
export const canBeReleased = (record: ResetRecord): boolean => !lackingProofs(record).some(isBeyondRelease);

const isBeyondRelease = (missing: readonly Proof[]): boolean => !STATED_PROOFS.some((proof) => missing.includes(proof));

/** Of those who sign, the Owner comes first. */
function setupAwaited(record: ResetRecord): string {
  const { due, userRole } = record;
  const person = `${whom(record)} finishes the set-up in the Fireblocks app.`;
  if (userRole === undefined) return `${person} If they sign, the Owner approves their new key shares first.`;
  if (due?.awaited === "person" || !SIGNING_ROLES.includes(userRole)) return person;
  return `The workspace's Owner approves the new key shares in the Fireblocks app. Then ${person}`;
}

function proposed(record: ResetRecord): StateText {
  const releasable = canBeReleased(record);
  if (waitsForManager(record)) {
    const or = releasable ? ` Or an admin other than ${record.askedBy} releases it with a proof of their own.` : "";
    return {
      label: "Waiting for the manager",
      tone: "brand",
      sentence: `Nothing has been sent to Fireblocks. The manager of ${whom(record)} is asked to confirm this request.`,
      awaited: `The manager of ${whom(record)} signs in at /confirm/${record.id} and says yes or no.${or}`,
    };
  }
  if (!releasable) {
    return {
      label: "Cannot be released",
      tone: "warning",
      sentence: `Nothing has been sent to Fireblocks. It lacks what no release can bring: ${neededText(lackingProofs(record).filter(isBeyondRelease))}.`,
      awaited: "Somebody withdraws it, and asks again with all that is needed.",
    };
  }
  return {
    label: "Waiting for release",
    tone: "brand",
    sentence: "Nothing has been sent to Fireblocks. Another admin must release this request first.",
    awaited: `An admin other than ${record.askedBy} releases it.`,
  };
}

const STATES: Readonly<Record<RecordState, (record: ResetRecord) => StateText>> = {
  proposed,
  waiting: (record) => ({
    label: "Waiting for its time",
    tone: "brand",
    sentence: "Everything it needs is there. Nothing has been sent to Fireblocks yet.",
    awaited:
      record.needsPress === undefined
        ? "The server sends it when the wait is over, unless resets are paused."
        : "Somebody presses “Send to Fireblocks” once the wait is over.",
  }),
  recorded: () => ({
    label: "Recorded",
    tone: "brand",
    sentence: "The request is recorded and about to be sent to Fireblocks.",
    awaited: "The server sends it. This takes a moment.",
  }),
  sending: () => ({
    label: "Sending",
    tone: "brand",
    sentence: "The request is on its way to Fireblocks. No answer has come yet.",
    awaited: "Fireblocks answers. This takes a moment.",
  }),
  approvalRequested: ({ approvals }) => ({
    label: "Waiting for approval",
    tone: "brand",
    sentence: "Fireblocks has filed an approval request. The device is not reset yet.",
    awaited:
      approvals?.threshold === undefined
        ? "The workspace's approvers approve it in their Fireblocks app."
        : `The workspace's approvers approve it in their Fireblocks app. ${approvals.current ?? 0} of ${approvals.threshold} so far.`,
  }),
  approved: (record) => ({
    label: "Approved",
    tone: "brand",
    sentence: "The approvers have agreed. Fireblocks is resetting the device.",
    awaited: `Fireblocks unpairs the device of ${whom(record)}.`,
  }),
  awaitingPairing: (record) => ({
    label: "Waiting for pairing",
    tone: "warning",
    sentence: "The old device is unpaired. A phone must be paired again.",
    awaited: `${whom(record)} signs in to the Fireblocks Console and scans the QR code.`,
  }),
  awaitingSetup: (record) => ({
    label: "Waiting for setup",
    tone: "warning",
    sentence: "A phone is paired. Its set-up is not finished.",
    awaited: setupAwaited(record),
  }),
  completed: ({ evidence }) => ({
    label: "Ready again",
    tone: "success",
    sentence:
      evidence === "suggested"
        ? "A phone is paired and set up again."
        : "The device was reset and a phone is paired and set up. Nothing more to do.",
  }),
  rejected: () => ({
    label: "Rejected",
    tone: "danger",
    sentence: "An approver has rejected the request. The device was not reset.",
  }),
  cancelled: () => ({
    label: "Cancelled",
    tone: "neutral",
    sentence: "The approval request was cancelled. The device was not reset.",
  }),
  expired: () => ({
    label: "Expired",
    tone: "neutral",
    sentence: "The request ran out of time. The device was not reset.",
  }),
  failed: () => ({
    label: "Failed",
    tone: "danger",
    sentence: "Fireblocks could not carry the request out. Look at the user's status before you ask again.",
  }),
  refused: () => ({
    label: "Refused",
    tone: "danger",
    sentence: "The request was refused. Nothing was filed, and the device was not reset.",
  }),
  unknown: () => ({
    label: "Outcome unknown",
    tone: "warning",
    sentence: "No clear answer came from Fireblocks. An approval request may or may not exist.",
    awaited: "Someone looks in Fireblocks and settles this record with what was found.",
  }),
  settled: () => ({
    label: "Settled",
    tone: "neutral",
    sentence: "A person has looked and closed this record.",
  }),
  stopped: (record) => ({
    label: "Stopped",
    tone: "danger",
    sentence: `${whom(record)} has stopped this request before anything was sent to Fireblocks.`,
  }),
  withdrawn: () => ({
    label: "Withdrawn",
    tone: "neutral",
    sentence: "The request was withdrawn before anything was sent to Fireblocks.",
  }),
};

/** What is said of a record that is not open any more. */
export const ENDED_TEXT = "This reset has ended. Nothing more will change.";

export const RECORD_STATES = Object.keys(STATES) as RecordState[];

/** What is said of a state that was seen of the user alone. */
const SUGGESTED =
  "That this is this request's doing is suggested by what was seen, not proven: it may be another request's.";

export function stateText(record: ResetRecord): StateText {
  const text = STATES[record.state]?.(record) ?? {
    label: readable(record.state),
    tone: "neutral",
    sentence: "This page does not know this state yet.",
  };
  if (record.evidence !== "suggested") return text;
  return { ...text, label: `${text.label}, suggested`, sentence: `${text.sentence} ${SUGGESTED}` };
}

/** The name of a state where there is no record at hand. */
export const stateLabel = (state: RecordState): { label: string; tone: Tone } =>
  stateText({ state, askedBy: "", userId: "" } as ResetRecord);

const SOURCES: Readonly<Record<EventSource, string>> = {
  worker: "This service",
  sweep: "This service's regular check",
  fireblocks: "Fireblocks' answer",
  person: "A person",
  userStatus: "User status in Fireblocks",
  approvals: "Fireblocks' approvals",
  auditLog: "Fireblocks' audit log",
};

export const sourceLabel = (source: string): string => SOURCES[source as EventSource] ?? readable(source);
