/**
 * The pages that an export reads of a table.
 *
 * @module
 */
import { bounded } from "./query";

/** Rows that are read at once. */
export const PAGE = 500;

/** Epoch milliseconds, both included. */
export interface Span {
  from: number;
  to: number;
}

/** The rows of a span by their time in `column`, oldest first. */
export async function* pagesBy<Column extends string, Row extends { id: string } & Record<Column, number>>(
  db: D1Database,
  table: "resets" | "help_requests" | "alarms" | "elsewhere",
  column: Column,
  { from, to }: Span,
): AsyncGenerator<Row[], undefined> {
  const statement = db.prepare(
    `SELECT * FROM ${table} WHERE ${column} <= ? AND (${column}, id) > (?, ?) ORDER BY ${column}, id LIMIT ?`,
  );
  let after: [number, string] = [from, ""];
  for (;;) {
    const { results: rows } = await bounded(statement.bind(to, ...after, PAGE).all<Row>());
    const last = rows.at(-1);
    if (last === undefined) return undefined;
    yield rows;
    if (rows.length < PAGE) return undefined;
    after = [last[column], last.id];
  }
}
