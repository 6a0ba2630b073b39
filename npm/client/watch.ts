/**
 * Follows a reset: looks at what Fireblocks lets be seen, again and again and ever more seldom, and tells each change.
 * What the sightings mean is inferred in WebAssembly (`src/progress.rs`).
 *
 * @module
 */

import type * as Api from "../index.d.ts";
import { abortSignal, copy, Unusable } from "./arguments.ts";
import { inferProgress } from "./client.ts";
import { FireblocksError, notSent } from "./error.ts";

const OPTIONS = {
  since: "number",
  statusBefore: "string",
  signal: "object",
  intervalMs: "number",
  maxIntervalMs: "number",
  otherResetsOpen: "boolean",
} as const;

const FIRST_INTERVAL_MS = 2_000;
const LONGEST_INTERVAL_MS = 60_000;
const GROWTH = 1.5;
/** A server that asks for a longer pause, in milliseconds, is asked again after this one. */
const LONGEST_ASKED_MS = 3_600_000;
/** A list longer than this many pages is not read to its end at every look. */
const MOST_PAGES = 4;
/** How far back another reset is looked for that may still have been open, in milliseconds: a week. */
const LOOK_BACK_MS = 7 * 86_400_000;

/** The subjects under which Fireblocks' audit log tells of a device reset ("Audit Log Events"). */
const SUBJECTS = ["Re-enroll mobile device", "Device reset", "User"];

/** What may be wrong for a while; the next look may be better. */
const PASSING: readonly Api.FireblocksErrorKind[] = [
  "timeout",
  "network",
  "rateLimited",
  "server",
  "unexpectedResponse",
];
/** What a key, or a gateway, does not offer; the other sources may still tell enough. */
const CLOSED: readonly Api.FireblocksErrorKind[] = [
  "authentication",
  "forbidden",
  "notFound",
  "gone",
  "invalidRequest",
];

export async function* watch(
  client: Api.Client,
  id: string,
  given: Api.WatchResetOptions | undefined,
): AsyncGenerator<Api.ResetProgress, void, undefined> {
  const options = read(given);
  const { signal, interval, longest } = options;
  const seen: Seen = { userId: id, since: options.since, statuses: [] };
  if (options.statusBefore !== undefined) {
    seen.statusBefore = options.statusBefore;
  }
  if (options.otherResetsOpen) {
    seen.otherResetsOpen = true;
  }
  // An id that cannot be one is refused before anything is asked.
  await inferProgress(seen);
  const sources = [userStatus, approvals, auditLog];
  let told: Api.ResetProgress | undefined;
  let pause = interval;
  for (;;) {
    throwIfAborted(signal);
    let asked = 0;
    for (const source of [...sources]) {
      try {
        await source(client, seen, signal ? { signal } : {});
      } catch (thrown) {
        const { kind, retryAfterMs = 0 } = thrown as FireblocksError;
        if (CLOSED.includes(kind) && sources.length > 1) {
          sources.splice(sources.indexOf(source), 1);
        } else if (!PASSING.includes(kind)) {
          throw thrown;
        }
        asked = Math.max(asked, retryAfterMs);
      }
    }
    const { approvalRequestId, ...observations } = seen;
    const progress = await inferProgress(observations);
    seen.approvalRequestId = progress.approvalRequestId ?? approvalRequestId;
    seen.otherResetsOpen = progress.otherResetsOpen;
    const changed = told?.state !== progress.state || told.userStatus !== progress.userStatus || more(told, progress);
    if (changed) {
      pause = interval;
      const { state, source, at } = progress;
      seen.previous = { state, source, at };
      told = progress;
      yield progress;
    }
    if (progress.final) {
      return;
    }
    // Watchers that were started together drift apart.
    await sleep(Math.max(Math.min(asked, LONGEST_ASKED_MS), pause * (0.9 + 0.2 * Math.random())), signal);
    pause = Math.min(pause * GROWTH, longest);
  }
}

function read(given: Api.WatchResetOptions | undefined) {
  try {
    const { since = Date.now(), intervalMs, maxIntervalMs, ...rest } = copy("the options", given, OPTIONS);
    const interval = (intervalMs ?? FIRST_INTERVAL_MS) as number;
    const longest = (maxIntervalMs ?? Math.max(LONGEST_INTERVAL_MS, interval)) as number;
    if (!(interval >= 1 && longest >= interval && longest < 2 ** 31)) {
      throw new Unusable(
        "intervalMs and maxIntervalMs must be from 1 to 2147483647, the second no less than the first.",
      );
    }
    if (!Number.isFinite(since)) {
      throw new Unusable("since must be a number of milliseconds since 1970.");
    }
    return {
      since: since as number,
      statusBefore: rest.statusBefore as string | undefined,
      otherResetsOpen: rest.otherResetsOpen as boolean | undefined,
      signal: abortSignal(rest.signal),
      interval,
      longest,
    };
  } catch (thrown) {
    throw thrown instanceof Unusable ? notSent("invalidArgument", thrown.reason, thrown.cause) : thrown;
  }
}

/** What was seen, and the approvals API's id of the request once it was seen there. */
interface Seen extends Api.ResetObservations {
  statuses: { status: Api.ConsoleUserStatus; at: number }[];
  approvalRequestId?: string | undefined;
}

type Source = (client: Api.Client, seen: Seen, options: Api.RequestOptions) => Promise<void>;

const userStatus: Source = async (client, seen, options) => {
  const { users } = await client.getConsoleUsers(options);
  const status = users.find((user) => user?.id === seen.userId)?.status;
  if (status === undefined) {
    return;
  }
  const [before, last] = seen.statuses.slice(-2);
  // Of each status the first and the last time it was seen: a watch may last for days.
  if (last?.status === status && before?.status === status) {
    seen.statuses.pop();
  }
  seen.statuses.push({ status, at: Date.now() });
};

const approvals: Source = async (client, seen, options) => {
  const params = { includeAllUsers: true, quorumStatusMode: "SUMMARY", pageSize: 30 } as const;
  const { rows: items, complete } = await pages((page) => client.getApprovals({ ...params, ...page }, options));
  // What the list does not show may be another person's reset.
  seen.otherResetsOpen ||= !complete;
  const { approvalRequestId } = seen;
  if (approvalRequestId !== undefined && !items.some((item) => item?.requestPayload?.includes(approvalRequestId))) {
    items.push(...(await ended(client, seen, approvalRequestId, options)));
  }
  seen.approvals = { items, at: Date.now() };
};

/** A request that the list of those that wait has lost: how it ended. */
async function ended(
  client: Api.Client,
  seen: Seen,
  requestId: string,
  options: Api.RequestOptions,
): Promise<Api.ApprovalRequestItem[]> {
  try {
    return [await client.getApproval(requestId, { quorumStatusMode: "SUMMARY" }, options)];
  } catch (thrown) {
    if (!CLOSED.includes((thrown as FireblocksError).kind)) {
      throw thrown;
    }
    // It is not told, and will not be the next time.
    seen.approvalRequestId = undefined;
    return [];
  }
}

const auditLog: Source = async (client, seen, options) => {
  const { rows, complete } = await pages((page) =>
    client.getAuditLogs(
      {
        startTime: Math.max(0, Math.floor(seen.since - LOOK_BACK_MS)),
        category: "Administration",
        subject: SUBJECTS,
        pageSize: 500,
        ...page,
      },
      options,
    ),
  );
  // Of a log that is known in part, no row can be said to belong to this reset.
  seen.otherResetsOpen ||= !complete;
  seen.auditLogs = rows;
};

/** The rows of a list, page after page. */
async function pages<T>(
  read: (page: { pageCursor?: string }) => Promise<{ data: T[]; next?: string | null }>,
): Promise<{ rows: T[]; complete: boolean }> {
  const rows: T[] = [];
  let page: { pageCursor?: string } = {};
  for (let count = 0; count < MOST_PAGES; count++) {
    const { data, next } = await read(page);
    rows.push(...data);
    if (!next) {
      return { rows, complete: true };
    }
    page = { pageCursor: next };
  }
  return { rows, complete: false };
}

function more(told: Api.ResetProgress, progress: Api.ResetProgress): boolean {
  return told.approvals?.current !== progress.approvals?.current;
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw new FireblocksError(
      {
        name: "FireblocksError",
        message: "The watch was aborted. The reset itself goes on.",
        kind: "aborted",
        outcome: "notSent",
        retryable: true,
        attempts: 0,
      },
      { cause: signal.reason },
    );
  }
}

function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    // It may have been aborted while nobody listened.
    if (signal?.aborted) {
      return resolve();
    }
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, Math.min(ms, 2 ** 31 - 1));
    signal?.addEventListener("abort", end);
  });
}
