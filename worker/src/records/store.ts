/**
 * The records in D1. A write may fail with its effect done or not done: each is made so that it can be told which
 * by reading again, and so that making it twice does nothing.
 *
 * @module
 */
import type { EventSource, ResetEvent } from "fireblocks-reset-device/gateway-api";
import type { Configuration } from "../configuration";
import { GatewayError } from "../errors";
import { type AdminGuard, guardValues, leavesTooFew } from "./admin-guard";
import { compareAndSet } from "./compare-and-set";
import { dayOf, ofDay } from "./day";
import { hasRoom, noRoom } from "./earlier-resets";
import { type Grounds, groundValues, hasMoreGrounds } from "./grounds";
import { fitsHelp, usingHelp } from "./help-use";
import type { Told } from "./notification";
import { outboxOf, outboxOfManager, outboxOfPerson } from "./outbox";
import { isPauseOf, PAUSED, paused } from "./pauses";
import { bounded, StoreUnavailable } from "./query";
import type { EventRow, Row } from "./row";

export { bounded, StoreUnavailable } from "./query";

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
  /** What is told of it beside a new state. */
  tells?: Told;
  /** It leaves by this, later than it was asked for: only where the day's numbers have room for it. */
  leaves?: true;
}

/** What stands in the way of a request for a reset. */
export interface Standing {
  /** The record that its key was used for. */
  byKey?: Row;
  /** Its user's open one. */
  open?: Row;
  /** Whether a person has paused all resets. */
  paused: boolean;
  /** Whether an alarm about its user is open. */
  alarmed: boolean;
  /** What of the day's numbers is used up. */
  usedUp?: "asker" | "workspace";
}

/** Who asks for what: all that a {@link Standing} depends on. */
export type Wish = Pick<Row, "caller_key" | "user_id" | "asked_by" | "created_at">;

/** What a new record must find as it is written, beside what {@link Standing} tells. */
export interface Conditions {
  /** What of the admins it must leave. */
  guard?: AdminGuard | undefined;
  /** What its demands were decided on. */
  grounds?: Grounds | undefined;
  /** Who is asked to confirm it, by a notification with a link. */
  manager?: string | undefined;
}

/**
 * What became of the wish to record a new reset; where it is recorded, nothing stands in its way. `leavesTooFew`: it is an
 * admin's, and another admin's is open. `hasMoreGrounds`: more may be demanded by now than was decided.
 */
export type Insertion = { recorded: boolean; leavesTooFew: boolean; hasMoreGrounds: boolean; standing: Standing };

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

  async standing(wish: Wish): Promise<Standing> {
    const { results } = await bounded(this.#standingStatement(wish).all<StandingRow>());
    return this.#standingIn(results, wish);
  }

  /** Every user's open record: as many as users at most, by user id. */
  async allOpen(): Promise<Map<string, Pick<Row, "id" | "state">>> {
    const statement = this.#db.prepare("SELECT id, user_id, state FROM resets WHERE open = 1");
    const { results } = await bounded(statement.all<Pick<Row, "id" | "user_id" | "state">>());
    return new Map(results.map((row) => [row.user_id, row]));
  }

  /**
   * Writes a new record with its first events, if the user has none open, the key is free and neither the asker nor the
   * workspace has had the day's number, enough admins are left, what it was decided on is still so, and nobody has paused resets;
   * where it does not, reads what stands in its way. All of it is one transaction of the database's.
   *
   * @throws {@link StoreUnavailable} where it is not known whether the record is there
   */
  async insert(row: Row, events: EventDraft[], { guard, grounds, manager }: Conditions = {}): Promise<Insertion> {
    const columns = Object.keys(row) as (keyof Row)[];
    const its = (column: keyof Row) => `?${columns.indexOf(column) + 1}`;
    const [since = "", asker = "", workspace = ""] = [1, 2, 3].map((place) => `?${columns.length + place}`);
    const { dailyResetLimit, workspaceDailyLimit } = this.#configuration;
    const record = this.#db
      .prepare(
        `INSERT INTO resets (${columns.join(", ")}) SELECT ${columns.map(its).join(", ")}
         WHERE NOT EXISTS (SELECT 1 FROM resets WHERE user_id = ${its("user_id")} AND open = 1 AND ${its("open")} = 1)
           AND NOT EXISTS (SELECT 1 FROM resets WHERE caller_key = ${its("caller_key")}
             AND (key_held = 1 AND ${its("key_held")} = 1 OR binding <> ${its("binding")}))
           AND ${ofDay(since, asker, `asked_by = ${its("asked_by")}`)} < ${asker}
           AND ${ofDay(since, workspace)} < ${workspace}
           AND NOT (${its("open")} = 1 AND ${PAUSED})
           AND NOT ${leavesTooFew(its("user_id"), columns.length + 4)}
           AND NOT ${hasMoreGrounds(its("user_id"), columns.length + 8)}
           AND ${fitsHelp(its)}`,
      )
      .bind(
        ...columns.map((column) => row[column]),
        ...[
          dayOf(row.created_at),
          dailyResetLimit,
          workspaceDailyLimit,
          ...guardValues(guard),
          ...groundValues(grounds),
        ],
      );
    const batch = [
      record,
      this.#storyStatement(row.id, 1, row.created_at, events),
      ...usingHelp(this.#db, row),
      ...outboxOf(this.#db, this.#configuration, row, [
        undefined,
        ...(manager === undefined ? [] : [{ asks: manager }]),
        ...(row.break_glass === null ? [] : (["breakGlass"] as const)),
      ]),
      ...outboxOfPerson(this.#db, this.#configuration, row),
      ...(manager === undefined ? [] : outboxOfManager(this.#db, this.#configuration, row, manager)),
      this.#db
        .prepare(`SELECT ${leavesTooFew("?1", 2)} AS too_few, ${hasMoreGrounds("?1", 6)} AS more_grounds`)
        .bind(row.user_id, ...guardValues(guard), ...groundValues(grounds)),
      this.#standingStatement(row, row.id),
    ];
    const results = await bounded(this.#db.batch<StandingRow & { too_few?: 0 | 1; more_grounds?: 0 | 1 }>(batch));
    const [obstacles] = results.at(-2)?.results ?? [];
    return {
      recorded: results[0]?.meta.changes === 1,
      leavesTooFew: obstacles?.too_few === 1,
      hasMoreGrounds: obstacles?.more_grounds === 1,
      standing: this.#standingIn(results.at(-1)?.results ?? [], row),
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
  change(id: string, decide: (row: Row) => Change | undefined, known?: Row): Promise<{ row: Row; changed: boolean }> {
    return compareAndSet({
      known,
      read: () => this.get(id),
      decide,
      apply: (row, change) => this.#apply(row, change),
    });
  }

  /** One try, from a row that was just read. Throws where another writer came first. */
  async #apply(row: Row, { set, event, tells, leaves }: Change): Promise<Row> {
    const at = this.#now();
    const events = [event].flat();
    const next: Row = { ...row, ...set, version: row.version + events.length, updated_at: at };
    const columns = [...Object.keys(set), "version", "updated_at"] as (keyof Row)[];
    const id = `?${columns.length + 1}`;
    const room = (of: string) => (leaves ? hasRoom(of, at, this.#configuration) : "TRUE");
    const update = this.#db
      .prepare(
        `UPDATE resets SET ${columns.map((column, index) => `${column} = ?${index + 1}`).join(", ")}
         WHERE id = ${id} AND version = ?${columns.length + 2} AND ${room(id)}`,
      )
      .bind(...columns.map((column) => next[column]), row.id, row.version);
    // The last event's number is the record's new version: whoever comes second finds one taken, and nothing is written.
    const [, updated] = await bounded(
      this.#db.batch([
        this.#storyStatement(row.id, row.version + 1, at, events, room("?1")),
        update,
        ...outboxOf(this.#db, this.#configuration, next, [
          ...(next.state === row.state ? [] : [undefined]),
          ...(tells === undefined ? [] : [tells]),
        ]),
      ]),
    ).catch((error: unknown) => {
      throw isPauseOf(error) ? paused() : error;
    });
    if (leaves && updated?.meta.changes !== 1) {
      // Nothing was written: others have left at the same moment, or another writer came first.
      throw (await noRoom(this.#db, row, at, this.#configuration)) ?? new StoreUnavailable("another writer came first");
    }
    return next;
  }

  /**
   * The record that holds the key, or else one that set it free, and the user's open one. The day's numbers stand in each
   * row, and in one without a record where there is none. Nothing at all, and no work, where the record `unless` is there.
   */
  #standingStatement({ caller_key, user_id, asked_by, created_at }: Wish, unless = ""): D1PreparedStatement {
    const { dailyResetLimit, workspaceDailyLimit } = this.#configuration;
    return this.#db
      .prepare(
        `SELECT today.*, resets.* FROM (SELECT
           ${ofDay("?5", "?6", "asked_by = ?4")} AS by_asker, ${ofDay("?5", "?7")} AS by_all,
           ${PAUSED} AS paused,
           EXISTS (SELECT 1 FROM alarms WHERE user_id = ?2 AND closed_at IS NULL) AS alarmed) AS today
         LEFT JOIN resets ON resets.id IN (
           SELECT id FROM (SELECT id FROM resets WHERE caller_key = ?1 ORDER BY key_held DESC LIMIT 1)
           UNION ALL SELECT id FROM resets WHERE user_id = ?2 AND open = 1)
         WHERE NOT EXISTS (SELECT 1 FROM resets WHERE id = ?3)`,
      )
      .bind(caller_key, user_id, unless, asked_by, dayOf(created_at), dailyResetLimit, workspaceDailyLimit);
  }

  /** A record may be both: the key's and the user's open one. */
  #standingIn(rows: StandingRow[], { caller_key, user_id }: Wish): Standing {
    const { dailyResetLimit, workspaceDailyLimit } = this.#configuration;
    const byKey = rows.find((row): row is Today & Row => caller_key !== null && row.caller_key === caller_key);
    const open = rows.find((row): row is Today & Row => row.open === 1 && row.user_id === user_id);
    const [today] = rows;
    const usedUp =
      (today?.by_asker ?? 0) >= dailyResetLimit
        ? "asker"
        : (today?.by_all ?? 0) >= workspaceDailyLimit
          ? "workspace"
          : undefined;
    const stands = { paused: today?.paused === 1, alarmed: today?.alarmed === 1 };
    return { ...stands, ...(byKey && { byKey }), ...(open && { open }), ...(usedUp && { usedUp }) };
  }

  /** Events with numbers from `from` on. A record that was not to be written has no story. @param only as SQL, of the id in `?1` */
  #storyStatement(resetId: string, from: number, at: number, events: EventDraft[], only = "TRUE"): D1PreparedStatement {
    const story = events.map((draft, index) => ({
      ...draft,
      seq: from + index,
      detail: draft.detail && JSON.stringify(draft.detail),
    }));
    return this.#db
      .prepare(
        `INSERT INTO events (reset_id, at, seq, event, source, actor, detail)
         SELECT ?1, ?2, value ->> 'seq', value ->> 'event', value ->> 'source', value ->> 'actor', value ->> 'detail'
         FROM json_each(?3) WHERE EXISTS (SELECT 1 FROM resets WHERE id = ?1) AND ${only}`,
      )
      .bind(resetId, at, JSON.stringify(story));
  }
}

/** How many resets count on a day, no further than the limit. */
interface Today {
  by_asker: number;
  by_all: number;
  paused: 0 | 1;
  alarmed: 0 | 1;
}

type StandingRow = Today & (Row | { [K in keyof Row]: null });
