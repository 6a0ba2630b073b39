/**
 * Resets that were possibly made elsewhere in the export: what was seen of each, and what somebody has said of it.
 *
 * @module
 */
import { toElsewhere } from "./elsewhere";
import { pagesBy, type Span } from "./export-pages";
import type { ElsewhereRow } from "./row";

/** Those that were seen in a time, oldest first. */
export function elsewherePages(db: D1Database, span: Span): AsyncGenerator<ElsewhereRow[], undefined> {
  return pagesBy(db, "elsewhere", "seen_at", span);
}

export function elsewhereObject(row: ElsewhereRow): object {
  return { elsewhere: toElsewhere(row) };
}

/** What stands in the export's columns: a line for what was seen, and one for what was said of it where somebody has. */
export function elsewhereCells(row: ElsewhereRow): Record<string, string | number | null>[] {
  const { request, fall } = toElsewhere(row);
  const { id: elsewhereId, verdict, reason } = row;
  const entry = { state: verdict ?? "undecided", userId: row.user_id, userEmail: row.user_email };
  const found = {
    ...entry,
    eventAt: new Date(row.seen_at).toISOString(),
    event: "elsewhere.found",
    eventSource: "sweep",
    eventDetail: JSON.stringify({ elsewhereId, request, fall }),
  };
  if (row.decided_at === null) return [found];
  const decided = {
    ...entry,
    eventAt: new Date(row.decided_at).toISOString(),
    event: "elsewhere.decided",
    eventSource: "person",
    eventActor: row.decided_by,
    eventDetail: JSON.stringify({ elsewhereId, verdict, reason }),
  };
  return [found, decided];
}
