/**
 * What became of open resets, by the package's own inference, from a bounded number of looks at Fireblocks that all
 * open resets share.
 *
 * @module
 */
import { inferProgress, type ResetProgress, type ResetState } from "fireblocks-reset-device";
import type { EventSource } from "../api";
import type { WaitUntil } from "../fireblocks/shared";
import { itemsNaming } from "../fireblocks/upstream";
import { errorName } from "../log";
import type { Row } from "../records/row";
import { bounded, type Change } from "../records/store";
import type { Services } from "../services";
import { LOST_A_RUN, type Looks, look, type SeenStatus } from "./looks";

/** Records that one run looks after, those longest not looked after first. */
const RECORDS_A_RUN = 200;
/** Changes of a user's status that a record remembers. */
const STATUSES_KEPT = 20;

const FOLLOWED = ["approvalRequested", "approved", "awaitingPairing", "awaitingSetup", "unknown"];

/** @returns how many records were looked after */
export async function followOpen(services: Services, waitUntil: WaitUntil): Promise<number> {
  const { bindings, log, now } = services;
  const places = FOLLOWED.map(() => "?").join(", ");
  const statement = bindings.DB.prepare(
    `SELECT * FROM resets WHERE open = 1 AND state IN (${places}) ORDER BY followed_at LIMIT ?`,
  );
  const { results } = await bounded(statement.bind(...FOLLOWED, RECORDS_A_RUN).all<Row>());
  if (results.length === 0) return 0;
  const rows = inTurn(results, now());

  const crowded = await overlapping(bindings.DB, rows);
  const alone = rows.filter((row) => row.other_resets_open === 0 && !crowded.has(row.id)).map(since);
  const looks = await look(services, alone.length === 0 ? undefined : Math.min(...alone), waitUntil);
  for (const row of rows) {
    if (looks.hidesOthers) crowded.add(row.id);
    try {
      const progress = await follow(services, row, looks, row.other_resets_open === 1 || crowded.has(row.id));
      if (progress.otherResetsOpen) crowded.add(row.id);
    } catch (error) {
      log({ level: "error", event: "followFailed", recordId: row.id, error: errorName(error) });
    }
  }
  // The order of the next run, and what may be believed in it; no part of the story, so it needs no event.
  const followed = rows.map((row) => row.id);
  await bounded(
    bindings.DB.prepare(
      `UPDATE resets SET followed_at = ?, other_resets_open = max(other_resets_open, id IN (SELECT value FROM json_each(?)))
       WHERE id IN (SELECT value FROM json_each(?))`,
    )
      .bind(now(), JSON.stringify([...crowded]), JSON.stringify(followed))
      .run(),
  );
  return rows.length;
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
  const newest = looks.statuses.get(row.user_id);
  const lost = mayHaveEnded(row) ? await looks.lost(row.approval_request_id) : undefined;
  // Beside other resets only what names this user tells anything, and a record must not cost what all of them cost.
  const waiting = otherResetsOpen ? itemsNaming(row.user_id, looks.approvals.items) : looks.approvals.items;
  const items = lost === undefined ? waiting : [...waiting, lost];
  const progress = await inferProgress({
    userId: row.user_id,
    since: since(row),
    ...(row.status_before !== null && { statusBefore: row.status_before }),
    // Also where it is what it was: that it is so now tells something.
    statuses: newest === undefined ? remembered : [...remembered, newest],
    ...(looks.approvals.readable && { approvals: { items, at: looks.approvalsAt } }),
    ...(looks.auditLogs && !otherResetsOpen && { auditLogs: looks.auditLogs }),
    otherResetsOpen,
    ...previousOf(row),
  });
  const statuses = JSON.stringify(withChange(remembered, newest));
  const now = services.now();
  await services.records.change(row.id, (current) => changeFor(current, row, progress, statuses, now), row);
  return progress;
}

/** A request that waited when it was last seen. */
function mayHaveEnded(row: Row): row is Row & { approval_request_id: string } {
  return row.approval_request_id !== null && (row.observed_state ?? row.state) === "approvalRequested";
}

/** What was reached before. Of an unknown record nothing was, but what was observed beside it. */
function previousOf(row: Row): { previous?: Pick<ResetProgress, "state" | "source" | "at"> } {
  const state = row.state === "unknown" ? row.observed_state : row.state;
  if (state === null) return {};
  return { previous: { state: state as ResetState, source: "receipt", at: row.updated_at } };
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
  if (progress.approvalRequestId !== undefined) set.approval_request_id = progress.approvalRequestId;
  const detail = {
    ...(progress.userStatus !== undefined && { userStatus: progress.userStatus }),
    ...(progress.approvals?.current !== undefined && { approvals: progress.approvals.current }),
    ...(progress.approvals?.threshold !== undefined && { approvalsNeeded: progress.approvals.threshold }),
    ...(progress.approvalRequestId !== undefined && { approvalRequestId: progress.approvalRequestId }),
    happenedAt: progress.at,
  };
  // What a look does not tell of the approvals it does not take back.
  const approvalsChanged = (["approvals_current", "approvals_threshold", "approval_request_id"] as const).some(
    (column) => set[column] !== undefined && set[column] !== current[column],
  );

  if (current.state === "unknown") {
    // Seen, but not known to be this record's doing: a person reads it and settles. The same is told once.
    const isNews = progress.state !== (current.observed_state ?? "unknown");
    const seen = progress.source !== "receipt" && isNews;
    if (!seen && !approvalsChanged) return undefined;
    return {
      set: { ...set, observed_state: progress.state },
      event: {
        event: "observed",
        source: sourceOf(progress, approvalsChanged),
        detail: { ...detail, state: progress.state },
      },
    };
  }
  if (progress.state !== current.state) {
    return {
      set: { ...set, state: progress.state, ...(progress.final && { open: 0 as const, closed_at: now }) },
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
