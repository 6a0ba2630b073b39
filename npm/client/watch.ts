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
/** A list longer than this many pages is not read to its end at every look. */
const MOST_PAGES = 4;

/** The subjects under which Fireblocks' audit log tells of a device reset ("Audit Log Events"). */
const SUBJECTS = ["Re-enroll mobile device", "Device reset", "User"];

/** What may be wrong for a while; the next look may be better. */
const PASSING: readonly Api.FireblocksErrorKind[] = ["timeout", "network", "rateLimited", "server"];
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
  const seen: Api.ResetObservations = { userId: id, since: options.since, now: Date.now(), statuses: [] };
  if (options.statusBefore !== undefined) {
    seen.statusBefore = options.statusBefore;
  }
  if (options.otherResetsOpen) {
    seen.otherResetsOpen = true;
  }
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
    seen.now = Date.now();
    const progress = await inferProgress(seen);
    const changed = told?.state !== progress.state || told.userStatus !== progress.userStatus || more(told, progress);
    if (changed) {
      pause = interval;
      seen.previous = progress.state;
      told = progress;
      yield progress;
    }
    if (progress.final) {
      return;
    }
    // Watchers that were started together drift apart.
    await sleep(Math.max(asked, pause * (0.9 + 0.2 * Math.random())), signal);
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

type Source = (client: Api.Client, seen: Api.ResetObservations, options: Api.RequestOptions) => Promise<void>;

const userStatus: Source = async (client, seen, options) => {
  const { users } = await client.getConsoleUsers(options);
  const status = users.find((user) => user?.id === seen.userId)?.status;
  const statuses = seen.statuses ?? [];
  // Only changes are kept: a watch may last for days.
  if (status !== undefined && statuses.at(-1)?.status !== status) {
    statuses.push({ status, at: Date.now() });
  }
};

const approvals: Source = async (client, seen, options) => {
  const items: Api.ApprovalRequestItem[] = [];
  let pageCursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const { data, next } = await client.getApprovals(
      { includeAllUsers: true, quorumStatusMode: "SUMMARY", pageSize: 30, ...(pageCursor ? { pageCursor } : {}) },
      options,
    );
    items.push(...data);
    if (!next) {
      break;
    }
    pageCursor = next;
  }
  seen.approvals = { items, at: Date.now() };
};

const auditLog: Source = async (client, seen, options) => {
  const rows: Api.AuditLogData[] = [];
  let pageCursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const { data, next } = await client.getAuditLogs(
      {
        startTime: Math.floor(seen.since),
        category: "Administration",
        subject: SUBJECTS,
        order: "ASC",
        pageSize: 500,
        ...(pageCursor ? { pageCursor } : {}),
      },
      options,
    );
    rows.push(...data);
    if (!next) {
      break;
    }
    pageCursor = next;
  }
  seen.auditLogs = rows;
};

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
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, Math.min(ms, 2 ** 31 - 1));
    signal?.addEventListener("abort", end);
  });
}
