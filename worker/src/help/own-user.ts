/**
 * Which user of the workspace somebody is who looks at their own screen.
 *
 * @module
 */
import type { ConsoleUser } from "fireblocks-reset-device";
import { knownUsersOf, type Person } from "../access/people";
import { CODES, GatewayError } from "../errors";
import { readingFailed } from "../fireblocks/answers";
import type { WaitUntil } from "../fireblocks/shared";
import type { Services } from "../services";

/** A user that has an id. */
export type OwnUser = ConsoleUser & { id: string };

export interface Own {
  /** The one whose device it is about. */
  user: OwnUser;
  /** Every id that is surely theirs: by the very address, or by the map. */
  ids: string[];
}

/**
 * By the very address or the configured map, as nothing is shown to a spelling that is only alike. The map says more than
 * the address where both name somebody.
 *
 * @param look to `show` it, a list that is older is good enough while Fireblocks' limit is met; nothing is decided on it
 * @throws {@link GatewayError} 403 where the sign-in is nobody's of this workspace
 */
export async function requireOwnUser(
  services: Services,
  person: Pick<Person, "kind" | "name">,
  waitUntil: WaitUntil,
  look: "show" | "decide",
): Promise<Own> {
  const { fireblocks, configuration } = services;
  const { value: users } = await fireblocks.users(waitUntil).catch((error: unknown) => {
    const failure = readingFailed(error, "The list of users, without which nobody can tell which user you are,");
    const old = look === "show" && failure.status === 429 ? fireblocks.known.users : undefined;
    if (old === undefined) throw failure;
    return old;
  });
  const known = knownUsersOf(person, users, configuration.userMap).filter(
    (user): user is OwnUser => user.id !== undefined,
  );
  const user = known.findLast(({ userType }) => userType !== "API") ?? known.at(-1);
  if (user !== undefined) return { user, ids: known.map(({ id }) => id) };
  throw new GatewayError(
    403,
    CODES.askerUnknown,
    "Your sign-in matches no user of this workspace, so there is no device of yours to show here. Nothing was sent.",
  );
}

/** How a user is named to people. */
export function nameOf({ firstName, lastName }: ConsoleUser): string | undefined {
  const name = [firstName, lastName].filter(Boolean).join(" ");
  return name === "" ? undefined : name;
}
