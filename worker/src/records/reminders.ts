/**
 * Reminders in the outbox: to the destinations that want them, and by mail to whoever is awaited.
 *
 * @module
 */
import type { Due } from "fireblocks-reset-device/gateway-api";
import type { Configuration } from "../configuration";
import { notificationOfDue } from "./notification";
import { AWAITED, type Draft, draftsFor, insertion } from "./outbox";
import { bounded } from "./query";
import type { Row } from "./row";
import { mailOf } from "./wording";

export interface Reminder {
  row: Row;
  due: Due;
  /** At half of the time, or before its end. */
  which: "half" | "end";
  /** The e-mail of the person's manager, where it waits for them to confirm it. */
  manager?: string;
}

/** No stage is as long as this: what is older is not asked about any more. */
const KEPT_MS = 90 * 86_400_000;

export function keyOf({ row, due, which }: Reminder): string {
  return `${row.id}.due.${due.awaited}.${due.until}.${which}`;
}

/** Those of them that were not left before. */
export async function newAmong(db: D1Database, reminders: readonly Reminder[]): Promise<Reminder[]> {
  const statement = db.prepare("SELECT value FROM json_each(?) WHERE value NOT IN (SELECT key FROM reminders)");
  const { results } = await bounded(statement.bind(JSON.stringify(reminders.map(keyOf))).all<{ value: string }>());
  const keys = new Set(results.map(({ value }) => value));
  return reminders.filter((reminder) => keys.has(keyOf(reminder)));
}

/** Leaves them to be told, all or none. */
export async function leaveReminders(
  db: D1Database,
  configuration: Configuration,
  reminders: readonly Reminder[],
  owners: readonly string[],
  now: number,
): Promise<void> {
  const statements = reminders.flatMap((reminder) => {
    const { row, due, manager } = reminder;
    const key = keyOf(reminder);
    const notification = notificationOfDue(row, configuration.environment, { due, manager }, now);
    const { publicUrl = "" } = configuration;
    // The person and their manager may have no role here: each has a screen of their own.
    const linkFor = (to: string) =>
      to === manager ? `${publicUrl}/confirm/${row.id}` : to === row.user_email ? `${publicUrl}/me` : undefined;
    const mails: Draft[] = addresseesOf(reminder, configuration, owners).map((to, index) => ({
      id: `${key}@${AWAITED}.${index}`,
      destination: AWAITED,
      body: JSON.stringify(mailOf(notification, publicUrl, to, linkFor(to))),
    }));
    const guard = "EXISTS (SELECT 1 FROM resets WHERE id = ?1 AND state = ?4 AND open = 1)";
    return [
      db.prepare("INSERT OR IGNORE INTO reminders (key, at) VALUES (?, ?)").bind(key, now),
      ...insertion(db, row.id, now, [...draftsFor(key, notification, configuration), ...mails], guard, row.state),
    ];
  });
  await bounded(db.batch([...statements, db.prepare("DELETE FROM reminders WHERE at < ?").bind(now - KEPT_MS)]));
}

/** Silence goes on to the next: before the end whoever is to be told of it then is told as well. */
function addresseesOf(
  { row, due, which, manager }: Reminder,
  configuration: Configuration,
  owners: readonly string[],
): string[] {
  if (configuration.mailFrom === undefined || configuration.publicUrl === undefined) return [];
  const awaited: Readonly<Record<Due["awaited"], readonly string[]>> = {
    secondPerson: [manager ?? [], configuration.resetters.filter((email) => email !== row.asked_by)].flat(),
    departure: [],
    // Fireblocks asks them itself, in its app, and does not say who they are.
    approvers: [],
    owner: owners,
    person: row.user_email === null ? [] : [row.user_email],
  };
  return [...new Set([...awaited[due.awaited], ...(which === "end" ? configuration.escalateTo : [])])];
}

export async function undeliveredReminders(db: D1Database): Promise<{ id: string; reset_id: string }[]> {
  const statement = db.prepare(
    "SELECT id, reset_id FROM outbox WHERE delivered_at IS NULL AND given_up_at IS NULL AND id GLOB '*.due.*' LIMIT 1000",
  );
  return (await bounded(statement.all<{ id: string; reset_id: string }>())).results;
}

/** Their bodies, which name people, go. */
export async function withdrawReminders(db: D1Database, over: readonly { id: string }[], now: number): Promise<void> {
  const ids = JSON.stringify(over.map(({ id }) => id));
  const statement = db.prepare(
    "UPDATE outbox SET given_up_at = ?, body = '' WHERE delivered_at IS NULL AND id IN (SELECT value FROM json_each(?))",
  );
  await bounded(statement.bind(now, ids).run());
}
