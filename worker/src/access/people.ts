/**
 * Which console user a signed-in person is.
 *
 * @module
 */
import type { ConsoleUser } from "fireblocks-reset-device";
import type { Roles } from "./roles";

/** Whoever asks, with what they may do. */
export interface Person {
  kind: "person" | "service";
  /** The sign-in's `sub`, or the client id of a service token. */
  id: string;
  /** E-mail in lower case, or the client id again: how records name them. */
  name: string;
  roles: Roles;
}

/**
 * An e-mail as compared to give a role: ASCII letters without case, and nothing else alike. A wider rule would let
 * somebody in under a name that only looks like one on the list (U+212A, for one, is a K in lower case).
 */
export function lowerEmail(email: string): string {
  return email.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/**
 * An e-mail as compared to tell two people apart: other spellings of one address become equal. It is wider than
 * any mail system's rule on purpose, since a false match only keeps somebody from a reset; it is never used to
 * give a role.
 */
export function foldEmail(email: string): string {
  const text = email.normalize("NFKC").trim().toUpperCase().toLowerCase();
  const at = text.lastIndexOf("@");
  const local = (at < 0 ? text : text.slice(0, at)).replace(/\+.*$/, "");
  const domain = at < 0 ? "" : text.slice(at).replace(/\.$/, "");
  // Letters alone: accents, dots above and invisible characters are ways of writing the same name.
  return `${local.normalize("NFKD").replace(/[\p{M}\p{Cf}]/gu, "")}${domain}`;
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
  const byEmail = spelledEmails(users, spelling);
  const own = new Set(byEmail.get(SPELLINGS[spelling](person.name)));
  const mapped = userMap.get(person.name);
  if (mapped !== undefined) {
    for (const user of byEmail.get(SPELLINGS[spelling](mapped)) ?? []) own.add(user);
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
