/**
 * How many admins a new record must leave, counted by the database together with the resets that are open then: of two at
 * once the second counts the first.
 *
 * @module
 */

import { bounded } from "./query";

/** What an admin's reset must leave. */
export interface AdminGuard {
  /** The ids of admins who have a device and no reset that waits in Fireblocks, the reset's own user apart. */
  readyAdmins: readonly string[];
  /** Whether a request for another admin's reset waits in Fireblocks. */
  pendingElsewhere: boolean;
  /** Their roles: whose open resets count. */
  roles: readonly string[];
  min: number;
}

/**
 * Whether an admin's reset would leave too few admins beside another admin's, as SQL. With no other open it is never so: a
 * workspace must be able to recover.
 *
 * @param userId the user's id, as SQL
 * @param first the place of the first of the four values of {@link guardValues}
 */
export function leavesTooFew(userId: string, first: number): string {
  const others = `SELECT user_id FROM resets WHERE open = 1 AND user_id <> ${userId}`;
  return `(?${first} IS NOT NULL
    AND (SELECT COUNT(*) FROM json_each(?${first}) WHERE value NOT IN (${others})) < ?${first + 1}
    AND (?${first + 3} = 1 OR EXISTS (${others} AND user_role IN (SELECT value FROM json_each(?${first + 2})))))`;
}

/** Another admin's open reset: its record's id, as SQL in one column, null where none was asked for here. */
function othersOpen(userId: string, roles: string): string {
  return `(SELECT id FROM resets WHERE open = 1 AND user_id <> ${userId}
    AND user_role IN (SELECT value FROM json_each(${roles})) ORDER BY created_at LIMIT 1)`;
}

/** The same before it is asked for. @returns the record that stands in its way, if one does, undefined where nothing does */
export async function tooFewNow(
  db: D1Database,
  userId: string,
  guard: AdminGuard,
): Promise<{ recordId: string | null } | undefined> {
  const statement = db
    .prepare(`SELECT ${leavesTooFew("?1", 2)} AS too_few, ${othersOpen("?1", "?4")} AS other`)
    .bind(userId, ...guardValues(guard));
  const now = await bounded(statement.first<{ too_few: 0 | 1; other: string | null }>());
  return now?.too_few === 1 ? { recordId: now.other } : undefined;
}

/** Without a guard nothing is too few. */
export function guardValues(guard: AdminGuard | undefined): [string | null, number, string, 0 | 1] {
  if (guard === undefined) return [null, 0, "[]", 0];
  const { readyAdmins, min, roles, pendingElsewhere } = guard;
  return [JSON.stringify(readyAdmins), min, JSON.stringify(roles), pendingElsewhere ? 1 : 0];
}
