/**
 * The groups of a signed-in person: from a claim of the token, or from Access' identity endpoint.
 *
 * @module
 */
import { readBounded } from "../body";
import type { Configuration } from "../configuration";
import { lowerEmail } from "../email";
import { customClaim } from "./claims";
import type { SignIn } from "./token";

const IDENTITY_TIMEOUT_MS = 3_000;
const MAX_IDENTITY_BYTES = 256 * 1024;
/** A person who leaves a group loses the role within this time, once Access knows of it. */
const IDENTITY_MAX_AGE_MS = 60_000;
/** After a failed look-up none is made for the same session for this long: each may take seconds. */
const IDENTITY_FAILURE_MS = 5_000;
const MAX_REMEMBERED = 500;

/**
 * A group as the identity provider tells of it. Whoever may make a group in a directory gives it whatever name they like:
 * where there is an id, nothing but the id says which group it is.
 */
export type Group = { kind: "text"; text: string } | { kind: "object"; id: string; name?: string };

/** Looks groups up, and remembers them for a while. */
export class GroupBook {
  readonly #configuration: Configuration;
  readonly #fetch: typeof fetch;
  readonly #now: () => number;
  /** By session of sign-in, oldest first. */
  readonly #remembered = new Map<string, { groups: readonly Group[]; until: number }>();

  constructor(configuration: Configuration, fetchIdentity: typeof fetch, now: () => number) {
    this.#configuration = configuration;
    this.#fetch = fetchIdentity;
    this.#now = now;
  }

  async groupsOf(signIn: SignIn): Promise<readonly Group[]> {
    const source = this.#configuration.groups;
    if (source.from === "nowhere") return [];
    if (source.from === "claim") return groupsIn(customClaim(signIn.claims, source.name));

    const session = `${signIn.id} ${String(signIn.claims.identity_nonce)} ${String(signIn.claims.iat)}`;
    const remembered = this.#remembered.get(session);
    if (remembered && this.#now() < remembered.until) return remembered.groups;
    const found = await this.#askIdentity(signIn);
    const groups = found ?? [];
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
  async #askIdentity(signIn: SignIn): Promise<readonly Group[] | undefined> {
    try {
      const response = await this.#fetch(`${this.#configuration.teamDomain.origin}/cdn-cgi/access/get-identity`, {
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
      return groupsIn(groups);
    } catch {
      return undefined;
    }
  }
}

/** Some identity providers tell of one group without a list around it. */
function groupsIn(value: unknown): Group[] {
  return (Array.isArray(value) ? value : [value]).flatMap(groupIn);
}

function groupIn(value: unknown): Group[] {
  if (typeof value === "string") return value === "" ? [] : [{ kind: "text", text: value }];
  if (typeof value !== "object" || value === null) return [];
  const { id, name } = value as { id?: unknown; name?: unknown };
  if ((typeof id !== "string" && typeof id !== "number") || id === "") return [];
  return [{ kind: "object", id: String(id), ...(typeof name === "string" && { name }) }];
}
