/**
 * Where something of a reset can be seen: the user's status, the approvals, the audit log.
 *
 * @module
 */

import { AUDIT_LOG_SUBJECTS } from "../gateway-api.js";
import type * as Api from "../index.d.ts";
import { type FireblocksError, PASSING } from "./error.ts";
import { CLOSED_LOOKS, LOOK_BACK_MS, MOST_PAGES, MOST_REFUSALS } from "./limits.ts";

/** What was seen. */
export interface Seen extends Api.ResetObservations {
  statuses: { status: Api.ConsoleUserStatus; at: number }[];
}

/**
 * A question to be asked again and again. One that was refused several times in a row is closed: what a key may not see
 * is asked ever so often alone, since roles change, and a gateway's session or a key service may only have been ill.
 */
export class Source {
  #refusals = 0;
  #skipped = 0;
  readonly #ask: () => Promise<void>;

  constructor(ask: () => Promise<void>) {
    this.#ask = ask;
  }

  get closed(): boolean {
    return this.#refusals >= MOST_REFUSALS;
  }

  /** Asks, unless it is closed, and returns what went wrong. */
  async look(): Promise<FireblocksError | undefined> {
    if (this.closed && ++this.#skipped % CLOSED_LOOKS) {
      return undefined;
    }
    try {
      await this.#ask();
      this.#refusals = 0;
      return undefined;
    } catch (thrown) {
      const trouble = thrown as FireblocksError;
      this.#refusals = PASSING.includes(trouble.kind) ? 0 : this.#refusals + 1;
      return trouble;
    }
  }
}

/** The sources, each of which adds to `seen`. */
export function sourcesOf(client: Api.Client, seen: Seen, now: () => number, options: Api.RequestOptions): Source[] {
  const userStatus = async () => {
    const { users } = await client.getConsoleUsers(options);
    const status = users.find((user) => user?.id === seen.userId)?.status;
    if (typeof status !== "string") {
      return;
    }
    // Of each status the first and the last time it was seen: a watch may last for days.
    if (seen.statuses.at(-1)?.status === status && seen.statuses.at(-2)?.status === status) {
      seen.statuses.pop();
    }
    seen.statuses.push({ status, at: now() });
  };

  const approvals = async () => {
    const items = await rows(client.getApprovals, {
      includeAllUsers: true,
      quorumStatusMode: "SUMMARY",
      pageSize: 30,
    });
    seen.approvals = { items, at: now() };
    const trouble = await lostApproval.look();
    if (PASSING.includes(trouble?.kind)) {
      throw trouble;
    }
  };

  /** The list is of those that wait. What it has lost tells how it ended, asked for by its id. */
  const lostApproval = new Source(async () => {
    const { approvals, previous } = seen;
    const id = previous?.approvalRequestId;
    if (!id || !approvals) {
      return;
    }
    const { items } = approvals;
    if (!items.some((item) => requestIdOf(item) === id)) {
      items.push(await client.getApproval(id, { quorumStatusMode: "SUMMARY" }, options));
    }
  });

  const auditLog = async () => {
    // Before it is asked: what is written after this may be missing.
    const at = now();
    seen.auditLogs = await rows(client.getAuditLogs, {
      startTime: Math.max(0, Math.floor(seen.since - LOOK_BACK_MS)),
      category: "Administration",
      subject: AUDIT_LOG_SUBJECTS,
      pageSize: 500,
    });
    seen.auditLogsAt = at;
  };

  /** The rows of a list, page after page. */
  const rows = async <P extends { pageCursor?: string | null | undefined }, T>(
    ask: (params?: P, options?: Api.RequestOptions) => Promise<{ data: T[]; next?: string | null }>,
    params: NoInfer<P>,
  ): Promise<T[]> => {
    let found: T[] = [];
    for (let page = 0; page < MOST_PAGES; page++) {
      const { data, next } = await ask(params, options);
      found = found.concat(data);
      if (!next) {
        return found;
      }
      params.pageCursor = next;
    }
    // What is not read may be another person's reset.
    seen.otherResetsOpen = true;
    return found;
  };

  return [userStatus, approvals, auditLog].map((ask) => new Source(ask));
}

/** Where an item cannot be read, the request that it may be is asked for by its id. */
function requestIdOf(item: Api.ApprovalRequestItem): unknown {
  try {
    const payload: unknown = item.requestPayload;
    return (typeof payload === "string" ? JSON.parse(payload.trim()) : payload).requestId;
  } catch {
    return undefined;
  }
}
