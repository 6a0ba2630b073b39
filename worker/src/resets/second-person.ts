/**
 * Who counts as another person: one rule for releasing, settling and closing early. Somebody else than the asker and the
 * target, and somebody known.
 *
 * @module
 */
import type { ConsoleUser } from "fireblocks-reset-device";
import { isActive, knownUsersOf, type Person, possibleUsersOf } from "../access/people";
import { foldEmail } from "../email";
import { CODES, GatewayError } from "../errors";
import { readingFailed } from "../fireblocks/answers";
import type { Row } from "../records/row";
import type { Services } from "../services";
import type { Asking } from "./asking";

/** What only another person may do. */
export type SecondAct = "release it" | "settle it" | "close it early" | "review it";

/** @throws {@link GatewayError} where this person is not another than the asker, or where nobody can tell */
export async function requireAnotherPerson(
  services: Services,
  row: Row,
  asking: Asking,
  act: SecondAct,
): Promise<void> {
  const users = await usersOf(services, asking);
  const { userMap } = services.configuration;
  if (isAsker(row, asking.person, users, userMap)) {
    throw refused(row, `You asked for this reset: somebody else must ${act}.`);
  }
  if (possibleUsersOf(asking.person, users, userMap).some((user) => user.id === row.user_id)) {
    throw refused(row, `This reset is for you: somebody else must ${act}.`);
  }
  // Two sign-ins of one person look like two people as long as one of them is nobody in particular.
  const known = knownUsersOf(asking.person, users, userMap);
  if (known.length === 0) {
    throw refused(row, "Your sign-in matches no user of this workspace, so it cannot be the second person's.");
  }
  if (!known.some(isActive)) {
    throw refused(
      row,
      "Your own user in this workspace is disabled, not activated or an API user, so it cannot be the second person's.",
    );
  }
}

/** By address however it is spelled, by sign-in, or by console user: two sign-ins of one console user are one person. */
export function isAsker(
  row: Row,
  person: Person,
  users: readonly ConsoleUser[],
  userMap: ReadonlyMap<string, string>,
): boolean {
  if (foldEmail(row.asked_by) === foldEmail(person.name) || row.asker_id === person.id) return true;
  const askers = new Set(possibleUsersOf({ kind: row.asker_kind, name: row.asked_by }, users, userMap));
  return possibleUsersOf(person, users, userMap).some((user) => askers.has(user));
}

async function usersOf({ fireblocks }: Services, { waitUntil }: Asking): Promise<readonly ConsoleUser[]> {
  const list = await fireblocks.users(waitUntil).catch((error: unknown) => {
    throw readingFailed(error, "The list of users, without which nobody can tell who is the second person,");
  });
  return list.value;
}

function refused(row: Row, message: string): GatewayError {
  return new GatewayError(403, CODES.secondPerson, message, { recordId: row.id });
}
