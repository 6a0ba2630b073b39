/**
 * The whole story of all records, for an auditor: CSV or JSON lines, streamed.
 *
 * @module
 */
import type { EventRow, Row } from "./row";
import { toEvent, toRecord } from "./row";
import { bounded } from "./store";

/** One line of the export. */
interface Line {
  row: Row;
  events: EventRow[];
}

const PAGE = 200;

const COLUMNS = [
  "recordId",
  "askedAt",
  "state",
  "open",
  "askedBy",
  "releasedBy",
  "userId",
  "userEmail",
  "userName",
  "userRole",
  "statusBefore",
  "reason",
  "reference",
  "verifiedBy",
  "upstreamKey",
  "attempts",
  "outcome",
  "requestId",
  "message",
  "closedAt",
  "callerKey",
  "askerKind",
  "askerId",
  "roleBy",
  "listAgeMs",
  "eventAt",
  "event",
  "eventSource",
  "eventActor",
  "eventDetail",
] as const;

export interface ExportOptions {
  format: "csv" | "jsonl";
  /** Epoch milliseconds, both included. */
  from: number;
  to: number;
  now: number;
  staleAfterMs: number;
}

/**
 * Oldest first. A read that fails ends the stream with an error, so that a broken download never looks whole.
 *
 * JSON lines: one record a line, with its events. CSV: one event a line, with its record's facts.
 */
export function exportStream(db: D1Database, options: ExportOptions): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const pages = linePages(db, options);
  let first = true;
  return new ReadableStream({
    async pull(controller) {
      const page = await pages.next();
      const head = first && options.format === "csv" ? `${COLUMNS.join(",")}\r\n` : "";
      first = false;
      const text = page.done ? "" : page.value.map((line) => format(line, options)).join("");
      if (head + text !== "") controller.enqueue(encoder.encode(head + text));
      if (page.done) controller.close();
    },
  });
}

async function* linePages(db: D1Database, { from, to }: ExportOptions): AsyncGenerator<Line[], undefined> {
  let after: [number, string] = [from, ""];
  for (;;) {
    const statement = db
      .prepare(
        "SELECT * FROM resets WHERE created_at <= ? AND (created_at, id) > (?, ?) ORDER BY created_at, id LIMIT ?",
      )
      .bind(to, ...after, PAGE);
    const { results: rows } = await bounded(statement.all<Row>());
    const last = rows.at(-1);
    if (last === undefined) return undefined;
    const ids = JSON.stringify(rows.map((row) => row.id));
    const story = db
      .prepare("SELECT * FROM events WHERE reset_id IN (SELECT value FROM json_each(?)) ORDER BY reset_id, seq")
      .bind(ids);
    const events = Map.groupBy((await bounded(story.all<EventRow>())).results, (event) => event.reset_id);
    yield rows.map((row) => ({ row, events: events.get(row.id) ?? [] }));
    if (rows.length < PAGE) return undefined;
    after = [last.created_at, last.id];
  }
}

function format(line: Line, options: ExportOptions): string {
  return options.format === "jsonl" ? jsonLine(line, options) : csvLines(line);
}

function jsonLine({ row, events }: Line, { now, staleAfterMs }: ExportOptions): string {
  const record = { ...toRecord(row, now, staleAfterMs), ...forAuditors(row), events: events.map(toEvent) };
  return `${JSON.stringify(record)}\n`;
}

/** What the page has no use for, but the story needs: how the asker was known, and by which key it was asked. */
function forAuditors({ closed_at, caller_key, asker_kind, asker_id, role_by }: Row) {
  return {
    ...(closed_at !== null && { closedAt: closed_at }),
    ...(caller_key !== null && { callerKey: caller_key }),
    askerKind: asker_kind,
    askerId: asker_id,
    roleBy: role_by,
  };
}

function csvLines({ row, events }: Line): string {
  const record = [
    row.id,
    new Date(row.created_at).toISOString(),
    row.state,
    row.open === 1 ? "true" : "false",
    row.asked_by,
    row.released_by,
    row.user_id,
    row.user_email,
    row.user_name,
    row.user_role,
    row.status_before,
    row.reason,
    row.reference,
    row.verified_by,
    row.upstream_key,
    row.attempts,
    row.outcome,
    row.request_id,
    row.message,
    row.closed_at === null ? null : new Date(row.closed_at).toISOString(),
    row.caller_key,
    row.asker_kind,
    row.asker_id,
    row.role_by,
    row.list_age_ms,
  ];
  return events
    .map(({ at, event, source, actor, detail }) =>
      [...record, new Date(at).toISOString(), event, source, actor, detail].map(csvCell).join(","),
    )
    .map((cells) => `${cells}\r\n`)
    .join("");
}

/**
 * A cell that a spreadsheet shows as text. One that begins like a formula would be run when the file is opened, so
 * it gets an apostrophe in front, which spreadsheets read as "text follows".
 */
export function csvCell(value: string | number | null): string {
  if (value === null) return "";
  const text =
    typeof value === "string" && /^[\s\p{C}]*[=+\-@|%\uFF1D\uFF0B\uFF0D\uFF20]/u.test(value)
      ? `'${value}`
      : String(value);
  return /[",\r\n']/.test(text) || /^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
