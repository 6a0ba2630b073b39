/**
 * Who may be the second person of a reset: somebody else than the proposer and the target, and somebody known.
 *
 * @module
 */
import type { ConsoleUser } from "fireblocks-reset-device";
import { foldEmail, knownUsersOf, type Person, possibleUsersOf } from "../access/people";
import { CODES, GatewayError } from "../errors";
import { readingFailed } from "../fireblocks/answers";
import type { Row } from "../records/row";
import type { Services } from "../services";
import type { Asking } from "./ask";

/** @throws {@link GatewayError} where this person may not release the proposal */
export async function requireSecondPerson(services: Services, proposal: Row, asking: Asking): Promise<void> {
  const users = await usersOf(services, asking);
  const { userMap } = services.configuration;
  if (isProposer(proposal, asking.person, users, userMap)) {
    throw refused(proposal, "You proposed this reset: somebody else must release it.");
  }
  if (possibleUsersOf(asking.person, users, userMap).some((user) => user.id === proposal.user_id)) {
    throw refused(proposal, "This reset is for you: somebody else must release it.");
  }
  // Two sign-ins of one person look like two people as long as one of them is nobody in particular.
  if (knownUsersOf(asking.person, users, userMap).length === 0) {
    throw refused(proposal, "Your sign-in matches no user of this workspace, so it cannot be the second person's.");
  }
}

/** @throws {@link GatewayError} where this person asked for the reset, by whichever sign-in */
export async function requireOtherThanAsker(services: Services, row: Row, asking: Asking): Promise<void> {
  const users = await usersOf(services, asking);
  if (!isProposer(row, asking.person, users, services.configuration.userMap)) return;
  throw refused(row, "You asked for this reset: somebody else must settle it.");
}

/** By address however it is spelled, by sign-in, or by console user: two sign-ins of one console user are one person. */
function isProposer(
  row: Row,
  person: Person,
  users: readonly ConsoleUser[],
  userMap: ReadonlyMap<string, string>,
): boolean {
  if (foldEmail(row.asked_by) === foldEmail(person.name) || row.asker_id === person.id) return true;
  const proposers = new Set(possibleUsersOf({ kind: row.asker_kind, name: row.asked_by }, users, userMap));
  return possibleUsersOf(person, users, userMap).some((user) => proposers.has(user));
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
