/**
 * Everything that the worker asks of Fireblocks. All of it goes through the package's clients, of which each isolate
 * has one to read and one to send: importing the key and loading the WebAssembly cost more CPU than a request.
 *
 * @module
 */
import {
  type ApprovalRequestItem,
  type AuditLogData,
  type Client,
  type ConsoleUser,
  createClient,
  FireblocksError,
  type GetAuditLogsParams,
  type GetAuditLogsResponse,
  isResetPending,
  type ResetReceipt,
  type Workspace,
  type WriteReceipt,
} from "fireblocks-reset-device";
import type { Configuration } from "../configuration";
import { withTimeLimit } from "../time-limit";
import { CoolDowns } from "./cool-down";
import { withTextPayload } from "./request-payload";
import { type Loaded, Shared, type WaitUntil } from "./shared";
import { isTime } from "./time";

/** The oldest list of users that anything is decided on. */
export const MAX_LIST_AGE_MS = 10_000;
const MAX_WORKSPACE_AGE_MS = 60_000;
/** A whole look at Fireblocks, with its second try and what Fireblocks asks to wait before it. */
export const READ_DEADLINE_MS = 8_000;
/** All pages of approvals together. A first page that does not come fails by itself before this. */
const APPROVALS_DEADLINE_MS = READ_DEADLINE_MS + 500;
/** How long another request's load is waited for. */
const SHARED_WAIT_MS = READ_DEADLINE_MS + 1_000;
/** What is only worth so long a wait is tried twice in it. */
const READ_OPTIONS = { timeoutMs: READ_DEADLINE_MS, maxRetries: 1 };
/** For how long a key that may not read approvals is not asked again. */
const APPROVALS_UNREADABLE_MS = 5 * 60_000;
/** Thirty requests a page. */
const MAX_APPROVAL_PAGES = 10;

/** The approvals that wait in the workspace. `complete` is false where there were more pages than are read. */
export interface PendingApprovals {
  readable: boolean;
  complete: boolean;
  items: ApprovalItems;
}

type ApprovalItems = ApprovalRequestItem[];

export class Fireblocks {
  /** Reads, each within {@link READ_DEADLINE_MS}. */
  readonly #reader: Shared<Client>;
  /** Sends resets, whose time each attempt is given. */
  readonly #sender: Shared<Client>;
  readonly #users: Shared<readonly ConsoleUser[]>;
  readonly #workspace: Shared<Workspace>;
  readonly #approvals: Shared<PendingApprovals>;
  readonly #now: () => number;
  readonly #coolDowns: CoolDowns;
  readonly #configuration: Configuration;
  readonly #fingerprint: Promise<string>;
  #approvalsUnreadableUntil = Number.NEGATIVE_INFINITY;

  constructor(configuration: Configuration, fetchUpstream: typeof fetch, now: () => number) {
    const shared = { waitMs: SHARED_WAIT_MS, now };
    const neverOld = { ...shared, maxAgeMs: Number.POSITIVE_INFINITY };
    this.#now = now;
    this.#coolDowns = new CoolDowns(now);
    this.#configuration = configuration;
    this.#fingerprint = this.fingerprintOf(configuration.apiKey);
    const config = clientConfig(configuration, fetchUpstream);
    this.#reader = new Shared(() => createClient({ ...config, deadlineMs: READ_DEADLINE_MS }), neverOld);
    this.#sender = new Shared(() => createClient(config), neverOld);
    this.#users = new Shared(() => this.#getUsers(), { ...shared, maxAgeMs: MAX_LIST_AGE_MS });
    this.#workspace = new Shared(() => this.#getWorkspace(), { ...shared, maxAgeMs: MAX_WORKSPACE_AGE_MS });
    // No age: an approval that was filed a moment ago must be seen.
    this.#approvals = new Shared(() => this.#getApprovals(), { ...shared, maxAgeMs: 0 });
  }

  /** Fireblocks' list of users, at most {@link MAX_LIST_AGE_MS} old, and none that began before `oldest`. */
  users(waitUntil: WaitUntil, oldest = Number.NEGATIVE_INFINITY): Promise<Loaded<readonly ConsoleUser[]>> {
    return this.#prepared(waitUntil, () => this.#users.get(waitUntil, Math.max(oldest, this.#now() - MAX_LIST_AGE_MS)));
  }

  workspace(waitUntil: WaitUntil): Promise<Loaded<Workspace>> {
    return this.#prepared(waitUntil, () => this.#workspace.get(waitUntil));
  }

  /** The list and the workspace as they were last read, however long ago: to be shown, and for no decision. */
  get known(): { users: Loaded<readonly ConsoleUser[]> | undefined; workspace: Loaded<Workspace> | undefined } {
    return { users: this.#users.latest, workspace: this.#workspace.latest };
  }

  /** What an idempotency key belongs to: tells one API user and address from another, and neither of them to anybody. */
  get fingerprint(): Promise<string> {
    return this.#fingerprint;
  }

  /** The same of any API user, whose key is its id. */
  fingerprintOf(apiKey: string): Promise<string> {
    return fingerprintOf(apiKey, this.#configuration.basePath);
  }

  /** The workspace's id; undefined where it cannot be read now. */
  async workspaceId(waitUntil: WaitUntil): Promise<string | undefined> {
    return this.workspace(waitUntil).then(
      ({ value }) => value.id,
      () => undefined,
    );
  }

  /** Whether Fireblocks has asked to be left alone in anything. */
  get isCoolingDown(): boolean {
    return this.#coolDowns.any;
  }

  /** @throws {@link CoolingDown} where a reset would be refused for Fireblocks' limit */
  requireSending(): void {
    this.#coolDowns.require("resetDevice");
  }

  /** What waits for approval now, or waited at some time after `since`, where the key may read it. */
  async pendingApprovals(waitUntil: WaitUntil, since?: number): Promise<PendingApprovals> {
    if (this.#now() < this.#approvalsUnreadableUntil) return { readable: false, complete: false, items: [] };
    return (await this.#prepared(waitUntil, () => this.#approvals.get(waitUntil, since))).value;
  }

  /** One request, whether it waits or has ended. */
  async approval(requestId: string, waitUntil: WaitUntil): Promise<ApprovalRequestItem> {
    const client = (await this.#reader.get(waitUntil)).value;
    const item = await this.#coolDowns.guard("getApproval", () =>
      client.getApproval(requestId, { quorumStatusMode: "SUMMARY" }, { ...READ_OPTIONS, maxRetries: 0 }),
    );
    return withTextPayload(item);
  }

  async auditLogs(params: GetAuditLogsParams, waitUntil: WaitUntil): Promise<GetAuditLogsResponse> {
    const client = (await this.#reader.get(waitUntil)).value;
    const read = () => client.getAuditLogs(params, { ...READ_OPTIONS, maxRetries: 0 });
    const answer = await this.#coolDowns.guard("getAuditLogs", read);
    return { ...answer, data: answer.data.flatMap(readableRow) };
  }

  /** One request, never repeated here: an attempt needs a lease of its own. */
  async resetDevice(
    userId: string,
    upstreamKey: string,
    timeoutMs: number,
    waitUntil: WaitUntil,
  ): Promise<ResetReceipt> {
    const client = (await this.#sender.get(waitUntil)).value;
    return this.#coolDowns.guard("resetDevice", () =>
      client.resetDevice(userId, upstreamKey, { timeoutMs, maxRetries: 0 }),
    );
  }

  /** Says no to a request that waits, as this worker's API user. @throws {@link CoolingDown}, FireblocksError */
  async rejectApproval(requestId: string, upstreamKey: string, waitUntil: WaitUntil): Promise<WriteReceipt> {
    const client = (await this.#sender.get(waitUntil)).value;
    return this.#coolDowns.guard("rejectApproval", () =>
      client.rejectApproval(requestId, upstreamKey, { timeoutMs: READ_DEADLINE_MS, maxRetries: 0 }),
    );
  }

  /** Makes the client first, so that a shared load never waits on another shared load. */
  async #prepared<T>(waitUntil: WaitUntil, then: () => Promise<T>): Promise<T> {
    await this.#reader.get(waitUntil);
    return then();
  }

  async #ready(): Promise<Client> {
    return (await this.#reader.get(() => undefined)).value;
  }

  async #getUsers(): Promise<readonly ConsoleUser[]> {
    const client = await this.#ready();
    const { users } = await this.#coolDowns.guard("getConsoleUsers", () => client.getConsoleUsers(READ_OPTIONS));
    return users.flatMap(readable);
  }

  async #getWorkspace(): Promise<Workspace> {
    const client = await this.#ready();
    return this.#coolDowns.guard("getWorkspace", () => client.getWorkspace(READ_OPTIONS));
  }

  /** What was read in the time for one look, if there are too many pages for it. */
  #getApprovals(): Promise<PendingApprovals> {
    const items: ApprovalItems = [];
    return withTimeLimit(this.#readApprovals(items), APPROVALS_DEADLINE_MS, () => ({
      readable: true,
      complete: false,
      items: [...items],
    }));
  }

  async #readApprovals(items: ApprovalItems): Promise<PendingApprovals> {
    const client = await this.#ready();
    let pageCursor: string | undefined;
    try {
      for (let page = 0; page < MAX_APPROVAL_PAGES; page++) {
        const params = {
          ...({ includeAllUsers: true, quorumStatusMode: "SUMMARY", pageSize: 30 } as const),
          ...(pageCursor && { pageCursor }),
        };
        const answer = await this.#coolDowns.guard("getApprovals", () => client.getApprovals(params, READ_OPTIONS));
        items.push(...answer.data.map(withTextPayload));
        if (!answer.next) return { readable: true, complete: true, items };
        pageCursor = answer.next;
      }
      return { readable: true, complete: false, items };
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      this.#approvalsUnreadableUntil = this.#now() + APPROVALS_UNREADABLE_MS;
      return { readable: false, complete: false, items: [] };
    }
  }
}

/** One odd user must not keep everybody from the list: what is no user is left out, what is no text of one too. */
function readable(user: unknown): ConsoleUser[] {
  if (typeof user !== "object" || user === null) return [];
  const { enabled, ...texts } = user as Record<string, unknown>;
  const told = Object.entries(texts).filter(([, value]) => typeof value === "string");
  return [{ ...Object.fromEntries(told), ...(typeof enabled === "boolean" && { enabled }) }];
}

/** As of users. Fireblocks' documents have had times as texts, too. */
function readableRow(row: unknown): AuditLogData[] {
  if (typeof row !== "object" || row === null) return [];
  const { timestamp, createdAt, ...others } = row as Record<string, unknown>;
  const texts = Object.entries(others).filter(([, value]) => typeof value === "string");
  const times = Object.entries({ timestamp, createdAt }).flatMap(([name, value]) => {
    const time = typeof value === "string" && value !== "" ? Number(value) : value;
    return isTime(time) ? [[name, time] as const] : [];
  });
  return [{ ...Object.fromEntries(texts), ...Object.fromEntries(times) }];
}

/** The API is in beta: a workspace or a key may not have it at all. */
function isUnreadable(error: unknown): boolean {
  if (!(error instanceof FireblocksError)) return false;
  return ["forbidden", "notFound", "gone"].includes(error.kind) || error.code === -8;
}

/** The requests that wait for approval and may be a reset of this user, by whatever way they were asked for. */
export async function pendingResets(userId: string, items: ApprovalItems): Promise<ApprovalItems> {
  // Nearly always nothing does, and asking about all at once costs the least.
  if (!(await isResetPending(userId, items))) return [];
  const waits = await Promise.all(items.map(async (item) => ((await isResetPending(userId, [item])) ? [item] : [])));
  return waits.flat();
}

/** Those that name this user as what they are about, if any do. It decides nothing: a payload with escapes is left in. */
export function itemsNaming(userId: string, items: ApprovalItems): ApprovalItems {
  const quoted = JSON.stringify(userId);
  return items.filter((item) => {
    const payload = item.requestPayload;
    return payload !== undefined && (payload.includes(quoted) || payload.includes("\\"));
  });
}

async function fingerprintOf(apiKey: string, basePath: URL): Promise<string> {
  const text = new TextEncoder().encode(JSON.stringify([apiKey, basePath.href]));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", text));
  return Array.from(digest.slice(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function clientConfig(configuration: Configuration, fetchUpstream: typeof fetch) {
  const { basePath, apiKey, secretKey, relay } = configuration;
  return {
    basePath: basePath.href,
    apiKey,
    secretKey,
    userAgent: "fireblocks-reset-device-worker",
    fetch: relay === undefined ? fetchUpstream : throughRelay(basePath, relay, fetchUpstream),
  };
}

/**
 * Sends to the relay what was signed for Fireblocks. The signature covers path and query, not the host, so the
 * relay must ask Fireblocks for the same path; a path of the relay's own goes in front. A relay that asked nobody who they
 * are would lend its address to whoever has stolen the key: the secret shows it that it is this worker.
 */
function throughRelay(
  basePath: URL,
  relay: NonNullable<Configuration["relay"]>,
  fetchUpstream: typeof fetch,
): typeof fetch {
  const prefix = relay.url.pathname.replace(/\/$/, "");
  return (async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input as RequestInfo, init);
    const url = new URL(request.url);
    if (url.origin !== basePath.origin) throw new TypeError("not an address of Fireblocks");
    const relayed = new Request(`${relay.url.origin}${prefix}${url.pathname}${url.search}`, request);
    relayed.headers.set("X-Relay-Secret", relay.secret);
    return fetchUpstream(relayed);
  }) as typeof fetch;
}
