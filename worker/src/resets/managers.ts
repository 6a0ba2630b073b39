/**
 * Who is the manager of the person whose device it is.
 *
 * @module
 */
import type { ConsoleUser } from "fireblocks-reset-device";
import { type Person, possibleUsersOf } from "../access/people";
import { foldEmail, lowerEmail } from "../email";
import { readingFailed } from "../fireblocks/answers";
import type { WaitUntil } from "../fireblocks/shared";
import type { Row } from "../records/row";
import type { Services } from "../services";

/** Whose manager is asked for, and who asks for their reset. */
export interface Report {
  userId: string;
  userEmail: string | undefined;
  helpRequestId: string | undefined;
  asker: Pick<Person, "kind" | "name" | "id">;
}

export function reportOf(row: Row): Report {
  return {
    ...{ userId: row.user_id, userEmail: row.user_email ?? undefined },
    helpRequestId: row.help_request_id ?? undefined,
    asker: { kind: row.asker_kind, name: row.asked_by, id: row.asker_id },
  };
}

/**
 * The e-mail with which the manager signs in: as configured for the person, or else as the person's own sign-in named them
 * when they asked for help. Undefined where there is none, and where it could be the asker or the person.
 *
 * @throws {@link GatewayError} where the users cannot be read
 */
export async function managerOf(services: Services, report: Report, waitUntil: WaitUntil): Promise<string | undefined> {
  const { value: users } = await services.fireblocks.users(waitUntil).catch((error: unknown) => {
    throw readingFailed(error, "The list of users, without which nobody can tell who a manager is,");
  });
  return managerAmong(services, report, users);
}

/** The same, by a list of users that is there. */
export async function managerAmong(
  { configuration, help }: Services,
  report: Report,
  users: readonly ConsoleUser[],
): Promise<string | undefined> {
  const { userId, userEmail, helpRequestId, asker } = report;
  const { managers, userMap } = configuration;
  const signIns = [...userMap].filter(([, to]) => to === userId || (userEmail !== undefined && isSame(to, userEmail)));
  const names = [...(userEmail === undefined ? [] : [lowerEmail(userEmail)]), ...signIns.map(([from]) => from)];
  const configured = names.map((name) => managers.get(name)).find((manager) => manager !== undefined);
  const claimed = async () =>
    (helpRequestId === undefined ? null : await help.get(helpRequestId))?.manager ?? undefined;
  const manager = configured ?? (await claimed());
  if (manager === undefined) return undefined;

  const theirs = possibleUsersOf({ kind: "person", name: manager }, users, userMap);
  const askers = new Set(possibleUsersOf(asker, users, userMap));
  const isAsker = foldEmail(manager) === foldEmail(asker.name) || theirs.some((user) => askers.has(user));
  const isPerson =
    names.some((name) => foldEmail(name) === foldEmail(manager)) || theirs.some(({ id }) => id === userId);
  return isAsker || isPerson ? undefined : manager;
}

function isSame(one: string, other: string): boolean {
  return lowerEmail(one) === lowerEmail(other);
}
