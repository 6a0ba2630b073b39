/**
 * Pages of records: newest first, by keyset, each filter on an index of its own. Nothing is counted.
 *
 * @module
 */
import type { RecordState } from "fireblocks-reset-device/gateway-api";
import * as v from "valibot";
import { lowerEmail } from "../email";
import { CODES, GatewayError } from "../errors";
import type { Row } from "./row";
import { bounded } from "./store";

const STATES = Object.keys({
  proposed: true,
  waiting: true,
  recorded: true,
  sending: true,
  approvalRequested: true,
  approved: true,
  awaitingPairing: true,
  awaitingSetup: true,
  completed: true,
  rejected: true,
  cancelled: true,
  expired: true,
  failed: true,
  refused: true,
  unknown: true,
  settled: true,
  stopped: true,
  withdrawn: true,
} satisfies Record<RecordState, true>) as RecordState[];

const Time = v.pipe(v.string(), v.regex(/^\d{1,15}$/, "must be epoch milliseconds"), v.transform(Number));
const Text = v.pipe(v.string(), v.nonEmpty("is empty"), v.maxLength(320, "is too long"));

const Query = v.strictObject(
  {
    cursor: v.optional(v.pipe(v.string(), v.regex(/^\d{1,15}_[0-9a-f-]{36}$/, "is not one of ours"))),
    limit: v.optional(
      v.pipe(v.string(), v.regex(/^\d{1,3}$/, "must be 1 to 100"), v.transform(Number), v.minValue(1), v.maxValue(100)),
      "25",
    ),
    state: v.optional(v.picklist(STATES, "is not a state")),
    review: v.optional(v.picklist(["due"], "must be due")),
    open: v.optional(v.picklist(["true", "false"], "must be true or false")),
    userId: v.optional(Text),
    // As records name them: an e-mail in ASCII lower case, and a service token's client id as it is.
    askedBy: v.optional(
      v.pipe(
        Text,
        v.transform((name) => (name.includes("@") ? lowerEmail(name) : name)),
      ),
    ),
    from: v.optional(Time),
    to: v.optional(Time),
  },
  "is not a filter",
);

export type ListQuery = v.InferOutput<typeof Query>;

/** @throws {@link GatewayError} 400 */
export function parseListQuery(query: Record<string, string>): ListQuery {
  const parsed = v.safeParse(Query, query);
  if (parsed.success) return parsed.output;
  const sentences = parsed.issues.map((issue) => `${v.getDotPath(issue) ?? "The query"} ${issue.message}`);
  throw new GatewayError(400, CODES.invalidRequest, `${sentences.join(". ")}.`);
}

/** Open records in stages that have an end; more than these are not looked through for what is due first. */
const MOST_DUE = 1_000;

/** Open records for which somebody is awaited until some time. In no order: when that is depends on settings. */
export async function listDue(db: D1Database): Promise<Row[]> {
  const statement = db.prepare(
    `SELECT * FROM resets INDEXED BY resets_open
     WHERE open = 1 AND state IN ('proposed', 'waiting', 'approvalRequested', 'awaitingSetup') LIMIT ?`,
  );
  return (await bounded(statement.bind(MOST_DUE).all<Row>())).results;
}

/** One page, and the cursor of the next. */
export async function listRecords(db: D1Database, query: ListQuery): Promise<{ rows: Row[]; next?: string }> {
  const { sql, values } = listStatement(query);
  const { results } = await bounded(
    db
      .prepare(sql)
      .bind(...values)
      .all<Row>(),
  );
  const rows = results.slice(0, query.limit);
  const last = rows.at(-1);
  if (results.length <= query.limit || last === undefined) return { rows };
  return { rows, next: `${last.created_at}_${last.id}` };
}

/** The statement of a page; one row more than asked for tells whether there is a next page. */
export function listStatement(query: ListQuery): { sql: string; values: (string | number)[] } {
  const conditions: string[] = [];
  const values: (string | number)[] = [];
  const add = (condition: string, ...bound: (string | number)[]) => {
    conditions.push(condition);
    values.push(...bound);
  };
  if (query.userId !== undefined) add("user_id = ?", query.userId);
  if (query.askedBy !== undefined) add("asked_by = ?", query.askedBy);
  if (query.state !== undefined) add("state = ?", query.state);
  if (query.review === "due") add("break_glass IS NOT NULL AND reviewed_at IS NULL");
  // Written out, since the index of open records is used only where the condition can be seen to be its own.
  if (query.open === "true") add("open = 1");
  if (query.open === "false") add("open = 0");
  if (query.from !== undefined) add("created_at >= ?", query.from);
  if (query.to !== undefined) add("created_at <= ?", query.to);
  if (query.cursor !== undefined) {
    const [createdAt, id] = query.cursor.split("_") as [string, string];
    add("(created_at, id) < (?, ?)", Number(createdAt), id);
  }
  // Open records are few, as many as users at most; without being told, the database may read all of a state instead.
  const hint = query.open === "true" ? "INDEXED BY resets_open" : "";
  const where = conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`;
  return {
    sql: `SELECT * FROM resets ${hint} ${where} ORDER BY created_at DESC, id DESC LIMIT ?`,
    values: [...values, query.limit + 1],
  };
}
