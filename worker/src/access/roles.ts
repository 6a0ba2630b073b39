/**
 * What a signed-in person may do. Nobody has a role by default; a failed look-up of groups gives none.
 *
 * @module
 */
import type { LostRole, Role } from "fireblocks-reset-device/gateway-api";
import { type Configuration, hasGroups } from "../configuration";
import { type Group, GroupBook } from "./groups";
import type { SignIn } from "./token";

/** The roles that somebody has, each with the entry of `ROLES` that gives it. */
export type Roles = ReadonlyMap<Role, string>;

/** What kind of entry gave a role: kept with each record, since the sweep can look up an e-mail but not a group. */
export type RoleBy = "email" | "group" | "service";

const ROLE_NAMES: readonly Role[] = ["viewer", "resetter", "auditor"];

/** The roles that need no look-up: by e-mail for a person, by client id for a service token. */
export function namedRoles(kind: SignIn["kind"], name: string, roles: Configuration["roles"]): Map<Role, string> {
  const entry = kind === "service" ? `service:${name}` : name;
  return new Map(ROLE_NAMES.filter((role) => roles[role].has(entry)).map((role) => [role, entry]));
}

export function kindOf(entry: string): RoleBy {
  if (entry.startsWith("service:")) return "service";
  return /^group(-id)?:/.test(entry) ? "group" : "email";
}

/** What was found for somebody, and the roles that a group's name would have given where only its id may. */
export interface Found {
  roles: Roles;
  lost: LostRole[];
}

/** Looks up roles, groups included where they are configured. */
export class RoleBook {
  readonly #roles: Configuration["roles"];
  readonly #groups: GroupBook;

  constructor(configuration: Configuration, fetchIdentity: typeof fetch, now: () => number) {
    this.#roles = configuration.roles;
    this.#groups = new GroupBook(configuration, fetchIdentity, now);
  }

  async rolesOf(signIn: SignIn): Promise<Found> {
    const roles = namedRoles(signIn.kind, signIn.kind === "person" ? signIn.email : signIn.id, this.#roles);
    if (signIn.kind === "service" || !hasGroups(this.#roles)) return { roles, lost: [] };

    const groups = await this.#groups.groupsOf(signIn);
    for (const role of ROLE_NAMES) {
      const entry = groups.map(entryOf).find((candidate) => this.#roles[role].has(candidate));
      if (!roles.has(role) && entry !== undefined) roles.set(role, entry);
    }
    return { roles, lost: groups.flatMap((group) => this.#lostBy(group, roles)) };
  }

  #lostBy(group: Group, roles: Roles): LostRole[] {
    if (group.kind === "text" || group.name === undefined) return [];
    const { id, name } = group;
    return ROLE_NAMES.filter((role) => !roles.has(role) && this.#roles[role].has(`group:${name}`)).map((role) => ({
      role,
      groupName: name,
      groupId: id,
    }));
  }
}

/** How `ROLES` names a group: never by a name where there is an id. */
function entryOf(group: Group): string {
  return group.kind === "text" ? `group:${group.text}` : `group-id:${group.id}`;
}
