/**
 * What is told of a record's change, or of an alarm: enough to know whom it is about and where to look.
 *
 * @module
 */
import type { PhoneStory, ProgressEvidence } from "fireblocks-reset-device";
import type { Demands, Due, Environment, ProofTold } from "fireblocks-reset-device/gateway-api";
import { type AlarmRow, breakGlassOf, type ElsewhereRow, evidenceOf, type Row, toldProofsOf } from "./row";

/** What is told beside each new state. */
export type Told =
  | "breakGlass"
  | "needsPress"
  | "reviewed"
  | "managerConfirmed"
  | "contested"
  | "due"
  /** The manager with this e-mail is asked to confirm it. */
  | { asks: string };

/** The last part of a notification's id. */
export const toldName = (told: Told): string => (typeof told === "string" ? told : "asks");

interface User {
  id: string;
  email?: string;
  name?: string;
  role?: string;
}

interface ResetData {
  recordId: string;
  state: string;
  /** How surely the state is this reset's own: a `completed` that is only suggested may be another request's doing. */
  evidence?: ProgressEvidence;
  outcome?: string;
  environment: Environment;
  user: User;
  askedBy: string;
  askedAt: string;
  reference?: string;
  /** How the person's identity was proven, and what each proof means. */
  proofs: Omit<ProofTold, "at">[];
  because?: PhoneStory;
  /** What the policy demanded: the rules' names, and whether a second person. */
  demands?: Pick<Demands, "rules" | "secondPerson">;
  releasedBy?: string;
  /** Of what waits: when it leaves, and whether by somebody's press alone. */
  leavesAt?: string;
  /** Where the person's manager confirms it or says no: a path of the worker's, and who that is. */
  confirm?: { path: string; manager: string };
  needsPress?: "group" | "gap";
  /** The policy was passed over: why, until when somebody else must look at it, and who has. */
  breakGlass?: { reason: string; reviewBy: string; reviewedBy?: string; review?: string };
  /** Why it ended, in a sentence. */
  message?: string;
  /** Fireblocks' `X-Request-ID`. */
  requestId?: string;
  approvals?: { current?: number; threshold?: number };
  /** Who is awaited, and until when, in a reminder. */
  due?: { awaited: Due["awaited"]; until: string };
  /** The affected person said that this reset is not theirs: who, by their sign-in, and when. */
  contested?: { by: string; at: string };
}

interface AlarmData {
  alarmId: string;
  environment: Environment;
  user: User;
  raisedBy: string;
  /** The reset that it is about, if it is about one of this gateway's. */
  recordId?: string;
  closedBy?: string;
}

interface ElsewhereData {
  elsewhereId: string;
  environment: Environment;
  /** Who asked, and when, as far as Fireblocks' audit log says; it never says for whom. */
  request?: { at: string; actor: string; actorId: string; byOurKey: boolean };
  /** Who had a device and has none now. */
  user?: User;
}

/** The payload of a notification: of Standard Webhooks' form, and what the sentences for people are made of. */
export type Notification = {
  /** When it happened, ISO 8601. */
  timestamp: string;
} & (
  | { type: `reset.${string}` | "confirmation.asked"; data: ResetData }
  | { type: `alarm.${string}`; data: AlarmData }
  | { type: `elsewhere.${string}`; data: ElsewhereData }
);

/** @param told what is told beside the record's state; without it, that state */
export function notificationOf(row: Row, environment: Environment, told?: Told): Notification {
  const evidence = evidenceOf(row);
  return {
    type: typeof told === "object" ? "confirmation.asked" : `reset.${told ?? row.state}`,
    timestamp: new Date(row.updated_at).toISOString(),
    data: {
      recordId: row.id,
      state: row.state,
      ...(evidence !== null && { evidence }),
      ...(row.outcome !== null && { outcome: row.outcome }),
      environment,
      user: {
        id: row.user_id,
        ...(row.user_email !== null && { email: row.user_email }),
        ...(row.user_name !== null && { name: row.user_name }),
        ...(row.user_role !== null && { role: row.user_role }),
      },
      askedBy: row.asked_by,
      askedAt: new Date(row.created_at).toISOString(),
      ...(row.reference !== null && { reference: row.reference }),
      proofs: toldProofsOf(row).map(({ at: _, ...proof }) => proof),
      ...(row.because !== null && { because: row.because }),
      ...demandsOf(row),
      ...(row.released_by !== null && { releasedBy: row.released_by }),
      ...(row.state === "waiting" && row.leaves_at !== null && { leavesAt: isoTime(row.leaves_at) }),
      ...(row.state === "waiting" && row.needs_press !== null && { needsPress: row.needs_press }),
      ...(typeof told === "object" && { confirm: confirmationOf(row, told.asks) }),
      ...emergencyOf(row),
      ...(row.message !== null && { message: row.message }),
      ...(row.request_id !== null && { requestId: row.request_id }),
      ...(row.approvals_current !== null && {
        approvals: {
          current: row.approvals_current,
          ...(row.approvals_threshold !== null && { threshold: row.approvals_threshold }),
        },
      }),
      ...(row.contested_at !== null && {
        contested: { by: row.contested_by ?? "", at: new Date(row.contested_at).toISOString() },
      }),
    },
  };
}

/** A reminder. @param manager whom it waits for, where that is the person's manager */
export function notificationOfDue(
  row: Row,
  environment: Environment,
  { due: { awaited, until }, manager }: { due: Due; manager: string | undefined },
  at: number,
): Notification {
  const { data } = notificationOf(row, environment) as Notification & { type: `reset.${string}` };
  const due = { awaited, until: new Date(until).toISOString() };
  const confirm = manager !== undefined && { confirm: confirmationOf(row, manager) };
  return {
    type: "reset.due",
    timestamp: new Date(at).toISOString(),
    data: { ...(data as ResetData), ...confirm, due },
  };
}

export function notificationOfAlarm(alarm: AlarmRow, environment: Environment): Notification {
  return {
    type: alarm.closed_at === null ? "alarm.raised" : "alarm.closed",
    timestamp: new Date(alarm.closed_at ?? alarm.at).toISOString(),
    data: {
      alarmId: alarm.id,
      environment,
      user: {
        id: alarm.user_id,
        ...(alarm.user_email !== null && { email: alarm.user_email }),
        ...(alarm.user_name !== null && { name: alarm.user_name }),
      },
      raisedBy: alarm.raised_by,
      ...(alarm.reset_id !== null && { recordId: alarm.reset_id }),
      ...(alarm.closed_by !== null && { closedBy: alarm.closed_by }),
    },
  };
}

export function notificationOfElsewhere(row: ElsewhereRow, environment: Environment): Notification {
  return {
    type: "elsewhere.found",
    timestamp: new Date(row.seen_at).toISOString(),
    data: {
      elsewhereId: row.id,
      environment,
      ...(row.requested_at !== null && {
        request: {
          at: new Date(row.requested_at).toISOString(),
          actor: row.actor ?? "",
          actorId: row.actor_id ?? "",
          byOurKey: row.by_our_key === 1,
        },
      }),
      ...(row.user_id !== null && {
        user: { id: row.user_id, ...(row.user_email !== null && { email: row.user_email }) },
      }),
    },
  };
}

function confirmationOf({ id }: Row, manager: string): NonNullable<ResetData["confirm"]> {
  return { path: `/confirm/${id}`, manager };
}

function demandsOf({ demands }: Row): Pick<ResetData, "demands"> {
  if (demands === null) return {};
  const { rules, secondPerson } = JSON.parse(demands) as Demands;
  return { demands: { rules, secondPerson } };
}

function emergencyOf(row: Row): Pick<ResetData, "breakGlass"> {
  const { breakGlass } = breakGlassOf(row);
  if (breakGlass === undefined) return {};
  const { reason, reviewBy, reviewedBy, review } = breakGlass;
  return {
    breakGlass: { reason, reviewBy: isoTime(reviewBy), ...(reviewedBy && { reviewedBy }), ...(review && { review }) },
  };
}

function isoTime(at: number): string {
  return new Date(at).toISOString();
}
