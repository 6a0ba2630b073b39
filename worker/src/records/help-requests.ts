/**
 * The requests for help in D1. As with resets, each write is made so that reading again tells whether it took effect.
 *
 * @module
 */
import type { PhoneStory } from "fireblocks-reset-device";
import type { HelpEvent, HelpRequest, HelpState } from "fireblocks-reset-device/gateway-api";
import type { GatewayError } from "../errors";
import { compareAndSet } from "./compare-and-set";
import { bounded, StoreUnavailable } from "./query";

/** A row of `help_requests`. Times are epoch milliseconds. */
export interface HelpRow {
  id: string;
  version: number;
  created_at: number;
  updated_at: number;
  expires_at: number;
  closed_at: number | null;
  state: HelpState;
  open: 0 | 1;
  user_id: string;
  user_email: string | null;
  user_name: string | null;
  person: string;
  person_id: string;
  manager: string | null;
  because: PhoneStory | null;
  text: string | null;
  code_number: number;
  code_salt: string | null;
  code_mac: string | null;
  code_at: number | null;
  code_until: number | null;
  tries_left: number;
  helper: string | null;
  helper_id: string | null;
  helper_name: string | null;
  word: string | null;
  matched_at: number | null;
  confirmed_at: number | null;
}

/** A row of `help_events`. */
export interface HelpEventRow {
  help_id: string;
  seq: number;
  at: number;
  event: string;
  actor: string | null;
  actor_id: string | null;
  detail: string | null;
}

export interface HelpEventDraft {
  event: "asked" | "codeGiven" | "codeWrong" | "matched" | "confirmed" | "denied" | "cancelled" | "expired" | "used";
  actor?: { name: string; id: string };
  detail?: HelpEvent["detail"];
}

/** How often somebody may do what an event tells of, over all requests for help: counted in the transaction that writes. */
export interface Bound {
  event: HelpEventDraft["event"];
  actorId: string;
  since: number;
  below: number;
  refusal: () => GatewayError;
}

export interface HelpChange {
  set: Partial<Omit<HelpRow, "id" | "version" | "updated_at">>;
  events: HelpEventDraft[];
  bound?: Bound;
}

export class HelpRequests {
  readonly #db: D1Database;
  readonly #now: () => number;

  constructor(db: D1Database, now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  get(id: string): Promise<HelpRow | null> {
    return bounded(this.#db.prepare("SELECT * FROM help_requests WHERE id = ?").bind(id).first<HelpRow>());
  }

  /** A user's open one, or else the newest that was asked for since. */
  newestOf(userId: string, since: number): Promise<HelpRow | null> {
    const statement = this.#db.prepare(
      "SELECT * FROM help_requests WHERE user_id = ? AND (open = 1 OR created_at >= ?) ORDER BY open DESC, created_at DESC LIMIT 1",
    );
    return bounded(statement.bind(userId, since).first<HelpRow>());
  }

  /** Those that nobody has ended, oldest first; one for each person at most. */
  async allOpen(now: number, limit: number): Promise<HelpRow[]> {
    const statement = this.#db.prepare(
      "SELECT * FROM help_requests INDEXED BY help_requests_open WHERE open = 1 AND expires_at > ? ORDER BY created_at, id LIMIT ?",
    );
    return (await bounded(statement.bind(now, limit).all<HelpRow>())).results;
  }

  /** Open ones whose day is over. */
  async overdue(now: number, limit: number): Promise<HelpRow[]> {
    const statement = this.#db.prepare("SELECT * FROM help_requests WHERE open = 1 AND expires_at <= ? LIMIT ?");
    return (await bounded(statement.bind(now, limit).all<HelpRow>())).results;
  }

  async events(id: string): Promise<HelpEventRow[]> {
    const statement = this.#db.prepare("SELECT * FROM help_events WHERE help_id = ? ORDER BY seq").bind(id);
    return (await bounded(statement.all<HelpEventRow>())).results;
  }

  /**
   * Writes a new request, if the user has none open.
   *
   * @returns false where there is one
   * @throws {@link StoreUnavailable} where it is not known whether it is there
   */
  async insert(row: HelpRow, events: HelpEventDraft[], bound: Bound): Promise<boolean> {
    const columns = Object.keys(row) as (keyof HelpRow)[];
    const user = `?${columns.indexOf("user_id") + 1}`;
    const { sql, values } = within(bound, columns.length);
    const request = this.#db
      .prepare(
        `INSERT INTO help_requests (${columns.join(", ")}) SELECT ${columns.map((_, index) => `?${index + 1}`).join(", ")}
         WHERE NOT EXISTS (SELECT 1 FROM help_requests WHERE user_id = ${user} AND open = 1) AND ${sql}`,
      )
      .bind(...columns.map((column) => row[column]), ...values);
    const story = this.#storyStatement(row, 1, row.created_at, events);
    const [written] = await bounded(this.#db.batch([request, story]));
    if (written?.meta.changes === 1) return true;
    if ((await this.newestOf(row.user_id, row.created_at))?.open === 1) return false;
    throw bound.refusal();
  }

  /**
   * Changes a request under compare-and-set: `decide` sees it as it is, and is asked again where another writer came first
   * or the write's answer was lost. It returns undefined where nothing is left to change, and may throw to refuse.
   *
   * @throws {@link GatewayError} what `decide` throws, and the refusal of the change's bound
   * @throws {@link StoreUnavailable}
   */
  change(
    known: HelpRow,
    decide: (row: HelpRow) => Promise<HelpChange | undefined> | HelpChange | undefined,
  ): Promise<{ row: HelpRow; changed: boolean }> {
    return compareAndSet({
      known,
      read: () => this.get(known.id),
      decide,
      apply: (row, change) => this.#apply(row, change),
    });
  }

  /** One try. The last event's number is the new version: whoever comes second finds one taken, and nothing is written. */
  async #apply(row: HelpRow, { set, events, bound }: HelpChange): Promise<HelpRow> {
    const at = this.#now();
    const next: HelpRow = { ...row, ...set, version: row.version + events.length, updated_at: at };
    const columns = [...Object.keys(set), "version", "updated_at"] as (keyof HelpRow)[];
    const { sql, values } = bound === undefined ? { sql: "TRUE", values: [] } : within(bound, columns.length + 2);
    const assignments = columns.map((column, index) => `${column} = ?${index + 1}`).join(", ");
    const update = this.#db
      .prepare(
        `UPDATE help_requests SET ${assignments} WHERE id = ?${columns.length + 1} AND version = ?${columns.length + 2} AND ${sql}`,
      )
      .bind(...columns.map((column) => next[column]), row.id, row.version, ...values);
    // The number of its newest event is the version, so the story is written where the update was made, and not otherwise.
    const story = this.#storyStatement(next, row.version + 1, at, events);
    const [written] = await bounded(this.#db.batch([update, story]));
    if (written?.meta.changes === 1) return next;
    const now = await this.get(row.id);
    if (bound !== undefined && now?.version === row.version) throw bound.refusal();
    throw new StoreUnavailable("another writer came first");
  }

  #storyStatement(row: HelpRow, from: number, at: number, events: HelpEventDraft[]): D1PreparedStatement {
    const story = events.map(({ event, actor, detail }, index) => ({
      ...{ seq: from + index, event, actor: actor?.name, actorId: actor?.id },
      detail: detail && JSON.stringify(detail),
    }));
    return this.#db
      .prepare(
        `INSERT INTO help_events (help_id, at, seq, event, actor, actor_id, detail)
         SELECT ?1, ?2, value ->> 'seq', value ->> 'event', value ->> 'actor', value ->> 'actorId', value ->> 'detail'
         FROM json_each(?3) WHERE EXISTS (SELECT 1 FROM help_requests WHERE id = ?1 AND version = ?4)
           AND NOT EXISTS (SELECT 1 FROM help_events WHERE help_id = ?1 AND seq >= ?5)`,
      )
      .bind(row.id, at, JSON.stringify(story), row.version, from);
  }
}

/** The condition of a bound, its parameters numbered from `after` on. */
function within({ event, actorId, since, below }: Bound, after: number): { sql: string; values: (string | number)[] } {
  const sql = `(SELECT COUNT(*) FROM (SELECT 1 FROM help_events
    WHERE actor_id = ?${after + 1} AND event = ?${after + 2} AND at >= ?${after + 3} LIMIT ?${after + 4})) < ?${after + 4}`;
  return { sql, values: [actorId, event, since, below] };
}

/** What is shown of a request; the word only to those who share it. */
export function toHelpRequest(row: HelpRow, events: HelpEventRow[], showWord: boolean): HelpRequest {
  return {
    ...toHelpSummary(row, showWord),
    events: events.map(({ seq, at, event, actor, detail }) => ({
      ...{ seq, at, event },
      ...(actor !== null && { actor }),
      ...(detail !== null && { detail: JSON.parse(detail) as NonNullable<HelpEvent["detail"]> }),
    })),
  };
}

export function toHelpSummary(row: HelpRow, showWord: boolean): Omit<HelpRequest, "events"> {
  return {
    id: row.id,
    state: row.state,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    expiresAt: row.expires_at,
    userId: row.user_id,
    ...(row.user_email !== null && { userEmail: row.user_email }),
    ...(row.user_name !== null && { userName: row.user_name }),
    ...(row.because !== null && { because: row.because }),
    ...(row.text !== null && { text: row.text }),
    ...(row.code_until !== null && {
      code: { number: row.code_number, until: row.code_until, triesLeft: row.tries_left },
    }),
    ...(row.helper !== null &&
      row.matched_at !== null && {
        helper: {
          by: row.helper,
          ...(row.helper_name !== null && { name: row.helper_name }),
          at: row.matched_at,
          ...(showWord && row.word !== null && { word: row.word }),
        },
      }),
    ...(row.confirmed_at !== null && { confirmedAt: row.confirmed_at }),
  };
}
