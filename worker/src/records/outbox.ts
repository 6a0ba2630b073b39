/**
 * The outbox in D1: a message for each destination that wants it, written with the change that it tells of, and kept until it
 * is taken or given up. Messages of one destination never wait for those of another.
 *
 * @module
 */
import type { ConsoleUser } from "fireblocks-reset-device";
import { type Demands, waitOf } from "fireblocks-reset-device/gateway-api";
import type { Configuration } from "../configuration";
import {
  type Notification,
  notificationOf,
  notificationOfAlarm,
  notificationOfElsewhere,
  type Told,
  toldName,
} from "./notification";
import { bounded } from "./query";
import { type AlarmRow, type ElsewhereRow, proofsOf, type Row } from "./row";
import { linkOf, mailOf, managersMail, personsMail, sentenceOf } from "./wording";

/** The name of the destination that is the affected person. */
export const PERSON = "person";
/** The name of the destination that is the affected person's manager. */
export const MANAGER = "manager";
/** The name of the destination that is whoever is awaited: their address is the mail's own. */
export const AWAITED = "awaited";

/** Who can be told anything now, by name. */
export function destinationNames({ destinations, mailFrom }: Configuration): string[] {
  const names = destinations.map(({ name }) => name);
  return mailFrom === undefined ? names : [...names, PERSON, MANAGER, AWAITED];
}

/** Whether there is a way to tell this person by mail. Whether the binding takes it is another question. */
export function canBeTold({ mailFrom }: Configuration, { email }: Pick<ConsoleUser, "email">): boolean {
  return mailFrom !== undefined && email !== undefined;
}

/** A message that is still to be told. */
export interface Message {
  id: string;
  /** The record that it is about; empty where it is about none. */
  reset_id: string;
  destination: string;
  /** How often it was tried before. */
  attempts: number;
  body: string;
}

export interface Draft {
  id: string;
  destination: string;
  body: string;
}

/** The statements that leave a record's change to be told, if it was made. */
export function outboxOf(
  db: D1Database,
  configuration: Configuration,
  row: Row,
  tolds: readonly (Told | undefined)[],
): D1PreparedStatement[] {
  const drafts = tolds.flatMap((told) => {
    const key = [row.id, row.version, ...(told === undefined ? [] : [toldName(told)])].join(".");
    return draftsFor(key, notificationOf(row, configuration.environment, told), configuration);
  });
  const guard = "EXISTS (SELECT 1 FROM resets WHERE id = ?1 AND version = ?4)";
  return insertion(db, row.id, row.updated_at, drafts, guard, row.version);
}

/** The statements that leave an alarm, or its end, to be told, if it was written. */
export function outboxOfAlarm(db: D1Database, configuration: Configuration, alarm: AlarmRow): D1PreparedStatement[] {
  const notification = notificationOfAlarm(alarm, configuration.environment);
  const key = `${alarm.id}.${alarm.closed_at === null ? "raised" : "closed"}`;
  const drafts = draftsFor(key, notification, configuration);
  const guard = "EXISTS (SELECT 1 FROM alarms WHERE id = ?4 AND closed_at IS ?5)";
  const at = alarm.closed_at ?? alarm.at;
  return insertion(db, alarm.reset_id ?? "", at, drafts, guard, alarm.id, alarm.closed_at);
}

/** A bound value holds two megabytes at most; a draft is less than one kilobyte. */
const DRAFTS_A_STATEMENT = 500;

/**
 * The statements that leave resets that were possibly made elsewhere to be told, if they were written. However many one run has
 * found, they take few of the statements that a run may make.
 */
export function outboxOfElsewhere(
  db: D1Database,
  configuration: Configuration,
  rows: readonly ElsewhereRow[],
): D1PreparedStatement[] {
  const drafts = rows.flatMap((row) => {
    const notification = notificationOfElsewhere(row, configuration.environment);
    return draftsFor(`${row.id}.found`, notification, configuration).map((draft) => ({ ...draft, about: row.id }));
  });
  const seenAt = rows[0]?.seen_at ?? 0;
  const guard = "EXISTS (SELECT 1 FROM elsewhere WHERE id = value ->> 'about')";
  const parts = Math.ceil(drafts.length / DRAFTS_A_STATEMENT);
  return Array.from({ length: parts }, (_, part) =>
    drafts.slice(part * DRAFTS_A_STATEMENT, (part + 1) * DRAFTS_A_STATEMENT),
  ).flatMap((some) => insertion(db, "", seenAt, some, guard));
}

/** The statement that leaves a new record to be told to the person whom it is for; of one that is closed nothing follows. */
export function outboxOfPerson(
  db: D1Database,
  { mailFrom, publicUrl }: Configuration,
  row: Row,
): D1PreparedStatement[] {
  if (row.open === 0 || row.told !== null) return [];
  if (row.user_email === null || mailFrom === undefined || publicUrl === undefined) return [];
  const body = JSON.stringify(personsMail(row, publicUrl, row.user_email, waitMsOf(row)));
  const draft = { id: `${row.id}.${PERSON}`, destination: PERSON, body };
  return insertion(db, row.id, row.updated_at, [draft], "EXISTS (SELECT 1 FROM resets WHERE id = ?1)");
}

/** The statement that leaves a new record to be confirmed by the manager of the person whom it is for. */
export function outboxOfManager(
  db: D1Database,
  { mailFrom, publicUrl }: Configuration,
  row: Row,
  to: string,
): D1PreparedStatement[] {
  if (mailFrom === undefined || publicUrl === undefined) return [];
  const draft = {
    id: `${row.id}.${MANAGER}`,
    destination: MANAGER,
    body: JSON.stringify(managersMail(row, publicUrl, to)),
  };
  return insertion(db, row.id, row.updated_at, [draft], "EXISTS (SELECT 1 FROM resets WHERE id = ?1)");
}

/** What a record is to wait before it leaves, by what was demanded when that was last looked at. */
export function waitMsOf(row: Row): number {
  if (row.demands === null) return 0;
  const kinds = proofsOf(row).map(({ proof }) => proof);
  return waitOf(JSON.parse(row.demands) as Demands, kinds);
}

export function draftsFor(
  key: string,
  notification: Notification,
  { destinations, publicUrl = "" }: Configuration,
): Draft[] {
  return destinations
    .filter(({ wants }) => wants(notification.type))
    .flatMap((destination): Draft[] => {
      const { kind, name } = destination;
      // Receivers know a message by its id, which was the key alone when there was one destination.
      const id = name === "notify" ? key : `${key}@${name}`;
      if (kind === "standard-webhook") return [{ id, destination: name, body: JSON.stringify(notification) }];
      if (kind === "text") {
        const text = `${sentenceOf(notification)} ${linkOf(notification, publicUrl)}`;
        return [{ id, destination: name, body: JSON.stringify({ text }) }];
      }
      return destination.to.map((to, index) => ({
        id: `${id}.${index}`,
        destination: name,
        body: JSON.stringify(mailOf(notification, publicUrl, to)),
      }));
    });
}

export function insertion(
  db: D1Database,
  resetId: string,
  at: number,
  drafts: Draft[],
  guard: string,
  ...guarded: (string | number | null)[]
): D1PreparedStatement[] {
  if (drafts.length === 0) return [];
  const statement = db.prepare(
    `INSERT OR IGNORE INTO outbox (id, reset_id, destination, created_at, next_attempt_at, body)
     SELECT value ->> 'id', ?1, value ->> 'destination', ?2, ?2, value ->> 'body' FROM json_each(?3) WHERE ${guard}`,
  );
  return [statement.bind(resetId, at, JSON.stringify(drafts), ...guarded)];
}

/** What is due, from each destination in turn: one that fails, with all that piles up for it, leaves the others their part. */
export async function dueMessages(
  db: D1Database,
  destinations: readonly string[],
  now: number,
  limit: number,
): Promise<Message[]> {
  const statement = db.prepare(
    `SELECT id, reset_id, destination, attempts, body FROM (
       SELECT *, ROW_NUMBER() OVER (PARTITION BY destination ORDER BY next_attempt_at) AS turn FROM outbox
       WHERE delivered_at IS NULL AND given_up_at IS NULL AND next_attempt_at <= ?1
         AND destination IN (SELECT value FROM json_each(?2)))
     ORDER BY turn, next_attempt_at LIMIT ?3`,
  );
  const bound = statement.bind(now, JSON.stringify(destinations), limit);
  return (await bounded(bound.all<Message>())).results;
}

/** What is due about one record, but for reminders: the sweep alone looks whether there is still something to remind of. */
export async function dueAbout(
  db: D1Database,
  resetId: string,
  destinations: readonly string[],
  now: number,
  limit: number,
): Promise<Message[]> {
  const statement = db.prepare(
    `SELECT id, reset_id, destination, attempts, body FROM outbox
     WHERE reset_id = ?1 AND delivered_at IS NULL AND given_up_at IS NULL AND next_attempt_at <= ?2
       AND id NOT GLOB '*.due.*' AND destination IN (SELECT value FROM json_each(?3)) ORDER BY created_at, id LIMIT ?4`,
  );
  const bound = statement.bind(resetId, now, JSON.stringify(destinations), limit);
  return (await bounded(bound.all<Message>())).results;
}

/** Those that wait for destinations that are there no more, since before `since`. A person's wait may hang on theirs: at once. */
export async function orphaned(
  db: D1Database,
  destinations: readonly string[],
  since: number,
  limit: number,
): Promise<Message[]> {
  const statement = db.prepare(
    `SELECT id, reset_id, destination, attempts, body FROM outbox
     WHERE delivered_at IS NULL AND given_up_at IS NULL AND (created_at < ?1 OR destination = '${PERSON}')
       AND destination NOT IN (SELECT value FROM json_each(?2)) LIMIT ?3`,
  );
  const bound = statement.bind(since, JSON.stringify(destinations), limit);
  return (await bounded(bound.all<Message>())).results;
}

/** Takes a message for one try. @returns false where another run has it */
export async function claim(db: D1Database, { id, attempts }: Message, until: number): Promise<boolean> {
  const statement = db.prepare(
    `UPDATE outbox SET next_attempt_at = ?, attempts = attempts + 1
     WHERE id = ? AND attempts = ? AND delivered_at IS NULL AND given_up_at IS NULL`,
  );
  return (await bounded(statement.bind(until, id, attempts).run())).meta.changes > 0;
}

export async function markTaken(db: D1Database, { id }: Message, now: number): Promise<void> {
  await bounded(db.prepare("UPDATE outbox SET delivered_at = ? WHERE id = ?").bind(now, id).run());
}

export async function postpone(db: D1Database, { id }: Message, until: number): Promise<void> {
  await bounded(db.prepare("UPDATE outbox SET next_attempt_at = ? WHERE id = ?").bind(until, id).run());
}

/** Its body, which names people, goes. */
export async function giveUp(db: D1Database, { id }: Message, now: number): Promise<void> {
  await bounded(db.prepare("UPDATE outbox SET given_up_at = ?, body = '' WHERE id = ?").bind(now, id).run());
}
