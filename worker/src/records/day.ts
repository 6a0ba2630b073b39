/**
 * The day's numbers: what was asked for on it, and what was asked for before and left on it. Days are UTC.
 *
 * @module
 */

/** When the day of a time begins. */
export function dayOf(at: number): number {
  return at - (at % 86_400_000);
}

/**
 * How many resets count on a day, as SQL, and no further than a limit.
 *
 * @param since the day's beginning, as SQL
 * @param only which of them, as SQL
 */
export function ofDay(since: string, limit: string, only = "1"): string {
  return `(SELECT COUNT(*) FROM (
    SELECT 1 FROM resets WHERE created_at >= ${since} AND ${only}
    UNION ALL SELECT 1 FROM resets
      WHERE requested_at > created_at AND requested_at >= ${since} AND created_at < ${since} AND ${only}
    LIMIT ${limit}))`;
}
