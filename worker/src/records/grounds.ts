/**
 * On what a new record's demands were decided, looked at again by the database as it writes the record: of two at once the
 * second counts the first.
 *
 * @module
 */
import { MAY_BE_SENT } from "./earlier-resets";

/** What was seen of the records when it was decided what a reset needs. */
export interface Grounds {
  /** Whether an alarm about the person was open. */
  alarmed: boolean;
  /** The counts that were not reached. */
  notReached: readonly Count[];
}

/** So many others since then, of the same person or of all, and a rule matches that did not. */
export interface Count {
  ofPerson: boolean;
  since: number;
  others: number;
}

/**
 * Whether more is to be looked at by now than was, as SQL.
 *
 * @param userId the user's id, as SQL
 * @param first the place of the first of the two values of {@link groundValues}
 */
export function hasMoreGrounds(userId: string, first: number): string {
  const since = `SELECT COUNT(*) FROM resets WHERE created_at > (value ->> 'since') AND ${MAY_BE_SENT}`;
  return `((?${first} = 0 AND EXISTS (SELECT 1 FROM alarms WHERE user_id = ${userId} AND closed_at IS NULL))
    OR EXISTS (SELECT 1 FROM json_each(?${first + 1}) WHERE (value ->> 'others') <=
      CASE value ->> 'ofPerson' WHEN 1 THEN (${since} AND user_id = ${userId}) ELSE (${since}) END))`;
}

/** Without grounds there is nothing to look at again. */
export function groundValues(grounds: Grounds | undefined): [0 | 1, string] {
  if (grounds === undefined) return [1, "[]"];
  return [grounds.alarmed ? 1 : 0, JSON.stringify(grounds.notReached)];
}
