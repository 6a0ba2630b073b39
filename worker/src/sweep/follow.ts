/**
 * What became of open resets, by the package's own inference, from a bounded number of looks at Fireblocks that all
 * open resets share.
 *
 * @module
 */
import {
  type ApprovalRequestItem,
  inferProgress,
  type ResetObservations,
  type ResetProgress,
  type ResetState,
} from "fireblocks-reset-device";
import type { EventSource } from "fireblocks-reset-device/gateway-api";
import { requestIn } from "../fireblocks/request-payload";
import type { WaitUntil } from "../fireblocks/shared";
import { itemsNaming } from "../fireblocks/upstream";
import { errorName } from "../log";
import type { Row } from "../records/row";
import { bounded, type Change } from "../records/store";
import type { Services } from "../services";
import { LOST_A_RUN, type Looks, look, type SeenStatus } from "./looks";

/** Records that one run looks after, those longest not looked after first. */
const RECORDS_A_RUN = 60;
/** Changes of a user's status that a record remembers. */
const STATUSES_KEPT = 20;

const FOLLOWED = ["approvalRequested", "approved", "awaitingPairing", "awaitingSetup", "unknown"];

/**
 * @param oldest when the list of users must have begun at the earliest
 * @returns how many records were looked after
 */
export async function followOpen(services: Services, waitUntil: WaitUntil, oldest?: number): Promise<number> {
  const { bindings, log, now } = services;
  const places = FOLLOWED.map(() => "?").join(", ");
  const statement = bindings.DB.prepare(
    `SELECT * FROM resets WHERE open = 1 AND state IN (${places}) ORDER BY followed_at LIMIT ?`,
  );
  const { results } = await bounded(statement.bind(...FOLLOWED, RECORDS_A_RUN).all<Row>());
  const workspaceId = results.length === 0 ? undefined : await services.fireblocks.workspaceId(waitUntil);
  // What is seen of this workspace tells nothing of another's resets, which must not take the turn of this one's for ever.
  const ofAnother = new Set(results.filter((row) => isOfAnother(row, workspaceId)));
  if (ofAnother.size > 0) await passOver(bindings.DB, [...ofAnother], now());
  const ofThisWorkspace = results.filter((row) => !ofAnother.has(row));
  if (ofThisWorkspace.length === 0) return 0;
  const rows = inTurn(ofThisWorkspace, now());

  const crowded = await overlapping(bindings.DB, rows);
  const alone = rows.filter((row) => row.other_resets_open === 0 && !crowded.has(row.id)).map(since);
  const ownRequests: Record<string, string> = {};
  const looks = await look(services, alone.length === 0 ? undefined : Math.min(...alone), waitUntil, oldest);
  for (const row of rows) {
    if (looks.hidesOthers) crowded.add(row.id);
    try {
      const progress = await follow(services, row, looks, row.other_resets_open === 1 || crowded.has(row.id));
      if (progress.otherResetsOpen) crowded.add(row.id);
      if (progress.ownRequest !== undefined) ownRequests[row.id] = progress.ownRequest;
    } catch (error) {
      log({ level: "error", event: "followFailed", recordId: row.id, error: errorName(error) });
    }
  }
  // The order of the next run, and what may be believed in it; no part of the story, so it needs no event.
  const followed = rows.map((row) => row.id);
  await bounded(
    bindings.DB.prepare(
      `UPDATE resets SET followed_at = ?, other_resets_open = max(other_resets_open, id IN (SELECT value FROM json_each(?))),
         own_request = coalesce((SELECT value FROM json_each(?) WHERE key = id), own_request)
       WHERE id IN (SELECT value FROM json_each(?))`,
    )
      .bind(now(), JSON.stringify([...crowded]), JSON.stringify(ownRequests), JSON.stringify(followed))
      .run(),
  );
  return rows.length;
}

async function passOver(db: D1Database, rows: Row[], now: number): Promise<void> {
  const ids = JSON.stringify(rows.map(({ id }) => id));
  const statement = db.prepare("UPDATE resets SET followed_at = ? WHERE id IN (SELECT value FROM json_each(?))");
  await bounded(statement.bind(now, ids).run());
}

function isOfAnother(row: Row, workspaceId: string | undefined): boolean {
  return row.workspace_id !== null && workspaceId !== undefined && row.workspace_id !== workspaceId;
}

/** Each minute from another one on, since not every record's own look can be made in one run. */
function inTurn(rows: Row[], now: number): Row[] {
  const first = (Math.floor(now / 60_000) * LOST_A_RUN) % rows.length;
  return [...rows.slice(first), ...rows.slice(0, first)];
}

function since(row: Row): number {
  return row.requested_at ?? row.created_at;
}

/** The records beside which another reset was open at some time: audit rows, which name no target, prove nothing. */
async function overlapping(db: D1Database, rows: Row[]): Promise<Set<string>> {
  const statement = db.prepare(
    `SELECT this.id FROM resets AS this WHERE this.id IN (SELECT value FROM json_each(?)) AND (
       EXISTS (SELECT 1 FROM resets AS other WHERE other.open = 1 AND other.attempts > 0 AND other.id <> this.id)
       OR EXISTS (SELECT 1 FROM resets AS other WHERE other.open = 0 AND other.outcome IN ('accepted', 'unknown')
         AND other.closed_at >= coalesce(this.requested_at, this.created_at)))`,
  );
  const ids = JSON.stringify(rows.map((row) => row.id));
  const { results } = await bounded(statement.bind(ids).all<{ id: string }>());
  return new Set(results.map((row) => row.id));
}

async function follow(services: Services, row: Row, looks: Looks, otherResetsOpen: boolean): Promise<ResetProgress> {
  const remembered = JSON.parse(row.statuses) as SeenStatus[];
  const newest = newestOf(remembered, looks.statuses.get(row.user_id));
  const lost = mayHaveEnded(row) ? await looks.lost(row.approval_request_id) : undefined;
  // Beside other resets only what names this user tells anything, and a record must not cost what all of them cost.
  const waiting = otherResetsOpen ? itemsNaming(row.user_id, looks.approvals.items) : looks.approvals.items;
  const items = lost === undefined ? waiting : [...waiting, lost];
  const progress = await inferProgress({
    userId: row.user_id,
    since: since(row),
    ...(row.answered_at !== null && { answeredAt: row.answered_at }),
    ...(row.status_before !== null && { statusBefore: row.status_before }),
    // Also where it is what it was: that it is so now tells something.
    statuses: newest === undefined ? remembered : [...remembered, newest],
    ...(looks.approvals.readable && { approvals: { items, at: looks.approvalsAt } }),
    ...(looks.auditLogs &&
      !otherResetsOpen && {
        auditLogs: looks.auditLogs,
        auditLogsAt: looks.auditLogsAt,
      }),
    otherResetsOpen,
    ...previousOf(row),
  });
  const seen: Seen = {
    progress,
    statuses: JSON.stringify(withChange(remembered, newest)),
    expiresAt: row.request_expires_at ?? expiryIn(items, progress.approvalRequestId),
  };
  const now = services.now();
  await services.records.change(row.id, (current) => changeFor(current, row, seen, now), row);
  return progress;
}

/** What one look has shown of a record. */
interface Seen {
  progress: ResetProgress;
  statuses: string;
  /** When its request runs out; null where that could not be read. */
  expiresAt: number | null;
}

function expiryIn(items: readonly ApprovalRequestItem[], requestId: string | undefined): number | null {
  if (requestId === undefined) return null;
  const own = items.map(requestIn).find((request) => request?.id === requestId);
  return own?.expiresAt ?? null;
}

/** A request that waited or was granted when it was last seen, or is not known to be what moved the user. */
function mayHaveEnded(row: Row): row is Row & { approval_request_id: string } {
  if (row.approval_request_id === null) return false;
  return row.evidence === "suggested" || ["approvalRequested", "approved"].includes(row.observed_state ?? row.state);
}

/** What was reached before. Of an unknown record nothing was, but what was observed beside it. */
function previousOf(row: Row): Pick<ResetObservations, "previous" | "approvalRequestId"> {
  const state = row.state === "unknown" ? row.observed_state : row.state;
  const previous = {
    state: (state ?? "approvalRequested") as ResetState,
    source: "receipt" as const,
    at: row.updated_at,
    // Of what was never told nothing is sure.
    evidence: row.evidence ?? "suggested",
    ...(row.own_request !== null && { ownRequest: row.own_request }),
  };
  return { previous, ...(row.approval_request_id !== null && { approvalRequestId: row.approval_request_id }) };
}

/** Undefined where another isolate has seen a later one: this one's list of users may be some seconds old. */
function newestOf(remembered: readonly SeenStatus[], seen: SeenStatus | undefined): SeenStatus | undefined {
  return seen !== undefined && seen.at < (remembered.at(-1)?.at ?? 0) ? undefined : seen;
}

/** A record remembers changes alone. */
function withChange(remembered: SeenStatus[], newest: SeenStatus | undefined): SeenStatus[] {
  if (newest === undefined || remembered.at(-1)?.status === newest.status) return remembered;
  return [...remembered, newest].slice(-STATUSES_KEPT);
}

/** What the approvals tell of a request. */
const APPROVALS = ["approvals_current", "approvals_threshold", "approval_request_id", "request_expires_at"] as const;

function changeFor(
  current: Row,
  seenRow: Row,
  { progress, statuses, expiresAt }: Seen,
  now: number,
): Change | undefined {
  if (current.state !== seenRow.state || current.open === 0) return undefined;
  // Another run has come before this one, and seen more.
  if (current.statuses !== seenRow.statuses) return undefined;
  // A walk that is only suggested closes a record where the approvals cannot be read, and where the request has failed.
  if (progress.state === "completed" && progress.evidence === "suggested" && progress.ownRequest === "missing") {
    return undefined;
  }
  const set: Change["set"] = { statuses };
  if (progress.approvals?.current !== undefined) set.approvals_current = progress.approvals.current;
  if (progress.approvals?.threshold !== undefined) set.approvals_threshold = progress.approvals.threshold;
  if (progress.approvalRequestId !== undefined) set.approval_request_id = progress.approvalRequestId;
  if (expiresAt !== null) set.request_expires_at = expiresAt;
  const detail = {
    ...(progress.userStatus !== undefined && { userStatus: progress.userStatus }),
    ...(progress.approvals?.current !== undefined && { approvals: progress.approvals.current }),
    ...(progress.approvals?.threshold !== undefined && { approvalsNeeded: progress.approvals.threshold }),
    ...(progress.approvalRequestId !== undefined && { approvalRequestId: progress.approvalRequestId }),
    evidence: progress.evidence,
    happenedAt: progress.at,
  };
  // What a look does not tell of the approvals it does not take back.
  const approvalsChanged = APPROVALS.some((column) => set[column] !== undefined && set[column] !== current[column]);

  if (current.state === "unknown") {
    // Seen, but not known to be this record's doing: a person reads it and settles. The same is told once.
    const isNews = progress.state !== (current.observed_state ?? "unknown");
    const seen = progress.source !== "receipt" && isNews;
    if (!seen && !approvalsChanged) return undefined;
    return {
      set: { ...set, observed_state: progress.state, evidence: progress.evidence },
      event: {
        event: "observed",
        source: sourceOf(progress, approvalsChanged),
        detail: { ...detail, state: progress.state },
      },
    };
  }
  if (progress.state !== current.state || progress.evidence !== (current.evidence ?? "proven")) {
    const { state, evidence } = progress;
    return {
      set: { ...set, state, evidence, ...(progress.final && { open: 0 as const, closed_at: now }) },
      event: { event: progress.state, source: sourceOf(progress, false), detail },
    };
  }
  if (statuses === current.statuses && !approvalsChanged) return undefined;
  const event = approvalsChanged ? "approvals" : "userStatus";
  return { set, event: { event, source: event, detail } };
}

/** Where no look proved a new state, what changed beside it is the approvals' count. */
function sourceOf({ source }: ResetProgress, approvalsChanged: boolean): EventSource {
  if (source !== "receipt") return source;
  return approvalsChanged ? "approvals" : "sweep";
}
