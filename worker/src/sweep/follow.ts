/**
 * What became of open resets, by the package's own inference, from a bounded number of looks at Fireblocks that all
 * open resets share.
 *
 * @module
 */
import {
  type AuditLogData,
  type ConsoleUserStatus,
  FireblocksError,
  inferProgress,
  type ResetProgress,
  type ResetState,
} from "fireblocks-reset-device";
import type { WaitUntil } from "../fireblocks/shared";
import { itemsNaming, type PendingApprovals } from "../fireblocks/upstream";
import { errorName } from "../log";
import type { Row } from "../records/row";
import { bounded, type Change } from "../records/store";
import type { Services } from "../services";

/** Records that one run looks after, those longest not looked after first. */
const RECORDS_A_RUN = 200;
/** Pages of the audit log, 500 rows each, that one run reads. */
const AUDIT_PAGES = 4;
/** The subjects under which Fireblocks files the story of a device, whichever of its families it uses. */
const AUDIT_SUBJECTS = ["Re-enroll mobile device", "Device reset", "Device recovery", "User"];
/** Changes of a user's status that a record remembers. */
const STATUSES_KEPT = 20;

const FOLLOWED = ["approvalRequested", "approved", "awaitingPairing", "awaitingSetup", "unknown"];

/** A user's status, and when it was seen. */
interface SeenStatus {
  status: ConsoleUserStatus;
  at: number;
}

interface Looks {
  statuses: ReadonlyMap<string, SeenStatus>;
  approvals: PendingApprovals;
  approvalsAt: number;
  auditLogs: AuditLogData[] | undefined;
}

/** @returns how many records were looked after */
export async function followOpen(services: Services, waitUntil: WaitUntil): Promise<number> {
  const { bindings, log, now } = services;
  const places = FOLLOWED.map(() => "?").join(", ");
  const statement = bindings.DB.prepare(
    `SELECT * FROM resets WHERE open = 1 AND state IN (${places}) ORDER BY followed_at LIMIT ?`,
  );
  const { results: rows } = await bounded(statement.bind(...FOLLOWED, RECORDS_A_RUN).all<Row>());
  if (rows.length === 0) return 0;

  const crowded = await overlapping(bindings.DB, rows);
  const alone = rows.filter((row) => !crowded.has(row.id)).map(since);
  const looks = await look(services, alone.length === 0 ? undefined : Math.min(...alone), waitUntil);
  for (const row of rows) {
    try {
      await follow(services, row, looks, crowded.has(row.id) || hidesOthers(looks.approvals));
    } catch (error) {
      log({ level: "error", event: "followFailed", recordId: row.id, error: errorName(error) });
    }
  }
  // The order of the next run; no part of the story, so it needs no event.
  const ids = JSON.stringify(rows.map((row) => row.id));
  await bounded(
    bindings.DB.prepare("UPDATE resets SET followed_at = ? WHERE id IN (SELECT value FROM json_each(?))")
      .bind(now(), ids)
      .run(),
  );
  return rows.length;
}

function since(row: Row): number {
  return row.requested_at ?? row.created_at;
}

/**
 * One list of users, the approvals that wait, and the audit log since `auditSince`: no more. Without a time the audit
 * log is not read, since it would prove nothing.
 */
async function look(services: Services, auditSince: number | undefined, waitUntil: WaitUntil): Promise<Looks> {
  const { fireblocks, now } = services;
  const users = await fireblocks.users(waitUntil);
  const statuses = new Map(
    users.value.flatMap(({ id, status }) =>
      id === undefined || status === undefined ? [] : [[id, { status, at: users.startedAt }] as const],
    ),
  );
  const approvalsAt = now();
  const approvals = await fireblocks
    .pendingApprovals(waitUntil)
    .catch((error: unknown) => ifFireblocks(error, { readable: false, complete: false, items: [] }));
  const auditLogs =
    auditSince === undefined
      ? undefined
      : await readAuditLogs(services, auditSince, waitUntil).catch((error: unknown) => ifFireblocks(error, undefined));
  return { statuses, approvals, approvalsAt, auditLogs };
}

/** Beyond what was read of the approvals another reset may wait. */
function hidesOthers({ readable, complete }: PendingApprovals): boolean {
  return readable && !complete;
}

/** A source that Fireblocks does not give now is one source less. */
function ifFireblocks<T>(error: unknown, without: T): T {
  if (error instanceof FireblocksError) return without;
  throw error;
}

async function readAuditLogs(services: Services, startTime: number, waitUntil: WaitUntil): Promise<AuditLogData[]> {
  const rows: AuditLogData[] = [];
  let pageCursor: string | undefined;
  for (let page = 0; page < AUDIT_PAGES; page++) {
    const params = { startTime, subject: AUDIT_SUBJECTS, order: "ASC" as const, pageSize: 500 };
    const answer = await services.fireblocks.auditLogs({ ...params, ...(pageCursor && { pageCursor }) }, waitUntil);
    rows.push(...answer.data);
    if (!answer.next) break;
    pageCursor = answer.next;
  }
  return rows;
}

/** The records beside which another reset was open at some time: audit rows, which name no target, prove nothing. */
async function overlapping(db: D1Database, rows: Row[]): Promise<ReadonlySet<string>> {
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

async function follow(services: Services, row: Row, looks: Looks, otherResetsOpen: boolean): Promise<void> {
  const now = services.now();
  const remembered = JSON.parse(row.statuses) as SeenStatus[];
  const newest = looks.statuses.get(row.user_id);
  // Beside other resets only what names this user tells anything, and a record must not cost what all of them cost.
  const items = otherResetsOpen ? itemsNaming(row.user_id, looks.approvals.items) : looks.approvals.items;
  const progress = await inferProgress({
    userId: row.user_id,
    since: since(row),
    ...(row.status_before !== null && { statusBefore: row.status_before }),
    // Also where it is what it was: that it is so now tells something.
    statuses: newest === undefined ? remembered : [...remembered, newest],
    ...(looks.approvals.readable && { approvals: { items, at: looks.approvalsAt } }),
    ...(looks.auditLogs && !otherResetsOpen && { auditLogs: looks.auditLogs }),
    otherResetsOpen,
    ...(row.state !== "unknown" && {
      previous: { state: row.state as ResetState, source: "receipt" as const, at: row.updated_at },
    }),
  });
  const statuses = JSON.stringify(withChange(remembered, newest));
  await services.records.change(row.id, (current) => changeFor(current, row, progress, statuses, now), row);
}

/** A record remembers changes alone. */
function withChange(remembered: SeenStatus[], newest: SeenStatus | undefined): SeenStatus[] {
  if (newest === undefined || remembered.at(-1)?.status === newest.status) return remembered;
  return [...remembered, newest].slice(-STATUSES_KEPT);
}

function changeFor(
  current: Row,
  seenRow: Row,
  progress: ResetProgress,
  statuses: string,
  now: number,
): Change | undefined {
  if (current.state !== seenRow.state || current.open === 0) return undefined;
  const set: Change["set"] = { statuses };
  if (progress.approvals?.current !== undefined) set.approvals_current = progress.approvals.current;
  if (progress.approvals?.threshold !== undefined) set.approvals_threshold = progress.approvals.threshold;
  const source = progress.source === "receipt" ? "sweep" : progress.source;
  const detail = {
    ...(progress.userStatus !== undefined && { userStatus: progress.userStatus }),
    ...(progress.approvals?.current !== undefined && { approvals: progress.approvals.current }),
    ...(progress.approvals?.threshold !== undefined && { approvalsNeeded: progress.approvals.threshold }),
    happenedAt: progress.at,
  };

  if (current.state === "unknown") {
    // Seen, but not known to be this record's doing: a person reads it and settles.
    const unchanged =
      statuses === current.statuses && set.approvals_current === (current.approvals_current ?? undefined);
    if (progress.source === "receipt" || unchanged) return undefined;
    return { set, event: { event: "observed", source, detail: { ...detail, state: progress.state } } };
  }
  if (progress.state !== current.state) {
    return {
      set: { ...set, state: progress.state, ...(progress.final && { open: 0 as const, closed_at: now }) },
      event: { event: progress.state, source, detail },
    };
  }
  const approvalsChanged =
    (set.approvals_current ?? current.approvals_current) !== current.approvals_current ||
    (set.approvals_threshold ?? current.approvals_threshold) !== current.approvals_threshold;
  if (statuses === current.statuses && !approvalsChanged) return undefined;
  return { set, event: { event: approvalsChanged ? "approvals" : "userStatus", source, detail } };
}
