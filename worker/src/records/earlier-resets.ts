/**
 * The resets beside one: what a policy counts, and the day's numbers.
 *
 * @module
 */
import type { Configuration } from "../configuration";
import { CODES, GatewayError } from "../errors";
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

/** Whether the day's numbers have room for one more that leaves, beside all others that count on it, as SQL. @param id its record's, as SQL */
export function hasRoom(id: string, now: number, { dailyResetLimit, workspaceDailyLimit }: Limits): string {
  const others = (limit: number, only: string) => `${ofDay(String(dayOf(now)), String(limit), only)} < ${limit}`;
  return `(SELECT ${others(dailyResetLimit, "asked_by = leaving.asked_by AND id <> leaving.id")}
    AND ${others(workspaceDailyLimit, "id <> leaving.id")} FROM resets AS leaving WHERE leaving.id = ${id})`;
}

/** What is said where they have none; undefined where they have. */
export async function noRoom(db: D1Database, row: Row, now: number, limits: Limits): Promise<GatewayError | undefined> {
  const { byAsker, byAll } = await othersToday(db, row, now);
  if (byAsker < limits.dailyResetLimit && byAll < limits.workspaceDailyLimit) return undefined;
  const code = byAsker < limits.dailyResetLimit ? CODES.workspaceLimit : CODES.dailyLimit;
  return new GatewayError(409, code, "The day's number of resets is used up. Nothing was sent.", { recordId: row.id });
}

type Limits = Pick<Configuration, "dailyResetLimit" | "workspaceDailyLimit">;

/** How many others count on the day of `now`, by the same asker and by all. */
async function othersToday(db: D1Database, row: Row, now: number): Promise<{ byAsker: number; byAll: number }> {
  const statement = db
    .prepare(
      `SELECT ${ofDay("?2", "?4", "asked_by = ?1 AND id <> ?3")} AS byAsker, ${ofDay("?2", "?4", "id <> ?3")} AS byAll`,
    )
    .bind(row.asked_by, dayOf(now), row.id, MOST);
  return (await bounded(statement.first<{ byAsker: number; byAll: number }>())) ?? { byAsker: 0, byAll: 0 };
}
