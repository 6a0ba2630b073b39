/**
 * What was refused to whom: bounded in number for each person and day, whatever somebody tries.
 *
 * @module
 */
import type { RefusedAttempt } from "fireblocks-reset-device/gateway-api";
import { bounded } from "./store";

/** Different attempts of one person on one day; what comes beyond is in the log alone. */
const ROWS_A_DAY = 100;
/** From here on the same attempt is not counted any further. */
const COUNTED = 1_000;
const DAY_MS = 86_400_000;

export interface RefusedAttemptRow {
  id: number;
  actor_id: string;
  actor: string;
  actor_kind: "person" | "service";
  action: string;
  subject: string;
  code: number;
  count: number;
  first_at: number;
  last_at: number;
}

export async function keepRefusal(
  db: D1Database,
  refusal: Omit<RefusedAttemptRow, "id" | "count" | "first_at" | "last_at">,
  at: number,
): Promise<void> {
  const { actor_id, actor, actor_kind, action, subject, code } = refusal;
  const day = at - (at % DAY_MS);
  await bounded(
    db.batch([
      db
        .prepare(
          `INSERT INTO refused_attempts (day, actor_id, actor, actor_kind, action, subject, code, count, first_at, last_at)
           SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, ?8, ?8
           WHERE (SELECT COUNT(*) FROM refused_attempts WHERE day = ?1 AND actor_id = ?2) < ?9
             AND NOT EXISTS (SELECT 1 FROM refused_attempts
               WHERE day = ?1 AND actor_id = ?2 AND action = ?5 AND subject = ?6 AND code = ?7)`,
        )
        .bind(day, actor_id, actor, actor_kind, action, subject, code, at, ROWS_A_DAY),
      db
        .prepare(
          `UPDATE refused_attempts SET count = count + 1, last_at = max(last_at, ?6)
           WHERE day = ?1 AND actor_id = ?2 AND action = ?3 AND subject = ?4 AND code = ?5 AND count < ?7`,
        )
        .bind(day, actor_id, action, subject, code, at, COUNTED),
    ]),
  );
}

/** A page, the newest first. */
export async function listRefusals(
  db: D1Database,
  { before, limit }: { before: number; limit: number },
): Promise<RefusedAttemptRow[]> {
  const statement = db.prepare("SELECT * FROM refused_attempts WHERE id < ? ORDER BY id DESC LIMIT ?");
  return (await bounded(statement.bind(before, limit).all<RefusedAttemptRow>())).results;
}

/** A page of those that were last made in a time, in the order in which they were first made. */
export async function refusalsBetween(
  db: D1Database,
  { from, to, after, limit }: { from: number; to: number; after: number; limit: number },
): Promise<RefusedAttemptRow[]> {
  const statement = db.prepare(
    "SELECT * FROM refused_attempts WHERE id > ? AND last_at >= ? AND first_at <= ? ORDER BY id LIMIT ?",
  );
  return (await bounded(statement.bind(after, from, to, limit).all<RefusedAttemptRow>())).results;
}

export function toRefusedAttempt(row: RefusedAttemptRow): RefusedAttempt {
  return {
    id: row.id,
    actor: row.actor,
    actorId: row.actor_id,
    action: row.action,
    ...(row.subject !== "" && { subject: row.subject }),
    code: row.code,
    count: row.count,
    firstAt: row.first_at,
    lastAt: row.last_at,
  };
}
