/**
 * Reminds whoever is awaited, at half of the time of a stage and before its end. None is sent twice, since its id is made of
 * the stage and its end; none is sent after the stage is over.
 *
 * @module
 */
import type { Due } from "fireblocks-reset-device/gateway-api";
import { isActive } from "../access/people";
import type { WaitUntil } from "../fireblocks/shared";
import { dueOf } from "../records/due";
import { listDue } from "../records/list";
import { leaveReminders, newAmong, type Reminder, undeliveredReminders, withdrawReminders } from "../records/reminders";
import type { Row } from "../records/row";
import { waitsForManager } from "../resets/admission";
import { managerOf, reportOf } from "../resets/managers";
import type { Services } from "../services";

/** What one run writes; the rest waits a minute. */
const REMINDERS_A_RUN = 10;
/** Of a stage's time, what is left when the second reminder goes out. */
const LAST_PART = 1 / 10;

/** @returns how many were written */
export async function remind(services: Services, waitUntil: WaitUntil): Promise<number> {
  const { bindings, configuration, now } = services;
  const rows = await listDue(bindings.DB);
  const stages = new Map<string, { row: Row; due: Due }>();
  for (const row of rows) {
    const due = dueOf(row, configuration, now());
    if (due !== undefined && due.until > now()) stages.set(row.id, { row, due });
  }

  // What was left for a stage that is over since, or whose end was moved.
  const waiting = await undeliveredReminders(bindings.DB);
  const over = waiting.filter(({ id, reset_id }) => {
    const stage = stages.get(reset_id);
    return stage === undefined || !id.startsWith(`${reset_id}.due.${stage.due.awaited}.${stage.due.until}.`);
  });
  if (over.length > 0) await withdrawReminders(bindings.DB, over, now());

  const timely = [...stages.values()].flatMap(({ row, due }) => remindersFor(row, due, now()));
  const reminders = timely.length === 0 ? [] : (await newAmong(bindings.DB, timely)).slice(0, REMINDERS_A_RUN);
  if (reminders.length === 0) return 0;
  const awaitsOwner = reminders.some(({ due }) => due.awaited === "owner");
  const owners = awaitsOwner ? await ownersOf(services, waitUntil) : [];
  const addressed = await Promise.all(reminders.map((reminder) => withManager(services, reminder, waitUntil)));
  await leaveReminders(bindings.DB, configuration, addressed, owners, now());
  return reminders.length;
}

/** Nobody is awaited while a reset only waits for its time. */
export function remindersFor(row: Row, due: Due, now: number): Reminder[] {
  if (due.awaited === "departure") return [];
  const span = due.until - due.since;
  if (now >= due.until - span * LAST_PART) return [{ row, due, which: "end" }];
  return now >= due.since + span / 2 ? [{ row, due, which: "half" }] : [];
}

/** What nobody can release before the person's manager has confirmed it waits for them. */
async function withManager(services: Services, reminder: Reminder, waitUntil: WaitUntil): Promise<Reminder> {
  if (!waitsForManager(reminder.row)) return reminder;
  const manager = await managerOf(services, reportOf(reminder.row), waitUntil);
  return { ...reminder, ...(manager !== undefined && { manager }) };
}

async function ownersOf({ fireblocks }: Services, waitUntil: WaitUntil): Promise<string[]> {
  const { value: users } = await fireblocks.users(waitUntil);
  return users.filter((user) => user.role === "OWNER" && isActive(user)).flatMap(({ email }) => email ?? []);
}
