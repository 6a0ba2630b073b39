/** The worker's `/api`, typed. Every failure is a {@link ProblemError}. */
import type {
  RefusedAttemptPage,
  Release,
  ResetDemands,
  ResetPage,
  ResetRecord,
  Session,
  UserList,
} from "fireblocks-reset-device/gateway-api";
import { ProblemError, type Purpose, problemFromFailure, problemFromResponse, type RecordDecision } from "./problem.ts";
import { userRows } from "./user-rows.ts";

/** Milliseconds. The worker's own deadline for Fireblocks is shorter. */
const READ_TIMEOUT = 20_000;
const WRITE_TIMEOUT = 60_000;
/** An export can be years of stories. */
const EXPORT_TIMEOUT = 10 * 60_000;

/** Asks Access for a plain 401 in place of a redirect to its sign-in page, which a fetch cannot follow. */
export const ACCESS_HEADERS = { "X-Requested-With": "XMLHttpRequest" };

/** How far the service's clock was ahead of this browser's at its newest answer. Milliseconds. */
let ahead = 0;

/** A time of this browser's clock, which may be wrong by hours, as the service's clock has it. */
export const serverTime = (at: number): number => at + ahead;

function compareClocks({ headers }: Response): void {
  const told = Date.parse(headers.get("Date") ?? "");
  if (!Number.isNaN(told)) ahead = told - Date.now();
}

interface Options {
  body?: unknown;
  signal?: AbortSignal | undefined;
  /** Milliseconds, where it is not the method's own. */
  timeoutMs?: number;
}

/** Asks, and takes the answer with `take`. What changes something is posted; all else is read. */
export async function ask<T>(
  path: string,
  purpose: Purpose,
  take: (response: Response) => Promise<T>,
  { body, signal, timeoutMs }: Options = {},
): Promise<T> {
  const write = !("reading" in purpose);
  const timeout = AbortSignal.timeout(timeoutMs ?? (write ? WRITE_TIMEOUT : READ_TIMEOUT));
  try {
    const response = await fetch(path, {
      method: write ? "POST" : "GET",
      credentials: "same-origin",
      redirect: "manual",
      headers: { Accept: "application/json", ...ACCESS_HEADERS, ...(write && { "Content-Type": "application/json" }) },
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      ...(write && { body: JSON.stringify(body ?? {}) }),
    });
    if (!response.ok) throw new ProblemError(await problemFromResponse(response, purpose));
    compareClocks(response);
    return await take(response);
  } catch (error) {
    if (signal?.aborted || error instanceof ProblemError) throw error;
    throw new ProblemError(problemFromFailure(error, purpose));
  }
}

/** Reads JSON; `check` makes sure of what arrived, and throws a SyntaxError where it is nothing of the worker's. */
export const read = <T>(path: string, reading: string, options?: Options, check = (body: T): T => body): Promise<T> =>
  ask(path, { reading }, async (response) => check((await response.json()) as T), options);

export const getSession = (): Promise<Session> => read("/api/session", "your session");

/** What a reset of this user would need, if it was asked for now. */
export const getDemands = (
  userId: string,
  { because, helpRequest }: { because?: string | undefined; helpRequest?: string | undefined },
  signal?: AbortSignal,
): Promise<ResetDemands> => {
  const query = new URLSearchParams({ ...(because && { because }), ...(helpRequest && { helpRequest }) });
  return read(`/api/users/${encodeURIComponent(userId)}/demands?${query}`, "what this reset needs", { signal });
};

export const getUsers = (): Promise<UserList> =>
  read<UserList>("/api/users", "the list of users", {}, (list) => ({ ...list, users: userRows(list?.users) }));

/** What `GET /api/resets` can be asked for. */
export interface ResetQuery {
  state?: string;
  open?: boolean;
  /** `due`: those that passed the policy over, and nobody else has looked at since. */
  review?: "due";
  userId?: string;
  askedBy?: string;
  /** Epoch milliseconds. */
  from?: number;
  /** Epoch milliseconds. */
  to?: number;
  limit?: number;
  cursor?: string;
}

/** The query as the worker takes it. */
export function resetQueryText(query: ResetQuery): string {
  const text = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== "") text.set(name, String(value));
  }
  return text.toString();
}

export const getResets = (query: ResetQuery = {}, signal?: AbortSignal): Promise<ResetPage> =>
  read(`/api/resets?${resetQueryText(query)}`, "the records", { signal });

/** Open resets for which somebody is awaited until a time, first due first. */
export const getDueResets = (): Promise<ResetPage> => read("/api/resets/due", "what is due");

export const getReset = (recordId: string, signal?: AbortSignal): Promise<ResetRecord> =>
  read(`/api/resets/${encodeURIComponent(recordId)}`, "the record", { signal });

/** What was refused, newest first, a page before the one that ended with `before`. For auditors. */
export const getRefusedAttempts = (before: number | undefined, limit: number): Promise<RefusedAttemptPage> =>
  read(
    `/api/refused-attempts?limit=${limit}${before === undefined ? "" : `&before=${before}`}`,
    "the refused attempts",
  );

/** What comes with a decision. */
export interface Grounds {
  reason?: string;
  /** They have looked at what waits in the Fireblocks Console. */
  lookedInConsole?: boolean;
  /** What whoever releases has verified themselves. */
  proofs?: Release["proofs"];
}

/** The answer of a decision says no more than that it was made: an empty body, or one of no interest. */
export const decide = (recordId: string, decision: RecordDecision, grounds: Grounds = {}): Promise<void> =>
  ask(`/api/resets/${encodeURIComponent(recordId)}/${decision}`, { decision }, async () => undefined, {
    body: grounds,
  });

/** Stops all resets. */
export const pauseResets = (reason: string): Promise<void> =>
  ask("/api/pause", { decision: "pause" }, async () => undefined, { body: { reason } });

/** Lets resets go on that somebody has paused; `pausedAt`: when the pause began that the page shows. */
export const resumeResets = (pausedAt: number | undefined): Promise<void> =>
  ask("/api/resume", { decision: "resume" }, async () => undefined, { body: { pausedAt } });

export type ExportFormat = "csv" | "jsonl";

/** The whole stories of a time, complete or not at all; without a time, those of all resets. */
export function exportResets(format: ExportFormat, { from, to }: Pick<ResetQuery, "from" | "to">): Promise<Blob> {
  const query = new URLSearchParams({ format });
  if (from !== undefined) query.set("from", String(from));
  if (to !== undefined) query.set("to", String(to));
  return ask(`/api/resets/export?${query}`, { reading: "the export" }, (response) => response.blob(), {
    timeoutMs: EXPORT_TIMEOUT,
  });
}
