/**
 * A gateway, as the button and the command see it beside Fireblocks' own paths: who is signed in, and the records.
 *
 * @module
 */

/** The part of a gateway's record that is followed. */
export interface FollowedReset {
  id: string;
  /** Where the reset is; may be newer than this package. */
  state: string;
  /** False once nothing follows. */
  open: boolean;
  /** The gateway's sentence, after a failure. */
  message?: string;
  /** Fireblocks' `X-Request-ID`. */
  requestId?: string;
  approvals?: { current?: number; threshold?: number };
}

/** The part of `GET /api/session` that is shown and obeyed. */
export interface GatewaySession {
  email?: string;
  can: { reset: boolean };
  environment?: string;
  workspace?: { id?: string; name?: string };
  resetsPaused?: boolean;
  /** Whether another person must release a reset before it is sent. */
  requireSecondPerson?: boolean;
  /** Whether `reason` and `verifiedBy` must be given. */
  requireNote?: boolean;
}

/** An answer of the gateway that is not a success. */
export class GatewayProblem extends Error {
  override readonly name = "GatewayProblem";
  /** HTTP status; 0 where there was no answer. */
  readonly status: number;
  /** Where to sign in, with a 401; `http:` or `https:` always. */
  readonly signInUrl?: string;
  /** How long the gateway asked to wait, in milliseconds. */
  readonly retryAfterMs?: number;

  constructor(message: string, status: number, facts: { signInUrl?: string; retryAfterMs?: number } = {}) {
    super(message);
    this.status = status;
    if (facts.signInUrl !== undefined) this.signInUrl = facts.signInUrl;
    if (facts.retryAfterMs !== undefined) this.retryAfterMs = facts.retryAfterMs;
  }
}

/** Reads from one gateway. Sends nothing that changes anything. */
export class Gateway {
  readonly #root: URL;
  readonly #fetch: typeof fetch;

  /**
   * @param basePath - the address whose path ends in `/v1`, as the client takes it; the gateway's own addresses lie
   *   beside it, under `api/`.
   * @param send - `fetch` with what the gateway's sign-in needs.
   */
  constructor(basePath: URL, send: typeof fetch) {
    this.#root = new URL(basePath);
    this.#root.pathname = `${basePath.pathname.replace(/\/+$/, "").replace(/\/v1$/, "")}/`;
    this.#fetch = send;
  }

  /** Who is signed in; undefined for a gateway that has no such address. */
  async session(signal: AbortSignal): Promise<GatewaySession | undefined> {
    try {
      const session = await this.#read<GatewaySession>("api/session", signal);
      return session?.can ? session : undefined;
    } catch (problem) {
      if (problem instanceof GatewayProblem && (problem.status === 404 || problem.status === 405)) return undefined;
      throw problem;
    }
  }

  /** One record, as it is now. */
  async reset(id: string, signal: AbortSignal): Promise<FollowedReset> {
    const record = await this.#read<FollowedReset>(`api/resets/${encodeURIComponent(id)}`, signal);
    if (typeof record?.state !== "string") throw new GatewayProblem("The gateway's answer is not a record.", 200);
    return record;
  }

  /** The newest record of a user; undefined where there is none. */
  async newestResetOf(userId: string, signal: AbortSignal): Promise<FollowedReset | undefined> {
    const query = new URLSearchParams({ userId, limit: "1" });
    const page = await this.#read<{ resets: FollowedReset[] }>(`api/resets?${query}`, signal);
    if (!Array.isArray(page?.resets)) throw new GatewayProblem("The gateway's answer is not a list of records.", 200);
    return page.resets[0];
  }

  async #read<T>(path: string, signal: AbortSignal): Promise<T | undefined> {
    const send = this.#fetch;
    let response: Response;
    try {
      response = await send(new URL(path, this.#root), { signal, headers: { accept: "application/json" } });
    } catch (cause) {
      if (signal.aborted) throw cause;
      throw new GatewayProblem(`No answer from the gateway at ${this.#root.origin}.`, 0);
    }
    const body = await response.json().catch(() => undefined);
    if (response.ok) return body;
    const signInUrl = webAddress(body?.signInUrl);
    const retryAfterMs = secondsToMs(response.headers.get("retry-after"));
    throw new GatewayProblem(
      typeof body?.message === "string" ? body.message : `The gateway answered ${response.status}.`,
      response.status,
      { ...(signInUrl && { signInUrl }), ...(retryAfterMs !== undefined && { retryAfterMs }) },
    );
  }
}

/** A link from the gateway is shown as one: nothing but a web address passes. */
function webAddress(value: unknown): string | undefined {
  if (typeof value !== "string" || !URL.canParse(value)) return undefined;
  return /^https?:$/.test(new URL(value).protocol) ? value : undefined;
}

/** `Retry-After` in milliseconds, where it is a number of seconds. */
function secondsToMs(value: string | null): number | undefined {
  return value && /^\d{1,6}$/.test(value) ? Number(value) * 1000 : undefined;
}
