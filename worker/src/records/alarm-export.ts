/**
 * The alarms in the export: who raised each, about what, and how it was closed.
 *
 * @module
 */
import { toAlarm } from "./alarms";
import { pagesBy, type Span } from "./export-pages";
import type { AlarmRow } from "./row";

/** Those that were raised in a time, oldest first. */
export function alarmPages(db: D1Database, span: Span): AsyncGenerator<AlarmRow[], undefined> {
  return pagesBy(db, "alarms", "at", span);
}

/** One object, with the sign-in that raised it. */
export function alarmObject(row: AlarmRow): object {
  return { alarm: { ...toAlarm(row), raisedById: row.raised_by_id } };
}

/** What stands in the export's columns: a line for its beginning, and one for its end where it has ended. */
export function alarmCells(row: AlarmRow): Record<string, string | number | null>[] {
  const { id: alarmId, text, reason, closed_at, closed_by } = row;
  const alarm = {
    recordId: row.reset_id,
    state: closed_at === null ? "open" : "closed",
    userId: row.user_id,
    userEmail: row.user_email,
    userName: row.user_name,
    eventSource: "person",
  };
  const raised = {
    ...alarm,
    askerId: row.raised_by_id,
    eventAt: new Date(row.at).toISOString(),
    event: "alarm.raised",
    eventActor: row.raised_by,
    eventDetail: JSON.stringify({ alarmId, text }),
  };
  if (closed_at === null) return [raised];
  const closed = {
    ...alarm,
    eventAt: new Date(closed_at).toISOString(),
    event: "alarm.closed",
    eventActor: closed_by,
    eventDetail: JSON.stringify({ alarmId, reason }),
  };
  return [raised, closed];
}
