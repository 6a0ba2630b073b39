/**
 * Resets that were possibly made elsewhere, and up to where the sweep has accounted for what it saw.
 *
 * @module
 */
import type { ElsewhereReset } from "fireblocks-reset-device/gateway-api";
import type { Configuration } from "../configuration";
import { outboxOfElsewhere } from "./outbox";
import { bounded } from "./query";
import type { ElsewhereRow } from "./row";

/** Up to where the sweep has accounted for what it saw. */
export interface Mark {
  audit_until: number;
  /** JSON of user ids; null before the first look. */
  ready_users: string | null;
  ready_at: number | null;
}

/** One of our resets that may have had an effect at Fireblocks. */
export interface SentReset {
  id: string;
  requested_at: number;
  answered_at: number | null;
  lease_until: number | null;
  closed_at: number | null;
  /** Null in records that are older than it. */
  sent_as: string | null;
}

export async function readMark(db: D1Database): Promise<Mark> {
  const mark = await bounded(db.prepare("SELECT * FROM elsewhere_mark").first<Mark>());
  if (mark === null) throw new Error("elsewhere_mark has no row");
  return mark;
}

/** A reset may leave this long after it was asked for: what is proposed waits for a second person at most so long. */
const LONGEST_BEFORE_SENDING_MS = 31 * 86_400_000;

/** What is known already of rows since `since`, and those of our resets that none of them stands for yet. */
export async function readAccounts(db: D1Database, since: number): Promise<{ rowIds: Set<string>; sent: SentReset[] }> {
  const [rows, sent] = await bounded(
    db.batch([
      db.prepare("SELECT id FROM audit_rows WHERE at >= ?").bind(since),
      db
        .prepare(
          `SELECT id, coalesce(requested_at, created_at) AS requested_at, answered_at, lease_until, closed_at, sent_as FROM resets
           WHERE created_at >= ? AND attempts > 0 AND state <> 'refused'
             AND coalesce(answered_at, closed_at, lease_until, updated_at) >= ?
             AND NOT EXISTS (SELECT 1 FROM audit_rows WHERE reset_id = resets.id)`,
        )
        .bind(since - LONGEST_BEFORE_SENDING_MS, since - 86_400_000),
    ]),
  );
  return {
    rowIds: new Set(((rows?.results ?? []) as { id: string }[]).map(({ id }) => id)),
    sent: (sent?.results ?? []) as SentReset[],
  };
}

/** The users of `ids` whose fall one of our own resets may have brought about: one that is open, or that nobody saw end. */
export async function usersOfOwnResets(db: D1Database, ids: readonly string[], since: number): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const statement = db.prepare(
    `SELECT DISTINCT user_id FROM resets WHERE user_id IN (SELECT value FROM json_each(?1)) AND attempts > 0
       AND (open = 1 OR (state IN ('settled', 'failed') AND created_at >= ?2))`,
  );
  const { results } = await bounded(statement.bind(JSON.stringify(ids), since).all<{ user_id: string }>());
  return new Set(results.map(({ user_id }) => user_id));
}

/** Entries that lack either a request or a fall, and may yet get it, the oldest first. */
export async function halfEntries(db: D1Database, since: number): Promise<ElsewhereRow[]> {
  const statement = db.prepare(
    "SELECT * FROM elsewhere WHERE seen_at >= ? AND (requested_at IS NULL OR user_id IS NULL) ORDER BY seen_at, id",
  );
  return (await bounded(statement.bind(since).all<ElsewhereRow>())).results;
}

/** What one run of the sweep found. */
export interface Findings {
  /** The rows that were accounted for, and by what. */
  rows: { id: string; at: number; reset_id?: string; elsewhere_id?: string }[];
  entries: ElsewhereRow[];
  /** Entries that got their other half. */
  completed: ElsewhereRow[];
  mark: Mark;
}

/**
 * Writes the findings of a run, all or none: of two runs at once the second writes nothing.
 *
 * @returns whether they were written
 */
export async function writeFindings(
  db: D1Database,
  configuration: Configuration,
  before: Mark,
  found: Findings,
  forget: number,
): Promise<boolean> {
  const unchanged = "(SELECT 1 FROM elsewhere_mark WHERE audit_until = ?1 AND ready_at IS ?2)";
  const guard = [before.audit_until, before.ready_at] as const;
  const columns = [
    "id",
    "seen_at",
    "requested_at",
    "actor_id",
    "actor",
    "by_our_key",
    "user_id",
    "user_email",
    "ready_at",
    "fell_at",
  ] as const;
  const fields = columns.map((name) => `value ->> '${name}'`).join(", ");
  const halves = columns.slice(2);
  const results = await bounded(
    db.batch([
      db
        .prepare(
          `INSERT INTO elsewhere (${columns.join(", ")}) SELECT ${fields} FROM json_each(?3) WHERE EXISTS ${unchanged}`,
        )
        .bind(...guard, JSON.stringify(found.entries)),
      db
        .prepare(
          `UPDATE elsewhere SET ${halves.map((name) => `${name} = found.value ->> '${name}'`).join(", ")}
           FROM json_each(?3) AS found WHERE elsewhere.id = found.value ->> 'id' AND EXISTS ${unchanged}`,
        )
        .bind(...guard, JSON.stringify(found.completed)),
      db
        .prepare(
          `INSERT INTO audit_rows (id, at, reset_id, elsewhere_id)
           SELECT value ->> 'id', value ->> 'at', value ->> 'reset_id', value ->> 'elsewhere_id' FROM json_each(?3)
           WHERE EXISTS ${unchanged}`,
        )
        .bind(...guard, JSON.stringify(found.rows)),
      db.prepare("DELETE FROM audit_rows WHERE at < ?").bind(forget),
      ...outboxOfElsewhere(db, configuration, found.entries),
      db
        .prepare(
          `UPDATE elsewhere_mark SET audit_until = ?3, ready_users = ?4, ready_at = ?5 WHERE EXISTS ${unchanged}`,
        )
        .bind(...guard, found.mark.audit_until, found.mark.ready_users, found.mark.ready_at),
    ]),
  );
  return results.at(-1)?.meta.changes === 1;
}

/** A page, the newest first. `before` is an entry's id. */
export async function listElsewhere(
  db: D1Database,
  { undecided, before, limit }: { undecided: boolean; before: string | undefined; limit: number },
): Promise<ElsewhereRow[]> {
  const statement = db.prepare(
    `SELECT * FROM elsewhere WHERE (?1 = 0 OR verdict IS NULL)
       AND (?2 IS NULL OR (seen_at, id) < (SELECT seen_at, id FROM elsewhere WHERE id = ?2))
     ORDER BY seen_at DESC, id DESC LIMIT ?3`,
  );
  return (await bounded(statement.bind(Number(undecided), before ?? null, limit).all<ElsewhereRow>())).results;
}

export async function getElsewhere(db: D1Database, id: string): Promise<ElsewhereRow | null> {
  return bounded(db.prepare("SELECT * FROM elsewhere WHERE id = ?").bind(id).first<ElsewhereRow>());
}

/** @returns whether this decided it; false where somebody had */
export async function decideElsewhere(
  db: D1Database,
  id: string,
  { verdict, at, by, reason }: NonNullable<ElsewhereReset["decision"]>,
): Promise<boolean> {
  const statement = db.prepare(
    "UPDATE elsewhere SET verdict = ?, decided_at = ?, decided_by = ?, reason = ? WHERE id = ? AND verdict IS NULL",
  );
  return (await bounded(statement.bind(verdict, at, by, reason, id).run())).meta.changes > 0;
}

export function toElsewhere(row: ElsewhereRow): ElsewhereReset {
  return {
    id: row.id,
    seenAt: row.seen_at,
    ...(row.requested_at !== null && {
      request: {
        at: row.requested_at,
        actor: row.actor ?? "",
        actorId: row.actor_id ?? "",
        byOurKey: row.by_our_key === 1,
      },
    }),
    ...(row.user_id !== null && {
      fall: {
        userId: row.user_id,
        ...(row.user_email !== null && { userEmail: row.user_email }),
        readyAt: row.ready_at ?? 0,
        at: row.fell_at ?? 0,
      },
    }),
    ...(row.verdict !== null && {
      decision: {
        verdict: row.verdict,
        at: row.decided_at ?? 0,
        by: row.decided_by ?? "",
        reason: row.reason ?? "",
      },
    }),
  };
}
