/**
 * The records in D1. A write may fail with its effect done or not done: each is made so that it can be told which
 * by reading again, and so that making it twice does nothing.
 *
 * @module
 */
import type { EventSource, ResetEvent } from "../api";
import type { Configuration } from "../configuration";
import { GatewayError } from "../errors";
import { notificationOf } from "../sweep/notification";
import { withTimeLimit } from "../time-limit";
import type { EventRow, Row } from "./row";

/** D1 usually answers within tens of milliseconds; past this its answer counts as lost. */
const QUERY_TIMEOUT_MS = 4_000;
const CHANGE_TRIES = 4;
const RETRY_DELAY_MS = 150;

export interface EventDraft {
  event: string;
  source: EventSource;
  actor?: string | undefined;
  detail?: ResetEvent["detail"] | undefined;
}

/** A change to a record: its new columns, and the event that tells why, or several in their order. */
export interface Change {
  set: Partial<Omit<Row, "id" | "version" | "updated_at">>;
  event: EventDraft | EventDraft[];
}

/** What a request for a reset finds: the record that its key was used for, and its user's open one. */
export interface Standing {
  byKey?: Row;
  open?: Row;
}

/**
 * What became of the wish to record a new reset. Not recorded though nothing stands in its way: the asker has had the
 * day's number.
 */
export type Insertion = { recorded: boolean; standing: Standing };

/** A write whose effect is not known, or a read that failed. */
export class StoreUnavailable extends Error {
  override readonly name = "StoreUnavailable";
}

export class Records {
  readonly #db: D1Database;
  readonly #configuration: Configuration;
  readonly #now: () => number;

  constructor(db: D1Database, configuration: Configuration, now: () => number) {
    this.#db = db;
    this.#configuration = configuration;
    this.#now = now;
  }

  get(id: string): Promise<Row | null> {
    return bounded(this.#db.prepare("SELECT * FROM resets WHERE id = ?").bind(id).first<Row>());
  }

  async events(id: string): Promise<EventRow[]> {
    const statement = this.#db.prepare("SELECT * FROM events WHERE reset_id = ? ORDER BY seq").bind(id);
    return (await bounded(statement.all<EventRow>())).results;
  }

  async standing(callerKey: string | undefined, userId: string): Promise<Standing> {
    const { results } = await bounded(this.#standingStatement(callerKey ?? null, userId).all<Row>());
    return standingIn(results, callerKey ?? null, userId);
  }

  /** Every user's open record: as many as users at most, by user id. */
  async allOpen(): Promise<Map<string, Pick<Row, "id" | "state">>> {
    const statement = this.#db.prepare("SELECT id, user_id, state FROM resets WHERE open = 1");
    const { results } = await bounded(statement.all<Pick<Row, "id" | "user_id" | "state">>());
    return new Map(results.map((row) => [row.user_id, row]));
  }

  /**
   * Writes a new record with its first events, if the user has none open, the key is free and the asker has not had
   * the day's number; and reads what stands beside it. All of it is one transaction of the database's.
   *
   * @throws {@link StoreUnavailable} where it is not known whether the record is there
   */
  async insert(row: Row, events: EventDraft[]): Promise<Insertion> {
    const columns = Object.keys(row) as (keyof Row)[];
    const its = (column: keyof Row) => `?${columns.indexOf(column) + 1}`;
    const dayStart = row.created_at - (row.created_at % 86_400_000);
    const limit = this.#configuration.dailyResetLimit;
    const record = this.#db
      .prepare(
        `INSERT INTO resets (${columns.join(", ")}) SELECT ${columns.map(its).join(", ")}
         WHERE NOT EXISTS (SELECT 1 FROM resets WHERE user_id = ${its("user_id")} AND open = 1 AND ${its("open")} = 1)
           AND NOT EXISTS (SELECT 1 FROM resets WHERE caller_key = ${its("caller_key")}
             AND (key_held = 1 AND ${its("key_held")} = 1 OR binding <> ${its("binding")}))
           AND (SELECT COUNT(*) FROM (
             SELECT 1 FROM resets WHERE asked_by = ${its("asked_by")} AND created_at >= ? LIMIT ?)) < ?`,
      )
      .bind(...columns.map((column) => row[column]), dayStart, limit, limit);
    const batch = [
      record,
      this.#storyStatement(row.id, 1, row.created_at, events),
      ...this.#outbox(row),
      this.#standingStatement(row.caller_key, row.user_id, row.id),
    ];
    const results = await bounded(this.#db.batch<Row>(batch)).catch((cause: unknown) => {
      throw new StoreUnavailable(undefined, { cause });
    });
    return {
      recorded: results[0]?.meta.changes === 1,
      standing: standingIn(results.at(-1)?.results ?? [], row.caller_key, row.user_id),
    };
  }

  /**
   * Changes a record under compare-and-set: `decide` sees the record as it is, and is asked again when another
   * writer came first or the write's answer was lost. It returns undefined where nothing is left to change, and may
   * throw a {@link GatewayError} to refuse.
   *
   * @param known The record as it was last seen, to save a reading: if it is not so any more, it is read again.
   * @returns the record as it is afterwards, and whether this call changed it
   * @throws {@link StoreUnavailable}
   */
  async change(
    id: string,
    decide: (row: Row) => Change | undefined,
    known?: Row,
  ): Promise<{ row: Row; changed: boolean }> {
    let failure: unknown;
    for (let attempt = 0; attempt < CHANGE_TRIES; attempt++) {
      if (attempt > 0) await pause(RETRY_DELAY_MS * 2 ** attempt);
      try {
        const row = attempt === 0 && known !== undefined ? known : await this.get(id);
        if (row === null) throw new StoreUnavailable("the record is not there");
        const change = decide(row);
        if (change === undefined) return { row, changed: false };
        return { row: await this.#apply(row, change), changed: true };
      } catch (error) {
        if (error instanceof GatewayError) throw error;
        failure = error;
      }
    }
    throw new StoreUnavailable(undefined, { cause: failure });
  }

  /** One try, from a row that was just read. Throws where another writer came first. */
  async #apply(row: Row, { set, event }: Change): Promise<Row> {
    const at = this.#now();
    const events = [event].flat();
    const next: Row = { ...row, ...set, version: row.version + events.length, updated_at: at };
    const columns = [...Object.keys(set), "version", "updated_at"] as (keyof Row)[];
    const update = this.#db
      .prepare(`UPDATE resets SET ${columns.map((column) => `${column} = ?`).join(", ")} WHERE id = ? AND version = ?`)
      .bind(...columns.map((column) => next[column]), row.id, row.version);
    // The last event's number is the record's new version: whoever comes second finds one taken, and nothing is written.
    await bounded(
      this.#db.batch([
        this.#storyStatement(row.id, row.version + 1, at, events),
        update,
        ...(next.state === row.state ? [] : this.#outbox(next)),
      ]),
    );
    return next;
  }

  /** The record that holds the key, or else one that set it free, and the user's open one; but not the record `but`. */
  #standingStatement(callerKey: string | null, userId: string, but = ""): D1PreparedStatement {
    return this.#db
      .prepare(
        `SELECT * FROM resets WHERE id <> ?3 AND id IN (
           SELECT id FROM (SELECT id FROM resets WHERE caller_key = ?1 ORDER BY key_held DESC LIMIT 1)
           UNION ALL SELECT id FROM resets WHERE user_id = ?2 AND open = 1)`,
      )
      .bind(callerKey, userId, but);
  }

  /** Events with numbers from `from` on. A record that was not to be written has no story. */
  #storyStatement(resetId: string, from: number, at: number, events: EventDraft[]): D1PreparedStatement {
    const places = events.map(() => "(?, ?, ?, ?, ?)").join(", ");
    const values = events.flatMap(({ event, source, actor, detail }, index) => [
      from + index,
      event,
      source,
      actor ?? null,
      detail === undefined ? null : JSON.stringify(detail),
    ]);
    return this.#db
      .prepare(
        `INSERT INTO events (reset_id, at, seq, event, source, actor, detail)
         SELECT ?1, ?2, * FROM (VALUES ${places}) WHERE EXISTS (SELECT 1 FROM resets WHERE id = ?1)`,
      )
      .bind(resetId, at, ...values);
  }

  #outbox(row: Row): D1PreparedStatement[] {
    if (this.#configuration.notify === undefined) return [];
    const body = JSON.stringify(notificationOf(row, this.#configuration.environment));
    return [
      this.#db
        .prepare(
          `INSERT INTO outbox (id, reset_id, created_at, next_attempt_at, body)
           SELECT ?1, ?2, ?3, ?3, ?4 WHERE EXISTS (SELECT 1 FROM resets WHERE id = ?2)`,
        )
        .bind(`${row.id}.${row.version}`, row.id, row.updated_at, body),
    ];
  }
}

/** A record may be both: the key's and the user's open one. */
function standingIn(rows: Row[], callerKey: string | null, userId: string): Standing {
  const byKey = rows.find((row) => callerKey !== null && row.caller_key === callerKey);
  const open = rows.find((row) => row.open === 1 && row.user_id === userId);
  return { ...(byKey && { byKey }), ...(open && { open }) };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Waits for D1 no longer than {@link QUERY_TIMEOUT_MS}: what takes longer counts as a query whose answer was lost. */
export function bounded<T>(query: Promise<T>): Promise<T> {
  return withTimeLimit(query, QUERY_TIMEOUT_MS, () => {
    throw new StoreUnavailable("D1 did not answer in time");
  });
}
