/**
 * The resets beside one: what a policy counts, and the day's numbers.
 *
 * @module
 */
import type { Row } from "./row";
import { bounded } from "./store";

/** More than any rule counts to. */
const MOST = 1_000;

/** What ended before it was sent is no reset; what waits for its time may become one. */
const MAY_BE_SENT = "(open = 1 OR attempts > 0) AND outcome IS NOT 'refused' AND outcome IS NOT 'notSent'";

/** When the others were asked for, of the same person and in the workspace, back to two times. */
export async function otherResets(
  db: D1Database,
  {
    userId,
    but,
    personSince,
    workspaceSince,
  }: { userId: string; but: string; personSince: number; workspaceSince: number },
): Promise<{ ofPerson: number[]; inWorkspace: number[] }> {
  const ofPerson = db
    .prepare(
      `SELECT created_at FROM resets WHERE user_id = ? AND created_at > ? AND id <> ? AND ${MAY_BE_SENT} LIMIT ?`,
    )
    .bind(userId, personSince, but, MOST);
  const inWorkspace = db
    .prepare(`SELECT created_at FROM resets WHERE created_at > ? AND id <> ? AND ${MAY_BE_SENT} LIMIT ?`)
    .bind(workspaceSince, but, MOST);
  const [person, workspace] = await bounded(db.batch<Pick<Row, "created_at">>([ofPerson, inWorkspace]));
  const times = (found: typeof person) => (found?.results ?? []).map((row) => row.created_at);
  return { ofPerson: times(person), inWorkspace: times(workspace) };
}

/** How many others were asked for on the day (UTC) of `now`, by the same asker and by all. */
export async function othersToday(db: D1Database, row: Row, now: number): Promise<{ byAsker: number; byAll: number }> {
  const since = now - (now % 86_400_000);
  const statement = db
    .prepare(
      `SELECT (SELECT COUNT(*) FROM resets WHERE asked_by = ?1 AND created_at >= ?2 AND id <> ?3) AS byAsker,
         (SELECT COUNT(*) FROM resets WHERE created_at >= ?2 AND id <> ?3) AS byAll`,
    )
    .bind(row.asked_by, since, row.id);
  return (await bounded(statement.first<{ byAsker: number; byAll: number }>())) ?? { byAsker: 0, byAll: 0 };
}
