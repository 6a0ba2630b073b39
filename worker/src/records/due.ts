/**
 * Who is awaited in a record's present stage, until when, and what happens then. Pure.
 *
 * @module
 */
import { type Due, type RecordState, type ResetRecord, SIGNING_ROLES } from "fireblocks-reset-device/gateway-api";
import type { Configuration } from "../configuration";

/** How long Fireblocks gives after a pairing: its documents have said two days, and five. */
export type Windows = Pick<Configuration, "keySharesWithinMs" | "setupWithinMs">;

/** What of a record decides it, as its row has it. */
export interface Stage {
  state: RecordState;
  created_at: number;
  updated_at: number;
  answered_at: number | null;
  proposal_expires_at: number | null;
  leaves_at: number | null;
  request_expires_at: number | null;
  /** JSON: the user's status over time. */
  statuses: string;
  user_role: string | null;
}

/** Undefined where nobody is awaited, or nobody knows until when. */
export function dueOf(row: Stage, windows: Windows, now: number): Due | undefined {
  switch (row.state) {
    case "proposed":
      return row.proposal_expires_at === null
        ? undefined
        : { awaited: "secondPerson", since: row.created_at, until: row.proposal_expires_at };
    case "waiting":
      return row.leaves_at === null ? undefined : { awaited: "departure", since: row.updated_at, until: row.leaves_at };
    case "approvalRequested":
      return row.request_expires_at === null
        ? undefined
        : { awaited: "approvers", since: row.answered_at ?? row.created_at, until: row.request_expires_at };
    case "awaitingSetup":
      return afterPairing(row, windows, now);
    default:
      return undefined;
  }
}

/** When the Owner approved is not told by anything: past the Owner's time it is the person who is awaited, if all went well. */
function afterPairing(
  { statuses, user_role }: Stage,
  { keySharesWithinMs, setupWithinMs }: Windows,
  now: number,
): Due | undefined {
  if (!SIGNING_ROLES.includes(user_role ?? "")) return undefined;
  const seen = JSON.parse(statuses) as { status: string; at: number }[];
  const pairedAt = seen.findLast(({ status }) => status === "PENDING_DEVICE_SETUP")?.at;
  if (pairedAt === undefined) return undefined;
  const ownersEnd = pairedAt + keySharesWithinMs;
  return now < ownersEnd
    ? { awaited: "owner", since: pairedAt, until: ownersEnd }
    : { awaited: "person", since: ownersEnd, until: ownersEnd + setupWithinMs };
}

/** Without those for which nobody is awaited until any time. */
export function firstDueFirst(records: readonly ResetRecord[]): ResetRecord[] {
  const due = records.flatMap((record) => (record.due ? [{ record, until: record.due.until }] : []));
  return due.sort((a, b) => a.until - b.until).map(({ record }) => record);
}
