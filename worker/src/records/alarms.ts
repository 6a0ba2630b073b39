/**
 * Alarms in D1: the affected person's word that somebody pretends to be them.
 *
 * @module
 */
import type { Alarm } from "fireblocks-reset-device/gateway-api";
import type { Configuration } from "../configuration";
import { outboxOfAlarm } from "./outbox";
import { bounded } from "./query";
import type { AlarmRow, Row } from "./row";

/** What a page of alarms holds at most. */
export const ALARMS_A_PAGE = 100;

/** The oldest reset of a person's whose asker counts as a part of what the alarm is about. */
export const RELATED_MS = 90 * 86_400_000;

export function toAlarm(row: AlarmRow): Alarm {
  return {
    id: row.id,
    at: row.at,
    userId: row.user_id,
    ...(row.user_email !== null && { userEmail: row.user_email }),
    ...(row.user_name !== null && { userName: row.user_name }),
    raisedBy: row.raised_by,
    text: row.text,
    ...(row.reset_id !== null && { recordId: row.reset_id }),
    ...(row.closed_at !== null && {
      closed: { at: row.closed_at, by: row.closed_by ?? "", reason: row.reason ?? "" },
    }),
  };
}

/** The alarms of these users that are not closed, oldest first. */
export async function openAlarmsOf(db: D1Database, userIds: readonly string[]): Promise<AlarmRow[]> {
  const statement = db
    .prepare(
      `SELECT * FROM alarms WHERE closed_at IS NULL AND user_id IN (SELECT value FROM json_each(?))
       ORDER BY at, id LIMIT ?`,
    )
    .bind(JSON.stringify(userIds), ALARMS_A_PAGE);
  return (await bounded(statement.all<AlarmRow>())).results;
}

/** Whether somebody is said to pretend to be this user. */
export async function openAlarmOf(db: D1Database, userId: string): Promise<boolean> {
  const statement = db.prepare(
    "SELECT EXISTS (SELECT 1 FROM alarms WHERE user_id = ? AND closed_at IS NULL) AS alarmed",
  );
  return (await bounded(statement.bind(userId).first<{ alarmed: 0 | 1 }>()))?.alarmed === 1;
}

/** The open ones first, then the newest. */
export async function listAlarms(db: D1Database): Promise<AlarmRow[]> {
  const statement = db.prepare("SELECT * FROM alarms ORDER BY closed_at IS NOT NULL, at DESC, id LIMIT ?");
  return (await bounded(statement.bind(ALARMS_A_PAGE).all<AlarmRow>())).results;
}

export function getAlarm(db: D1Database, id: string): Promise<AlarmRow | null> {
  return bounded(db.prepare("SELECT * FROM alarms WHERE id = ?").bind(id).first<AlarmRow>());
}

/** Writes an alarm, and leaves it to be told. @returns the one that is open about the same, where there was one */
export async function raiseAlarm(db: D1Database, configuration: Configuration, alarm: AlarmRow): Promise<AlarmRow> {
  const columns = Object.keys(alarm) as (keyof AlarmRow)[];
  const insert = db
    .prepare(
      `INSERT INTO alarms (${columns.join(", ")}) SELECT ${columns.map((_, index) => `?${index + 1}`).join(", ")}
       WHERE NOT EXISTS (SELECT 1 FROM alarms WHERE user_id = ?${columns.indexOf("user_id") + 1}
         AND coalesce(reset_id, '') = coalesce(?${columns.indexOf("reset_id") + 1}, '') AND closed_at IS NULL)`,
    )
    .bind(...columns.map((column) => alarm[column]));
  const standing = db
    .prepare(
      "SELECT * FROM alarms WHERE user_id = ? AND coalesce(reset_id, '') = coalesce(?, '') AND closed_at IS NULL",
    )
    .bind(alarm.user_id, alarm.reset_id);
  const results = await bounded(db.batch<AlarmRow>([insert, ...outboxOfAlarm(db, configuration, alarm), standing]));
  return results.at(-1)?.results[0] ?? alarm;
}

/** @returns whether this closed it; false where it was closed before */
export async function closeAlarm(
  db: D1Database,
  configuration: Configuration,
  alarm: AlarmRow,
  { at, by, reason }: { at: number; by: string; reason: string },
): Promise<boolean> {
  const update = db
    .prepare("UPDATE alarms SET closed_at = ?, closed_by = ?, reason = ? WHERE id = ? AND closed_at IS NULL")
    .bind(at, by, reason, alarm.id);
  const closed: AlarmRow = { ...alarm, closed_at: at, closed_by: by, reason };
  const [result] = await bounded(db.batch([update, ...outboxOfAlarm(db, configuration, closed)]));
  return (result?.meta.changes ?? 0) > 0;
}

/** The resets whose askers are no judges of this alarm: that which it names, and those of this user around its time. */
export async function relatedResets(db: D1Database, { user_id, reset_id, at }: AlarmRow): Promise<Row[]> {
  const statement = db.prepare("SELECT * FROM resets WHERE id = ?1 OR (user_id = ?2 AND created_at >= ?3)");
  return (await bounded(statement.bind(reset_id, user_id, at - RELATED_MS).all<Row>())).results;
}
