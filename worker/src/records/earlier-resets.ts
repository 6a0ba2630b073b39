/**
 * The resets beside one: what a policy counts, and the day's numbers.
 *
 * @module
 */
import { dayOf, ofDay } from "./day";
import { bounded } from "./query";
import type { Row } from "./row";

/** More than any rule counts to. */
const MOST = 1_000;

/** What ended before it was sent is no reset; what waits for its time may become one. */
export const MAY_BE_SENT = "(open = 1 OR attempts > 0) AND outcome IS NOT 'refused' AND outcome IS NOT 'notSent'";

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

/** How many others count on the day of `now`, by the same asker and by all. */
export async function othersToday(db: D1Database, row: Row, now: number): Promise<{ byAsker: number; byAll: number }> {
  const statement = db
    .prepare(
      `SELECT ${ofDay("?2", "?4", "asked_by = ?1 AND id <> ?3")} AS byAsker, ${ofDay("?2", "?4", "id <> ?3")} AS byAll`,
    )
    .bind(row.asked_by, dayOf(now), row.id, MOST);
  return (await bounded(statement.first<{ byAsker: number; byAll: number }>())) ?? { byAsker: 0, byAll: 0 };
}
