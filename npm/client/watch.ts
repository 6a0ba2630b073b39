/**
 * Follows a reset: looks at what Fireblocks lets be seen, again and again and ever more seldom, and tells each change.
 * What the sightings mean is inferred in WebAssembly (`src/progress.rs`).
 *
 * @module
 */

import type * as Api from "../index.d.ts";
import { abortSignal, copy, ensure, Unusable } from "./arguments.ts";
import { inferProgress } from "./client.ts";
import { CLOSED, type FireblocksError, notSent, PASSING } from "./error.ts";
import { CallHost } from "./host.ts";
import {
  FIRST_INTERVAL_MS,
  GROWTH,
  LONGEST_ASKED_MS,
  LONGEST_INTERVAL_MS,
  LOOK_BACK_MS,
  MOST_PAGES,
} from "./limits.ts";

const OPTIONS = {
  since: "number",
  statusBefore: "string",
  signal: "object",
  intervalMs: "number",
  maxIntervalMs: "number",
  otherResetsOpen: "boolean",
} as const;

/** The subjects under which Fireblocks' audit log tells of a device reset ("Audit Log Events"). */
const SUBJECTS = ["Re-enroll mobile device", "Device reset", "User"];

export async function* watch(
  client: Api.Client,
  id: string,
  given: Api.WatchResetOptions | undefined,
): AsyncGenerator<Api.ResetProgress, void, undefined> {
  const { interval, longest, signal, since, statusBefore, otherResetsOpen } = read(given);
  const seen = { userId: id, since, statusBefore, otherResetsOpen, statuses: [] } as Seen;
  // An id that cannot be one is refused before anything is asked.
  await inferProgress(seen);
  const sources = sourcesOf(client, seen, { signal } as Api.RequestOptions);
  // For its pauses alone; what is asked runs as calls of their own.
  const host = new CallHost({});
  host.signal = signal;
  let told: string | undefined;
  let pause = interval;
  for (;;) {
    if (signal?.aborted) {
      throw notSent("aborted", "The watch was aborted. The reset itself goes on.", signal.reason, { retryable: true });
    }
    let asked = 0;
    for (const source of sources) {
      try {
        await source();
      } catch (thrown) {
        const { kind, retryAfterMs = 0 } = thrown as FireblocksError;
        if (CLOSED.includes(kind) && sources.size > 1) {
          // The others may still tell enough.
          sources.delete(source);
        } else if (!PASSING.includes(kind)) {
          throw thrown;
        }
        asked = Math.max(asked, retryAfterMs);
      }
    }
    const progress = await inferProgress(seen);
    const { state, source, at } = progress;
    seen.approvalRequestId = progress.approvalRequestId ?? seen.approvalRequestId;
    seen.otherResetsOpen = progress.otherResetsOpen;
    const telling = JSON.stringify([state, progress.userStatus, progress.approvals?.current]);
    if (telling !== told) {
      pause = interval;
      seen.previous = { state, source, at };
      told = telling;
      yield progress;
    }
    if (progress.final) {
      return;
    }
    // Watchers that were started together drift apart.
    const wait = Math.max(Math.min(asked, LONGEST_ASKED_MS), pause * (0.9 + 0.2 * Math.random()));
    host.sleep(Math.min(wait, 2 ** 31 - 1));
    await host.pending;
    pause = Math.min(pause * GROWTH, longest);
  }
}

/** What was seen, and the approvals API's id of the request once it was seen there. */
interface Seen extends Api.ResetObservations {
  statuses: { status: Api.ConsoleUserStatus; at: number }[];
  approvalRequestId?: string | undefined;
}

/** Where something can be seen: each of them looks there, and adds to `seen`. */
function sourcesOf(client: Api.Client, seen: Seen, options: Api.RequestOptions): Set<() => Promise<void>> {
  const userStatus = async () => {
    const { users } = await client.getConsoleUsers(options);
    const status = users.find((user) => user?.id === seen.userId)?.status;
    if (status === undefined) {
      return;
    }
    // Of each status the first and the last time it was seen: a watch may last for days.
    if (seen.statuses.at(-1)?.status === status && seen.statuses.at(-2)?.status === status) {
      seen.statuses.pop();
    }
    seen.statuses.push({ status, at: Date.now() });
  };

  const approvals = async () => {
    const items = await rows(client.getApprovals, {
      includeAllUsers: true,
      quorumStatusMode: "SUMMARY",
      pageSize: 30,
    });
    const { approvalRequestId } = seen;
    if (approvalRequestId !== undefined && !items.some((item) => item?.requestPayload?.includes(approvalRequestId))) {
      // The list is of those that wait, and has lost it: how it ended.
      try {
        items.push(await client.getApproval(approvalRequestId, { quorumStatusMode: "SUMMARY" }, options));
      } catch (thrown) {
        if (!CLOSED.includes((thrown as FireblocksError).kind)) {
          throw thrown;
        }
        // It is not told, and will not be the next time.
        seen.approvalRequestId = undefined;
      }
    }
    seen.approvals = { items, at: Date.now() };
  };

  const auditLog = async () => {
    seen.auditLogs = await rows(client.getAuditLogs, {
      startTime: Math.max(0, Math.floor(seen.since - LOOK_BACK_MS)),
      category: "Administration",
      subject: SUBJECTS,
      pageSize: 500,
    });
  };

  /** The rows of a list, page after page. */
  const rows = async <P extends { pageCursor?: string }, T>(
    ask: (params?: P, options?: Api.RequestOptions) => Promise<{ data: T[]; next?: string | null }>,
    params: NoInfer<P>,
  ): Promise<T[]> => {
    const found: T[] = [];
    for (let page = 0; page < MOST_PAGES; page++) {
      const { data, next } = await ask(params, options);
      found.push(...data);
      if (!next) {
        return found;
      }
      params.pageCursor = next;
    }
    // What is not read may be another person's reset.
    seen.otherResetsOpen = true;
    return found;
  };

  return new Set([userStatus, approvals, auditLog]);
}

function read(given: Api.WatchResetOptions | undefined) {
  try {
    const {
      since = Date.now(),
      intervalMs: interval = FIRST_INTERVAL_MS,
      maxIntervalMs: longest = Math.max(LONGEST_INTERVAL_MS, interval),
      ...others
    } = copy("the options", given, OPTIONS);
    ensure(
      interval >= 1 && longest >= interval && longest < 2 ** 31,
      "intervalMs and maxIntervalMs must be from 1 to 2147483647, the second no less than the first.",
    );
    ensure(Number.isFinite(since), "since must be a number of milliseconds since 1970.");
    return { ...others, since, interval, longest, signal: abortSignal(others.signal) };
  } catch (thrown) {
    throw thrown instanceof Unusable ? notSent("invalidArgument", thrown.reason, thrown.cause) : thrown;
  }
}
