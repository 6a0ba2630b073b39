/**
 * Everything that the worker asks of Fireblocks. All of it goes through the package's clients, of which each isolate
 * has one to read and one to send: importing the key and loading the WebAssembly cost more CPU than a request.
 *
 * @module
 */
import {
  type ApprovalRequestItem,
  type Client,
  type ConsoleUser,
  createClient,
  FireblocksError,
  type GetAuditLogsParams,
  type GetAuditLogsResponse,
  inferProgress,
  type ResetReceipt,
  type Workspace,
} from "fireblocks-reset-device";
import type { Configuration } from "../configuration";
import { withTimeLimit } from "../time-limit";
import { type Loaded, Shared, type WaitUntil } from "./shared";

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
  #approvalsUnreadableUntil = Number.NEGATIVE_INFINITY;

  constructor(configuration: Configuration, fetchUpstream: typeof fetch, now: () => number) {
    const shared = { waitMs: SHARED_WAIT_MS, now };
    const neverOld = { ...shared, maxAgeMs: Number.POSITIVE_INFINITY };
    this.#now = now;
    const config = clientConfig(configuration, fetchUpstream);
    this.#reader = new Shared(() => createClient({ ...config, deadlineMs: READ_DEADLINE_MS }), neverOld);
    this.#sender = new Shared(() => createClient(config), neverOld);
    this.#users = new Shared(() => this.#getUsers(), { ...shared, maxAgeMs: MAX_LIST_AGE_MS });
    this.#workspace = new Shared(() => this.#getWorkspace(), { ...shared, maxAgeMs: MAX_WORKSPACE_AGE_MS });
    // No age: an approval that was filed a moment ago must be seen.
    this.#approvals = new Shared(() => this.#getApprovals(), { ...shared, maxAgeMs: 0 });
  }

  /** Fireblocks' list of users, at most {@link MAX_LIST_AGE_MS} old. */
  users(waitUntil: WaitUntil): Promise<Loaded<readonly ConsoleUser[]>> {
    return this.#prepared(waitUntil, () => this.#users.get(waitUntil));
  }

  workspace(waitUntil: WaitUntil): Promise<Loaded<Workspace>> {
    return this.#prepared(waitUntil, () => this.#workspace.get(waitUntil));
  }

  /** What waits for approval now, where the key may read it. */
  async pendingApprovals(waitUntil: WaitUntil): Promise<PendingApprovals> {
    if (this.#now() < this.#approvalsUnreadableUntil) return { readable: false, complete: false, items: [] };
    return (await this.#prepared(waitUntil, () => this.#approvals.get(waitUntil))).value;
  }

  /** One request, whether it waits or has ended. */
  async approval(requestId: string, waitUntil: WaitUntil): Promise<ApprovalRequestItem> {
    const client = (await this.#reader.get(waitUntil)).value;
    return client.getApproval(requestId, { quorumStatusMode: "SUMMARY" }, { ...READ_OPTIONS, maxRetries: 0 });
  }

  async auditLogs(params: GetAuditLogsParams, waitUntil: WaitUntil): Promise<GetAuditLogsResponse> {
    const client = (await this.#reader.get(waitUntil)).value;
    return client.getAuditLogs(params, { ...READ_OPTIONS, maxRetries: 0 });
  }

  /** One request, never repeated here: an attempt needs a lease of its own. */
  async resetDevice(
    userId: string,
    upstreamKey: string,
    timeoutMs: number,
    waitUntil: WaitUntil,
  ): Promise<ResetReceipt> {
    const client = (await this.#sender.get(waitUntil)).value;
    return client.resetDevice(userId, upstreamKey, { timeoutMs, maxRetries: 0 });
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
    const { users } = await (await this.#ready()).getConsoleUsers(READ_OPTIONS);
    return users;
  }

  async #getWorkspace(): Promise<Workspace> {
    return (await this.#ready()).getWorkspace(READ_OPTIONS);
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
        const answer = await client.getApprovals(
          { includeAllUsers: true, quorumStatusMode: "SUMMARY", pageSize: 30, ...(pageCursor && { pageCursor }) },
          READ_OPTIONS,
        );
        items.push(...answer.data);
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

/** The API is in beta: a workspace or a key may not have it at all. */
function isUnreadable(error: unknown): boolean {
  if (!(error instanceof FireblocksError)) return false;
  return ["forbidden", "notFound", "gone"].includes(error.kind) || error.code === -8;
}

/** Whether a reset of this user waits for approval, by whatever way it was asked for. */
export async function isResetPending(userId: string, items: ApprovalItems, now: number): Promise<boolean> {
  const own = itemsNaming(userId, items);
  if (own.length === 0) return false;
  // A request that waits counts whenever it was made; with `since` now, those that have ended do not.
  const progress = await inferProgress({ userId, since: now, approvals: { items: own, at: now } });
  return progress.source === "approvals" && !progress.final;
}

/** Those that could be about this user: the package looks for the id as a whole JSON string, too. */
export function itemsNaming(userId: string, items: ApprovalItems): ApprovalItems {
  const quoted = JSON.stringify(userId);
  return items.filter((item) => item.requestPayload?.includes(quoted));
}

function clientConfig(configuration: Configuration, fetchUpstream: typeof fetch) {
  const { basePath, apiKey, secretKey, relay } = configuration;
  return {
    basePath,
    apiKey,
    secretKey,
    userAgent: "fireblocks-reset-device-worker",
    fetch: relay === undefined ? fetchUpstream : throughRelay(new URL(basePath), relay, fetchUpstream),
  };
}

/**
 * Sends to the relay what was signed for Fireblocks. The signature covers path and query, not the host, so the
 * relay must ask Fireblocks for the same path; a path of the relay's own goes in front.
 */
function throughRelay(basePath: URL, relay: URL, fetchUpstream: typeof fetch): typeof fetch {
  const prefix = relay.pathname.replace(/\/$/, "");
  return (async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input as RequestInfo, init);
    const url = new URL(request.url);
    if (url.origin !== basePath.origin) throw new TypeError("not an address of Fireblocks");
    return fetchUpstream(new Request(`${relay.origin}${prefix}${url.pathname}${url.search}`, request));
  }) as typeof fetch;
}
