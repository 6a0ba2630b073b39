/**
 * A record as D1 holds it, and as it is told.
 *
 * @module
 */
import type { Outcome } from "fireblocks-reset-device";
import type { RoleBy } from "../access/roles";
import type { EventSource, RecordState, ResetEvent, ResetRecord } from "../api";

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

/** The record without its story. */
export function toRecord(row: Row, now: number, staleAfterMs: number): ResetRecord {
  const approvals = {
    ...(row.approvals_current !== null && { current: row.approvals_current }),
    ...(row.approvals_threshold !== null && { threshold: row.approvals_threshold }),
  };
  return {
    id: row.id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    state: row.state,
    open: row.open === 1,
    askedBy: row.asked_by,
    ...present("releasedBy", row.released_by),
    userId: row.user_id,
    ...present("userEmail", row.user_email),
    ...present("userName", row.user_name),
    ...present("userRole", row.user_role),
    ...present("statusBefore", row.status_before),
    listAgeMs: row.list_age_ms,
    ...present("reason", row.reason),
    ...present("reference", row.reference),
    ...present("verifiedBy", row.verified_by),
    upstreamKey: row.upstream_key,
    attempts: row.attempts,
    ...present("outcome", row.outcome),
    ...present("requestId", row.request_id),
    ...present("message", row.message),
    stale: isStale(row, now, staleAfterMs),
    ...(Object.keys(approvals).length > 0 && { approvals }),
  };
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

function present<K extends string, T>(key: K, value: T | null): { [P in K]?: T } {
  return (value === null ? {} : { [key]: value }) as { [P in K]?: T };
}
