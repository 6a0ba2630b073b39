/**
 * Which console user a signed-in person is.
 *
 * @module
 */
import type { ConsoleUser } from "fireblocks-reset-device";
import type { LostRole } from "fireblocks-reset-device/gateway-api";
import { foldEmail, lowerEmail } from "../email";
import type { Roles } from "./roles";

/** Whoever asks, with what they may do. */
export interface Person {
  kind: "person" | "service";
  /** The sign-in's `sub`, or the client id of a service token. */
  id: string;
  /** E-mail in lower case, or the client id again: how records name them. */
  name: string;
  roles: Roles;
  /** What a group's name does not give any more. */
  lostRoles: LostRole[];
}

/**
 * The console user that a sign-in is known to be: by the very address, case aside, or by the configured map. What
 * depends on somebody being known goes by this.
 */
export function knownUsersOf(
  person: Pick<Person, "kind" | "name">,
  users: readonly ConsoleUser[],
  userMap: ReadonlyMap<string, string>,
): ConsoleUser[] {
  return matching(person, users, userMap, "exact");
}

/**
 * Every console user that a person could be, under another spelling too. A match more only refuses somebody something:
 * what is refused to oneself goes by this, and nothing is allowed by it.
 */
export function possibleUsersOf(
  person: Pick<Person, "kind" | "name">,
  users: readonly ConsoleUser[],
  userMap: ReadonlyMap<string, string>,
): ConsoleUser[] {
  return matching(person, users, userMap, "folded");
}

/** Whoever is disabled in the workspace, or has never activated their user, acts for nobody there; an API user is nobody. */
export function isActive({ enabled, status, userType }: ConsoleUser): boolean {
  return enabled !== false && status !== "PENDING_ACTIVATION" && userType !== "API";
}

type Spelling = "exact" | "folded";

const SPELLINGS: Record<Spelling, (email: string) => string> = { exact: lowerEmail, folded: foldEmail };

/** None for a service token, or where no e-mail matches. */
function matching(
  person: Pick<Person, "kind" | "name">,
  users: readonly ConsoleUser[],
  userMap: ReadonlyMap<string, string>,
  spelling: Spelling,
): ConsoleUser[] {
  if (person.kind === "service") return [];
  const spell = SPELLINGS[spelling];
  const byEmail = spelledEmails(users, spelling);
  const name = spell(person.name);
  const own = new Set(byEmail.get(name));
  for (const [signIn, mapped] of userMap) {
    if (spell(signIn) !== name) continue;
    for (const user of byEmail.get(spell(mapped)) ?? []) own.add(user);
    for (const user of users) if (user.id === mapped) own.add(user);
  }
  return [...own];
}

type ByEmail = ReadonlyMap<string, ConsoleUser[]>;

/** Folding ten thousand e-mails takes longer than a request should: it is done once for each list. */
const spelled = { exact: new WeakMap<object, ByEmail>(), folded: new WeakMap<object, ByEmail>() };

function spelledEmails(users: readonly ConsoleUser[], spelling: Spelling): ByEmail {
  const known = spelled[spelling].get(users);
  if (known !== undefined) return known;
  const withEmail = users.filter((user) => user.email !== undefined);
  const byEmail = Map.groupBy(withEmail, (user) => SPELLINGS[spelling](user.email ?? ""));
  spelled[spelling].set(users, byEmail);
  return byEmail;
}
