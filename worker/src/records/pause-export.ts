/**
 * The pauses of all resets in the export: who set each and why, and who ended it.
 *
 * @module
 */
import type { Span } from "./export-pages";
import { bounded } from "./query";

interface PauseRow {
  id: number;
  at: number;
  by: string;
  reason: string;
  ended_at: number | null;
  ended_by: string | null;
}

/** Those that began in a time, oldest first: few, since people set them. */
export async function pausesBetween(db: D1Database, { from, to }: Span): Promise<PauseRow[]> {
  const statement = db.prepare("SELECT * FROM pauses WHERE at BETWEEN ? AND ? ORDER BY at, id").bind(from, to);
  return (await bounded(statement.all<PauseRow>())).results;
}

export function pauseObject({ id, at, by, reason, ended_at, ended_by }: PauseRow): object {
  return { pause: { id, at, by, reason, ...(ended_at !== null && { endedAt: ended_at, endedBy: ended_by }) } };
}

/** What stands in the export's columns: a line for its beginning, and one for its end where it has ended. */
export function pauseCells(row: PauseRow): Record<string, string | number | null>[] {
  const { id: pauseId, ended_at, ended_by } = row;
  const pause = { state: ended_at === null ? "paused" : "resumed" };
  const begun = {
    ...pause,
    eventAt: new Date(row.at).toISOString(),
    event: "pause.set",
    eventSource: row.by === "sweep" ? "sweep" : "person",
    eventActor: row.by,
    eventDetail: JSON.stringify({ pauseId, reason: row.reason }),
  };
  if (ended_at === null) return [begun];
  const ended = {
    ...pause,
    eventAt: new Date(ended_at).toISOString(),
    event: "pause.ended",
    eventSource: "person",
    eventActor: ended_by,
    eventDetail: JSON.stringify({ pauseId }),
  };
  return [begun, ended];
}
