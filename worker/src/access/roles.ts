/**
 * What a signed-in person may do. Nobody has a role by default; a failed look-up of groups gives none.
 *
 * @module
 */
import type { JWTPayload } from "jose";
import { type Configuration, hasGroups, type RoleName } from "../configuration";
import { readBounded } from "../http/body";
import { lowerEmail } from "./people";
import type { SignIn } from "./token";

const IDENTITY_TIMEOUT_MS = 3_000;
const MAX_IDENTITY_BYTES = 256 * 1024;
/** A person who leaves a group loses the role within this time. */
const IDENTITY_MAX_AGE_MS = 60_000;
/** After a failed look-up none is made for the same session for this long: each may take seconds. */
const IDENTITY_FAILURE_MS = 5_000;
const MAX_REMEMBERED = 500;

/** How a role was come by: kept with each record, since the sweep can look up an e-mail but not a group. */
export type RoleBy = "email" | "group" | "service";

export type Roles = ReadonlyMap<RoleName, RoleBy>;

const ROLE_NAMES: readonly RoleName[] = ["viewer", "resetter", "auditor"];

/** The roles that need no look-up: by e-mail for a person, by client id for a service token. */
export function namedRoles(kind: SignIn["kind"], name: string, roles: Configuration["roles"]): Map<RoleName, RoleBy> {
  const entry = kind === "service" ? `service:${name}` : name;
  const by: RoleBy = kind === "service" ? "service" : "email";
  return new Map(ROLE_NAMES.filter((role) => roles[role].has(entry)).map((role) => [role, by]));
}

/** Looks up roles, groups included where they are configured. */
export class RoleBook {
  readonly #configuration: Configuration;
  readonly #fetch: typeof fetch;
  readonly #now: () => number;
  /** Groups by session of sign-in, oldest first. */
  readonly #remembered = new Map<string, { groups: ReadonlySet<string>; until: number }>();

  constructor(configuration: Configuration, fetchIdentity: typeof fetch, now: () => number) {
    this.#configuration = configuration;
    this.#fetch = fetchIdentity;
    this.#now = now;
  }

  async rolesOf(signIn: SignIn): Promise<Roles> {
    const { roles } = this.#configuration;
    const found = namedRoles(signIn.kind, signIn.kind === "person" ? signIn.email : signIn.id, roles);
    if (signIn.kind === "service" || !hasGroups(roles)) return found;

    const groups = await this.#groupsOf(signIn);
    for (const role of ROLE_NAMES) {
      if (found.has(role)) continue;
      if ([...groups].some((group) => roles[role].has(`group:${group}`))) found.set(role, "group");
    }
    return found;
  }

  async #groupsOf(signIn: SignIn): Promise<ReadonlySet<string>> {
    const source = this.#configuration.groups;
    if (source.from === "nowhere") return new Set();
    if (source.from === "claim") return groupNames(customClaim(signIn.claims, source.name));

    const session = `${signIn.id} ${String(signIn.claims.identity_nonce)} ${String(signIn.claims.iat)}`;
    const remembered = this.#remembered.get(session);
    if (remembered && this.#now() < remembered.until) return remembered.groups;
    const found = await this.#askIdentity(signIn);
    const groups = found ?? new Set<string>();
    const until = this.#now() + (found === undefined ? IDENTITY_FAILURE_MS : IDENTITY_MAX_AGE_MS);

    this.#remembered.delete(session);
    this.#remembered.set(session, { groups, until });
    for (const oldest of this.#remembered.keys()) {
      if (this.#remembered.size <= MAX_REMEMBERED) break;
      this.#remembered.delete(oldest);
    }
    return groups;
  }

  /** Access' identity endpoint; undefined where it does not answer as it should. */
  async #askIdentity(signIn: SignIn): Promise<ReadonlySet<string> | undefined> {
    try {
      const response = await this.#fetch(`${this.#configuration.teamDomain}/cdn-cgi/access/get-identity`, {
        headers: { Cookie: `CF_Authorization=${signIn.token}`, Accept: "application/json" },
        redirect: "manual",
        signal: AbortSignal.timeout(IDENTITY_TIMEOUT_MS),
      });
      if (response.status !== 200) return undefined;
      const bytes = await readBounded(response.body, MAX_IDENTITY_BYTES);
      const identity: unknown = JSON.parse(new TextDecoder().decode(bytes));
      if (typeof identity !== "object" || identity === null) return undefined;
      const { email, groups } = identity as { email?: unknown; groups?: unknown };
      // The answer must be about the person whom the token names.
      if (signIn.kind !== "person" || typeof email !== "string" || lowerEmail(email) !== signIn.email) return undefined;
      return groupNames(groups);
    } catch {
      return undefined;
    }
  }
}

function customClaim(claims: JWTPayload, name: string): unknown {
  const custom = claims.custom;
  if (typeof custom === "object" && custom !== null && Object.hasOwn(custom, name)) {
    return (custom as Record<string, unknown>)[name];
  }
  return Object.hasOwn(claims, name) ? claims[name] : undefined;
}

/** Groups are texts or, from some identity providers, objects with a `name`. */
function groupNames(value: unknown): ReadonlySet<string> {
  const list = Array.isArray(value) ? value : [];
  return new Set(
    list.flatMap((group: unknown) => {
      if (typeof group === "string") return [group];
      const name = typeof group === "object" && group !== null ? (group as { name?: unknown }).name : undefined;
      return typeof name === "string" ? [name] : [];
    }),
  );
}
