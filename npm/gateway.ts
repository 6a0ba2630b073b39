/**
 * A gateway, as the button and the command see it beside Fireblocks' own paths: who is signed in, and the records.
 *
 * @module
 */

import { codeOf } from "./client/effects.js";
import type { RecordState, ResetPage, ResetRecord, Session } from "./gateway-api.js";

/** The part of a gateway's record that is followed. Its state may be newer than this package. */
export interface FollowedReset
  extends Pick<ResetRecord, "id" | "open" | "message" | "requestId" | "approvals" | "evidence" | "leavesAt"> {
  /** The console user that it is about, where the gateway says so. */
  userId?: string;
  state: RecordState | (string & {});
}

/** The part of `GET /api/session` that is shown and obeyed. A gateway that is not ours need not tell all of it. */
export interface GatewaySession
  extends Partial<Pick<Session, "email" | "workspace" | "resetsPaused" | "requireSecondPerson" | "requireNote">> {
  can: Pick<Session["can"], "reset">;
  environment?: Session["environment"] | (string & {});
}

/** An answer of the gateway that is not a success. */
export class GatewayError extends Error {
  override readonly name = "GatewayError";
  /** HTTP status; 0 where there was no answer. */
  readonly status: number;
  /** Where to sign in, with a 401; `http:` or `https:` always. */
  readonly signInUrl?: string;
  /** How long the gateway asked to wait, in milliseconds. */
  readonly retryAfterMs?: number;
  /** The runtime's code of a connection that failed, such as `ENOTFOUND`. */
  readonly causeCode?: string;

  constructor(
    message: string,
    status: number,
    facts: { signInUrl?: string; retryAfterMs?: number; causeCode?: string } = {},
  ) {
    super(message);
    this.status = status;
    if (facts.signInUrl !== undefined) this.signInUrl = facts.signInUrl;
    if (facts.retryAfterMs !== undefined) this.retryAfterMs = facts.retryAfterMs;
    if (facts.causeCode !== undefined) this.causeCode = facts.causeCode;
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
      if (problem instanceof GatewayError && (problem.status === 404 || problem.status === 405)) return undefined;
      throw problem;
    }
  }

  /** One record, as it is now. */
  async reset(id: string, signal: AbortSignal): Promise<FollowedReset> {
    const record = await this.#read<unknown>(`api/resets/${encodeURIComponent(id)}`, signal);
    return followedFrom(record);
  }

  /** The newest record of a user; undefined where there is none. */
  async newestResetOf(userId: string, signal: AbortSignal): Promise<FollowedReset | undefined> {
    const query = new URLSearchParams({ userId, limit: "1" });
    const page = await this.#read<Pick<ResetPage, "resets">>(`api/resets?${query}`, signal);
    if (!Array.isArray(page?.resets)) throw new GatewayError("The gateway's answer is not a list of records.", 200);
    return page.resets.length === 0 ? undefined : followedFrom(page.resets[0]);
  }

  async #read<T>(path: string, signal: AbortSignal): Promise<T | undefined> {
    const send = this.#fetch;
    let response: Response;
    try {
      response = await send(new URL(path, this.#root), { signal, headers: { accept: "application/json" } });
    } catch (cause) {
      if (signal.aborted) throw cause;
      const causeCode = codeOf(cause);
      const numbered = causeCode === undefined ? "" : ` (${causeCode})`;
      throw new GatewayError(`No answer from the gateway at ${this.#root.origin}${numbered}.`, 0, {
        ...(causeCode !== undefined && { causeCode }),
      });
    }
    const body = await response.json().catch(() => undefined);
    if (response.ok) return body;
    const signInUrl = webAddress(body?.signInUrl);
    const retryAfterMs = secondsToMs(response.headers.get("retry-after"));
    throw new GatewayError(
      typeof body?.message === "string" ? body.message : `The gateway answered ${response.status}.`,
      response.status,
      { ...(signInUrl && { signInUrl }), ...(retryAfterMs !== undefined && { retryAfterMs }) },
    );
  }
}

/** The members of a record that may be absent and are read as text. */
const TEXTS = ["userId", "message", "requestId"] as const;

/**
 * A gateway's record. Without its id, its state and whether it is open it is none: nothing is concluded from it. What else
 * cannot be read is left out.
 */
function followedFrom(value: unknown): FollowedReset {
  const record = { ...(value as FollowedReset) };
  if (typeof record.id !== "string" || typeof record.state !== "string" || typeof record.open !== "boolean") {
    throw new GatewayError("The gateway's answer is not a record.", 200);
  }
  for (const name of TEXTS) {
    if (typeof record[name] !== "string") delete record[name];
  }
  if (!isTime(record.leavesAt)) delete record.leavesAt;
  return record;
}

/** Whether it is a time in milliseconds that a date can hold. */
function isTime(value: unknown): boolean {
  return typeof value === "number" && !Number.isNaN(new Date(value).getTime());
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
