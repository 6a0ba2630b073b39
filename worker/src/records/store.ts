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

/** What became of the wish to record a new reset. */
export type Insertion =
  | "inserted"
  /** The user has an open reset. */
  | "open"
  /** The caller's key is held by another record, or bound to another reset. */
  | "key"
  /** The asker has had the day's number. */
  | "daily";

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

  openOf(userId: string): Promise<Row | null> {
    return bounded(this.#db.prepare("SELECT * FROM resets WHERE user_id = ? AND open = 1").bind(userId).first<Row>());
  }

  /** The record that holds a caller's key, or else one that it was set free by; and the user's open one. One round trip. */
  async standing(callerKey: string | undefined, userId: string): Promise<{ byKey?: Row; open?: Row }> {
    const results = await bounded(
      this.#db.batch<Row>([
        this.#db
          .prepare("SELECT * FROM resets WHERE caller_key = ? ORDER BY key_held DESC LIMIT 1")
          .bind(callerKey ?? null),
        this.#db.prepare("SELECT * FROM resets WHERE user_id = ? AND open = 1").bind(userId),
      ]),
    );
    const [byKey, open] = results.map((result) => result.results[0]);
    return { ...(byKey && { byKey }), ...(open && { open }) };
  }

  /** Every user's open record: as many as users at most, by user id. */
  async allOpen(): Promise<Map<string, Pick<Row, "id" | "state">>> {
    const statement = this.#db.prepare("SELECT id, user_id, state FROM resets WHERE open = 1");
    const { results } = await bounded(statement.all<Pick<Row, "id" | "user_id" | "state">>());
    return new Map(results.map((row) => [row.user_id, row]));
  }

  /**
   * Writes a new record with its first events, if the user has none open, the key is free and the asker has not had
   * the day's number: all decided by the database in the one write.
   *
   * @throws {@link StoreUnavailable} where it is not known whether the record is there
   */
  async insert(row: Row, events: EventDraft[]): Promise<Insertion> {
    const columns = Object.keys(row);
    const places = columns.map(() => "?").join(", ");
    const dayStart = row.created_at - (row.created_at % 86_400_000);
    const limit = this.#configuration.dailyResetLimit;
    const record = this.#db
      .prepare(
        `INSERT INTO resets (${columns.join(", ")}) SELECT ${places} WHERE (SELECT COUNT(*) FROM (
           SELECT 1 FROM resets WHERE asked_by = ? AND created_at >= ? LIMIT ?)) < ?`,
      )
      .bind(...Object.values(row), row.asked_by, dayStart, limit, limit);
    const story = events.map((event, index) => this.#eventStatement(row.id, index + 1, row.created_at, event));
    try {
      const [written] = await bounded(this.#db.batch([record, ...story, ...this.#outbox(row)]));
      return written?.meta.changes === 0 ? "daily" : "inserted";
    } catch (error) {
      const conflict = conflictOf(error);
      if (conflict === "open" || conflict === "key") return conflict;
      throw new StoreUnavailable(undefined, { cause: error });
    }
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
        ...events.map((draft, index) => this.#eventStatement(row.id, row.version + 1 + index, at, draft)),
        update,
        ...(next.state === row.state ? [] : this.#outbox(next)),
      ]),
    );
    return next;
  }

  #eventStatement(resetId: string, seq: number, at: number, draft: EventDraft): D1PreparedStatement {
    // A record that the day's number kept out has no story.
    return this.#db
      .prepare(
        `INSERT INTO events (reset_id, seq, at, event, source, actor, detail)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 WHERE EXISTS (SELECT 1 FROM resets WHERE id = ?1)`,
      )
      .bind(
        resetId,
        seq,
        at,
        draft.event,
        draft.source,
        draft.actor ?? null,
        draft.detail === undefined ? null : JSON.stringify(draft.detail),
      );
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

/** Which of the database's own rules stopped a write, by the words of its triggers and indexes. */
function conflictOf(error: unknown): Insertion | undefined {
  const message = error instanceof Error ? error.message : "";
  if (message.includes("user has an open reset") || message.includes("resets.user_id")) return "open";
  if (message.includes("key is held") || message.includes("key is bound") || message.includes("resets.caller_key"))
    return "key";
  return undefined;
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
