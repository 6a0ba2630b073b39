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

/** The console users that a person is; none for a service token, or where no e-mail matches. */
export function consoleUsersOf(
  person: Pick<Person, "kind" | "name">,
  users: readonly ConsoleUser[],
  userMap: ReadonlyMap<string, string>,
): ConsoleUser[] {
  if (person.kind === "service") return [];
  const mapped = userMap.get(person.name);
  const own = new Set([foldEmail(person.name), ...(mapped === undefined ? [] : [foldEmail(mapped)])]);
  return users.filter(
    (user) =>
      (user.email !== undefined && own.has(foldEmail(user.email))) || (mapped !== undefined && user.id === mapped),
  );
}
