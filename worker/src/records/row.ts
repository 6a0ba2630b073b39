/**
 * A record as D1 holds it, and as it is told.
 *
 * @module
 */
import type { Outcome, PhoneStory, ProgressEvidence, ResetProgress } from "fireblocks-reset-device";
import {
  type Demands,
  type EventSource,
  PROOF_WORDS,
  type ProofGiven,
  type ProofTold,
  type RecordState,
  type ResetEvent,
  type ResetRecord,
} from "fireblocks-reset-device/gateway-api";
import type { RoleBy } from "../access/roles";
import type { Configuration } from "../configuration";
import { dueOf, type Windows } from "./due";

/** A row of `resets`. Times are epoch milliseconds. */
export interface Row {
  id: string;
  version: number;
  created_at: number;
  updated_at: number;
  closed_at: number | null;
  state: RecordState;
  open: 0 | 1;
  asked_by: string;
  asker_id: string;
  asker_kind: "person" | "service";
  role_by: RoleBy;
  role_entry: string | null;
  released_by: string | null;
  user_id: string;
  user_email: string | null;
  user_name: string | null;
  user_role: string | null;
  status_before: string | null;
  list_age_ms: number;
  reason: string | null;
  reference: string | null;
  verified_by: string | null;
  caller_key: string | null;
  key_held: 0 | 1;
  binding: string;
  upstream_key: string;
  attempts: number;
  ended_attempt: number;
  lease_until: number | null;
  requested_at: number | null;
  proposal_expires_at: number | null;
  outcome: Outcome | "accepted" | null;
  request_id: string | null;
  message: string | null;
  answer: string | null;
  answered_at: number | null;
  statuses: string;
  approvals_current: number | null;
  approvals_threshold: number | null;
  followed_at: number;
  approval_request_id: string | null;
  other_resets_open: 0 | 1;
  observed_state: RecordState | null;
  workspace_id: string | null;
  sent_as: string | null;
  evidence: ProgressEvidence | null;
  own_request: NonNullable<ResetProgress["ownRequest"]> | null;
  because: PhoneStory | null;
  /** JSON of {@link ProofGiven}s. */
  proofs: string | null;
  /** JSON of {@link Demands}. */
  demands: string | null;
  leaves_at: number | null;
  needs_press: "group" | "gap" | null;
  help_request_id: string | null;
  told: "told" | "notTold" | null;
  told_at: number | null;
  contested_at: number | null;
  contested_by: string | null;
  break_glass: string | null;
  reviewed_at: number | null;
  reviewed_by: string | null;
  review: string | null;
  request_expires_at: number | null;
  rejection: "rejected" | "refused" | "unknown" | null;
}

/** A row of `alarms`. */
export interface AlarmRow {
  id: string;
  at: number;
  user_id: string;
  user_email: string | null;
  user_name: string | null;
  raised_by: string;
  raised_by_id: string;
  text: string;
  reset_id: string | null;
  closed_at: number | null;
  closed_by: string | null;
  reason: string | null;
}

/** A row of `elsewhere`. Times are epoch milliseconds. */
export interface ElsewhereRow {
  id: string;
  seen_at: number;
  requested_at: number | null;
  actor_id: string | null;
  actor: string | null;
  by_our_key: 0 | 1;
  user_id: string | null;
  user_email: string | null;
  ready_at: number | null;
  fell_at: number | null;
  verdict: "known" | "notKnown" | null;
  decided_at: number | null;
  decided_by: string | null;
  reason: string | null;
}

/** A row of `events`. */
export interface EventRow {
  reset_id: string;
  seq: number;
  at: number;
  event: string;
  source: EventSource;
  actor: string | null;
  detail: string | null;
}

/** What a record is told by, beside itself. */
export type Rules = Pick<Configuration, "staleAfterMs"> & Windows;

/** The record without its story. */
export function toRecord(row: Row, now: number, rules: Rules): ResetRecord {
  const due = dueOf(row, rules, now);
  const approvals = {
    ...(row.approvals_current !== null && { current: row.approvals_current }),
    ...(row.approvals_threshold !== null && { threshold: row.approvals_threshold }),
  };
  return {
    id: row.id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    state: row.state,
    ...present("evidence", evidenceOf(row)),
    open: row.open === 1,
    askedBy: row.asked_by,
    ...present("releasedBy", row.released_by),
    userId: row.user_id,
    ...present("userEmail", row.user_email),
    ...present("userName", row.user_name),
    ...present("userRole", row.user_role),
    ...present("statusBefore", row.status_before),
    ...present("workspaceId", row.workspace_id),
    listAgeMs: row.list_age_ms,
    ...present("reason", row.reason),
    ...present("reference", row.reference),
    ...present("verifiedBy", row.verified_by),
    proofs: toldProofsOf(row),
    ...present("because", row.because),
    ...present("helpRequestId", row.help_request_id),
    ...(row.demands !== null && { demands: JSON.parse(row.demands) as Demands }),
    ...present("leavesAt", row.leaves_at),
    ...present("needsPress", row.state === "waiting" ? row.needs_press : null),
    ...present("told", row.told),
    ...contestedOf(row),
    ...breakGlassOf(row),
    upstreamKey: row.upstream_key,
    attempts: row.attempts,
    ...present("outcome", row.outcome),
    ...present("requestId", row.request_id),
    ...present("message", row.message),
    stale: isStale(row, now, rules.staleAfterMs),
    ...(due && { due }),
    ...(Object.keys(approvals).length > 0 && { approvals }),
  };
}

/** A record that is older than the proofs has one text at most, which says what it says. */
export function proofsOf({ proofs, verified_by, created_at, asked_by }: Row): ProofGiven[] {
  if (proofs !== null) return JSON.parse(proofs) as ProofGiven[];
  return verified_by === null ? [] : [{ proof: "other", text: verified_by, at: created_at, by: asked_by }];
}

/** The affected person's word against it, and what Fireblocks said to the worker's own. */
export function contestedOf({ contested_at, contested_by, rejection }: Row): Pick<ResetRecord, "contested"> {
  if (contested_at === null) return {};
  return { contested: { at: contested_at, by: contested_by ?? "", ...present("rejection", rejection) } };
}

/** With what each means. */
export function toldProofsOf(row: Row): ProofTold[] {
  return proofsOf(row).map((given) => ({ ...given, meaning: PROOF_WORDS[given.proof].meaning }));
}

/** Until when somebody else must have looked at a reset that passed the demands over. */
const REVIEW_WITHIN_MS = 86_400_000;

export function breakGlassOf(row: Row): Pick<ResetRecord, "breakGlass"> {
  if (row.break_glass === null) return {};
  return {
    breakGlass: {
      reason: row.break_glass,
      reviewBy: row.created_at + REVIEW_WITHIN_MS,
      ...present("reviewedAt", row.reviewed_at),
      ...present("reviewedBy", row.reviewed_by),
      ...present("review", row.review),
    },
  };
}

/** How surely the record's state is this reset's own, where the state is not the worker's or a person's word. */
export function evidenceOf({ state, outcome, evidence }: Row): Row["evidence"] {
  return outcome === "accepted" && state !== "settled" ? evidence : null;
}

export function toEvent(row: EventRow): ResetEvent {
  return {
    at: row.at,
    event: row.event,
    source: row.source,
    ...present("actor", row.actor),
    ...(row.detail !== null && { detail: JSON.parse(row.detail) as NonNullable<ResetEvent["detail"]> }),
  };
}

/** Open for so long that somebody should look. */
export function isStale(row: Pick<Row, "open" | "created_at">, now: number, staleAfterMs: number): boolean {
  return row.open === 1 && now - row.created_at > staleAfterMs;
}

export function present<K extends string, T>(key: K, value: T | null): { [P in K]?: T } {
  return (value === null ? {} : { [key]: value }) as { [P in K]?: T };
}
