/**
 * "Somebody pretends to be me": raised by the person alone, closed by somebody who has no part in it.
 *
 * @module
 */
import type { ConsoleUser } from "fireblocks-reset-device";
import { isActive, knownUsersOf, type Person, possibleUsersOf } from "../access/people";
import { foldEmail } from "../email";
import { CODES, GatewayError } from "../errors";
import { readingFailed } from "../fireblocks/answers";
import type { WaitUntil } from "../fireblocks/shared";
import { type OwnUser, requireOwnUser } from "../help/own-user";
import { deliverNow } from "../notify/deliver";
import { closeAlarm, getAlarm, raiseAlarm, relatedResets } from "../records/alarms";
import type { AlarmRow } from "../records/row";
import type { Asking } from "../resets/asking";
import { isAsker } from "../resets/second-person";
import { ownReset } from "../resets/stop";
import type { Services } from "../services";

/** What the person says. */
export interface Saying {
  text: string;
  resetId?: string | undefined;
}

/** The same said again is the same alarm. Also while resets are paused. @throws {@link GatewayError} */
export async function raise(services: Services, { text, resetId }: Saying, asking: Asking): Promise<AlarmRow> {
  const { person, waitUntil } = asking;
  await services.burst.take(person, "decision");
  const { bindings, configuration, now } = services;
  const user =
    resetId === undefined
      ? (await requireOwnUser(services, person, waitUntil, "decide")).user
      : await userOfReset(services, resetId, asking);
  const alarm = await raiseAlarm(bindings.DB, configuration, {
    id: crypto.randomUUID(),
    at: now(),
    user_id: user.id,
    user_email: user.email ?? null,
    user_name: [user.firstName, user.lastName].filter(Boolean).join(" ") || null,
    raised_by: person.name,
    raised_by_id: person.id,
    text,
    reset_id: resetId ?? null,
    closed_at: null,
    closed_by: null,
    reason: null,
  });
  waitUntil(deliverNow(services, alarm.reset_id ?? ""));
  return alarm;
}

/** @throws {@link GatewayError} where this person is the one whom it is about, or has asked for what it is about */
export async function close(services: Services, alarmId: string, reason: string, asking: Asking): Promise<void> {
  const { person, waitUntil } = asking;
  await services.burst.take(person, "decision");
  const { bindings, configuration, now } = services;
  const alarm = await getAlarm(bindings.DB, alarmId);
  if (alarm === null) throw new GatewayError(404, CODES.notFound, "There is no alarm with this id.");
  await requireImpartial(services, alarm, person, waitUntil);
  const closing = { at: now(), by: person.name, reason };
  if (!(await closeAlarm(bindings.DB, configuration, alarm, closing))) {
    const after = await getAlarm(bindings.DB, alarmId);
    // This one's own write, whose answer was lost before.
    if (after?.closed_by !== person.name || after.reason !== reason) {
      throw new GatewayError(
        409,
        CODES.wrongState,
        "This alarm was closed before, by somebody else or for another reason.",
      );
    }
  }
  waitUntil(deliverNow(services, alarm.reset_id ?? ""));
}

/** Neither the person nor whoever asked, under whatever spelling or sign-in; and somebody known, so that two are two. */
async function requireImpartial(
  services: Services,
  alarm: AlarmRow,
  person: Person,
  waitUntil: WaitUntil,
): Promise<void> {
  const { userMap } = services.configuration;
  const users = await usersOf(services, waitUntil);
  const isPerson =
    alarm.raised_by_id === person.id ||
    foldEmail(alarm.raised_by) === foldEmail(person.name) ||
    possibleUsersOf(person, users, userMap).some(({ id }) => id === alarm.user_id);
  if (isPerson) throw refused("This alarm is about you: somebody else must close it.");
  const resets = await relatedResets(services.bindings.DB, alarm);
  if (resets.some((row) => isAsker(row, person, users, userMap))) {
    throw refused("You asked for a reset that this alarm may be about: somebody else must close it.");
  }
  if (!knownUsersOf(person, users, userMap).some(isActive)) {
    throw refused(
      "Your sign-in matches no active user of this workspace, so nobody can tell that you are not a part of it.",
    );
  }
}

function refused(message: string): GatewayError {
  return new GatewayError(403, CODES.secondPerson, message);
}

async function userOfReset(services: Services, resetId: string, { person, waitUntil }: Asking): Promise<OwnUser> {
  const { user_id, user_email, user_name } = await ownReset(services, resetId, person, waitUntil);
  return {
    id: user_id,
    ...(user_email !== null && { email: user_email }),
    ...(user_name !== null && { firstName: user_name }),
  };
}

async function usersOf({ fireblocks }: Services, waitUntil: WaitUntil): Promise<readonly ConsoleUser[]> {
  const list = await fireblocks.users(waitUntil).catch((error: unknown) => {
    throw readingFailed(error, "The list of users, without which nobody can tell who you are,");
  });
  return list.value;
}
