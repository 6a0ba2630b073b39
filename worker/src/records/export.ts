/**
 * The whole story of all records, for an auditor: CSV or JSON lines, streamed.
 *
 * @module
 */
import { PROOF_WORDS, type ProofGiven } from "fireblocks-reset-device/gateway-api";
import { alarmCells, alarmObject, alarmPages } from "./alarm-export";
import { elsewhereCells, elsewhereObject, elsewherePages } from "./elsewhere-export";
import { PAGE, pagesBy, type Span } from "./export-pages";
import { helpCells, helpObject, helpPages } from "./help-export";
import { pauseCells, pauseObject, pausesBetween } from "./pause-export";
import { type RefusedAttemptRow, refusalsBetween, toRefusedAttempt } from "./refused-attempts";
import type { EventRow, Row, Rules } from "./row";
import { evidenceOf, proofsOf, toEvent, toRecord } from "./row";
import { bounded } from "./store";

/** One line of the export. */
interface Line {
  row: Row;
  events: EventRow[];
}

/** A spreadsheet takes a file without it for another encoding. */
const BYTE_ORDER_MARK = "\uFEFF";

type Cell = string | number | null;

/** The columns of the CSV that tell of a record, and what stands in each. */
const RECORD_COLUMNS: Readonly<Record<string, (row: Row) => Cell>> = {
  recordId: (row) => row.id,
  askedAt: (row) => isoTime(row.created_at),
  state: (row) => row.state,
  open: (row) => String(row.open === 1),
  askedBy: (row) => row.asked_by,
  releasedBy: (row) => row.released_by,
  userId: (row) => row.user_id,
  userEmail: (row) => row.user_email,
  userName: (row) => row.user_name,
  userRole: (row) => row.user_role,
  statusBefore: (row) => row.status_before,
  reason: (row) => row.reason,
  reference: (row) => row.reference,
  verifiedBy: (row) => row.verified_by,
  upstreamKey: (row) => row.upstream_key,
  attempts: (row) => row.attempts,
  outcome: (row) => row.outcome,
  requestId: (row) => row.request_id,
  message: (row) => row.message,
  closedAt: (row) => (row.closed_at === null ? null : isoTime(row.closed_at)),
  callerKey: (row) => row.caller_key,
  askerKind: (row) => row.asker_kind,
  askerId: (row) => row.asker_id,
  roleBy: (row) => row.role_by,
  roleEntry: (row) => row.role_entry,
  workspaceId: (row) => row.workspace_id,
  sentAs: (row) => row.sent_as,
  listAgeMs: (row) => row.list_age_ms,
  evidence: evidenceOf,
  proofs: (row) => proofsOf(row).map(proofInWords).join("; "),
  because: (row) => row.because,
  demands: (row) => row.demands,
  leavesAt: (row) => (row.leaves_at === null ? null : isoTime(row.leaves_at)),
  helpRequestId: (row) => row.help_request_id,
  breakGlass: (row) => row.break_glass,
  reviewedAt: (row) => (row.reviewed_at === null ? null : isoTime(row.reviewed_at)),
  reviewedBy: (row) => row.reviewed_by,
  review: (row) => row.review,
};

/** Those that tell of one of its events. */
const EVENT_COLUMNS: Readonly<Record<string, (event: EventRow) => Cell>> = {
  eventAt: (event) => isoTime(event.at),
  event: (event) => event.event,
  eventSource: (event) => event.source,
  eventActor: (event) => event.actor,
  eventDetail: (event) => event.detail,
};

const COLUMNS = Object.keys({ ...RECORD_COLUMNS, ...EVENT_COLUMNS });
const HEAD = `${BYTE_ORDER_MARK}${COLUMNS.join(",")}\r\n`;

/** `Video call (Whoever stated it says …), by a@example.com: badge compared`. */
function proofInWords({ proof, by, text }: ProofGiven): string {
  const { label, meaning } = PROOF_WORDS[proof];
  return `${label} (${meaning}), by ${by}${text === undefined ? "" : `: ${text}`}`;
}

function isoTime(at: number): string {
  return new Date(at).toISOString();
}

export interface ExportOptions extends Span {
  format: "csv" | "jsonl";
  now: number;
  rules: Rules;
}

/**
 * Oldest first. A read that fails ends the stream with an error, so that a broken download never looks whole.
 *
 * JSON lines: one record a line, with its events. CSV: one event a line, with its record's facts. The requests for
 * help, the alarms, what was made elsewhere, the pauses and what was refused come last.
 */
export async function exportStream(db: D1Database, options: ExportOptions): Promise<ReadableStream<Uint8Array>> {
  const encoder = new TextEncoder();
  const pages = textPages(db, options);
  // Where nothing can be read the answer is an error, and no download at all.
  let next = await pages.next();
  return new ReadableStream({
    async pull(controller) {
      if (next.done) return controller.close();
      controller.enqueue(encoder.encode(next.value));
      next = await pages.next();
    },
  });
}

/** The records, then the requests for help, the alarms, what was made elsewhere, the pauses, and what was refused. */
async function* textPages(db: D1Database, options: ExportOptions): AsyncGenerator<string, undefined> {
  let head = options.format === "csv" ? HEAD : "";
  for await (const page of linePages(db, options)) {
    yield head + page.map((line) => format(line, options)).join("");
    head = "";
  }
  for await (const page of helpPages(db, options)) {
    yield head + page.map((line) => formatOther(helpObject(line), helpCells(line), options)).join("");
    head = "";
  }
  for await (const page of alarmPages(db, options)) {
    yield head + page.map((row) => formatOther(alarmObject(row), alarmCells(row), options)).join("");
    head = "";
  }
  for await (const page of elsewherePages(db, options)) {
    yield head + page.map((row) => formatOther(elsewhereObject(row), elsewhereCells(row), options)).join("");
    head = "";
  }
  const pauses = await pausesBetween(db, options);
  if (pauses.length > 0) {
    yield head + pauses.map((row) => formatOther(pauseObject(row), pauseCells(row), options)).join("");
    head = "";
  }
  for await (const page of refusalPages(db, options)) {
    yield head + page.map((row) => formatRefusal(row, options)).join("");
    head = "";
  }
  if (head !== "") yield head;
  return undefined;
}

async function* refusalPages(
  db: D1Database,
  { from, to }: ExportOptions,
): AsyncGenerator<RefusedAttemptRow[], undefined> {
  let after = 0;
  for (;;) {
    const rows = await refusalsBetween(db, { from, to, after, limit: PAGE });
    const last = rows.at(-1);
    if (last === undefined) return undefined;
    yield rows;
    after = last.id;
  }
}

/** What is no record of a reset: an object, or lines of the same columns. */
function formatOther(object: object, lines: Readonly<Record<string, Cell>>[], { format }: ExportOptions): string {
  return format === "jsonl" ? `${JSON.stringify(object)}\n` : lines.map(csvLine).join("");
}

function csvLine(cells: Readonly<Record<string, Cell>>): string {
  return `${COLUMNS.map((column) => csvCell(cells[column] ?? null)).join(",")}\r\n`;
}

/** What was tried on something else than a record. An alarm, and what was made elsewhere, have no column: the detail names them. */
const SUBJECT_COLUMNS: Readonly<Record<string, string | undefined>> = {
  reset: "userId",
  match: "helpRequestId",
  closeAlarm: undefined,
  decideElsewhere: undefined,
};

function formatRefusal(row: RefusedAttemptRow, { format }: ExportOptions): string {
  const refusedAttempt = toRefusedAttempt(row);
  if (format === "jsonl") return `${JSON.stringify({ refusedAttempt })}\n`;
  const { action, code, count, firstAt, subject } = refusedAttempt;
  const column = action in SUBJECT_COLUMNS ? SUBJECT_COLUMNS[action] : "recordId";
  const told: Readonly<Record<string, Cell>> = {
    ...(column !== undefined && { [column]: row.subject }),
    askerKind: row.actor_kind,
    askerId: row.actor_id,
    eventAt: isoTime(row.last_at),
    event: "refusedAttempt",
    eventSource: "worker",
    eventActor: row.actor,
    eventDetail: JSON.stringify({ action, subject, code, count, firstAt }),
  };
  return csvLine(told);
}

async function* linePages(db: D1Database, options: ExportOptions): AsyncGenerator<Line[], undefined> {
  for await (const rows of pagesBy<"created_at", Row>(db, "resets", "created_at", options)) {
    const ids = JSON.stringify(rows.map((row) => row.id));
    const story = db
      .prepare("SELECT * FROM events WHERE reset_id IN (SELECT value FROM json_each(?)) ORDER BY reset_id, seq")
      .bind(ids);
    const events = Map.groupBy((await bounded(story.all<EventRow>())).results, (event) => event.reset_id);
    yield rows.map((row) => ({ row, events: events.get(row.id) ?? [] }));
  }
  return undefined;
}

function format(line: Line, options: ExportOptions): string {
  return options.format === "jsonl" ? jsonLine(line, options) : csvLines(line);
}

function jsonLine({ row, events }: Line, { now, rules }: ExportOptions): string {
  const record = { ...toRecord(row, now, rules), ...forAuditors(row), events: events.map(toEvent) };
  return `${JSON.stringify(record)}\n`;
}

/** What the page has no use for, but the story needs: how the asker was known, and by which key it was asked. */
function forAuditors({ closed_at, caller_key, asker_kind, asker_id, role_by, role_entry, sent_as }: Row) {
  return {
    ...(closed_at !== null && { closedAt: closed_at }),
    ...(caller_key !== null && { callerKey: caller_key }),
    askerKind: asker_kind,
    askerId: asker_id,
    roleBy: role_by,
    ...(role_entry !== null && { roleEntry: role_entry }),
    ...(sent_as !== null && { sentAs: sent_as }),
  };
}

function csvLines({ row, events }: Line): string {
  const record = cellsOf(RECORD_COLUMNS, row);
  return events.map((event) => `${record},${cellsOf(EVENT_COLUMNS, event)}\r\n`).join("");
}

function cellsOf<T>(columns: Readonly<Record<string, (of: T) => Cell>>, of: T): string {
  return Object.values(columns)
    .map((cell) => csvCell(cell(of)))
    .join(",");
}

/** The beginning of a cell, or of what may become one, and the sign by which a formula is known; quotes may stand between. */
const FORMULA = /([;\t\n]|\r\n?|^)(?=[\s\p{C}"']*[=+\-@|%\uFF1D\uFF0B\uFF0D\uFF20])/gu;

/**
 * A cell that a spreadsheet shows as text. What begins like a formula would be run when the file is opened, so it gets an
 * apostrophe in front, which spreadsheets read as "text follows". That goes for each part of a cell that a spreadsheet
 * may take for a cell, where it splits at semicolons, tabs or line breaks.
 */
export function csvCell(value: Cell): string {
  if (value === null) return "";
  const text = typeof value === "string" ? value.replace(FORMULA, "$1'") : String(value);
  return /[",\r\n']/.test(text) || /^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
