/**
 * The resets of one person's device, reduced to what is that person's business.
 *
 * @module
 */
import type { MyReset } from "fireblocks-reset-device/gateway-api";
import { dueOf, type Windows } from "./due";
import { contestedOf, type EventRow, evidenceOf, present, proofsOf, type Row } from "./row";
import { bounded } from "./store";

/** More than these are for whoever may read the history. */
const SHOWN = 20;

export interface OwnReset {
  row: Row;
  events: EventRow[];
}

/** Those of the given users, newest first. */
export async function resetsOf(db: D1Database, userIds: string[]): Promise<OwnReset[]> {
  const ids = JSON.stringify(userIds);
  const own = "user_id IN (SELECT value FROM json_each(?1)) ORDER BY created_at DESC, id DESC LIMIT ?2";
  const [resets, events] = await bounded(
    db.batch<unknown>([
      db.prepare(`SELECT * FROM resets WHERE ${own}`).bind(ids, SHOWN),
      db
        .prepare(`SELECT * FROM events WHERE reset_id IN (SELECT id FROM resets WHERE ${own}) ORDER BY reset_id, seq`)
        .bind(ids, SHOWN),
    ]),
  );
  const stories = Map.groupBy((events?.results ?? []) as EventRow[], (event) => event.reset_id);
  return ((resets?.results ?? []) as Row[]).map((row) => ({ row, events: stories.get(row.id) ?? [] }));
}

/**
 * Who asked, when, why, on what proof, how it stands. Not: what admins wrote about tickets and identity, their roles, keys and
 * attempts, or who else did what in between.
 */
export function toMyReset({ row, events }: OwnReset, now: number, windows: Windows): MyReset {
  const due = dueOf(row, windows, now);
  return {
    id: row.id,
    state: row.state,
    ...present("evidence", evidenceOf(row)),
    open: row.open === 1,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    askedBy: row.asked_by,
    ...present("releasedBy", row.released_by),
    ...present("reason", row.reason),
    ...present("because", row.because),
    proofs: [...new Set(proofsOf(row).map(({ proof }) => proof))],
    ...present("leavesAt", row.leaves_at),
    ...(due && { due }),
    ...present("told", row.told),
    ...contestedOf(row),
    events: events.map(({ seq, at, event, source }) => ({ seq, at, event, source })),
  };
}
