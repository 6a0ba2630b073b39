/** The worker's `/api`, typed. Every failure is a {@link ProblemError}. */
import type { Outcome } from "fireblocks-reset-device";
import type { ResetPage, ResetRecord, Session, UserList } from "worker/api";
import { ProblemError, problemFromFailure, problemFromResponse } from "./problem.ts";

/** Milliseconds. The worker's own deadline for Fireblocks is shorter. */
const READ_TIMEOUT = 20_000;
const WRITE_TIMEOUT = 60_000;
/** An export can be years of stories. */
const EXPORT_TIMEOUT = 10 * 60_000;

/** Asks Access for a plain 401 in place of a redirect to its sign-in page, which a fetch cannot follow. */
export const ACCESS_HEADERS = { "X-Requested-With": "XMLHttpRequest" };

interface Options {
  method?: "POST";
  body?: unknown;
  signal?: AbortSignal | undefined;
  /** Milliseconds, where it is not the method's own. */
  timeoutMs?: number;
}

/** Asks, and reads the answer with `read`. */
async function ask<T>(
  path: string,
  read: (response: Response) => Promise<T>,
  { method, body, signal, timeoutMs }: Options = {},
): Promise<T> {
  const write = method === "POST";
  const timeout = AbortSignal.timeout(timeoutMs ?? (write ? WRITE_TIMEOUT : READ_TIMEOUT));
  const lost: Outcome = write ? "unknown" : "notSent";
  let response: Response;
  try {
    response = await fetch(path, {
      method: method ?? "GET",
      credentials: "same-origin",
      redirect: "manual",
      headers: { Accept: "application/json", ...ACCESS_HEADERS, ...(write && { "Content-Type": "application/json" }) },
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      ...(write && { body: JSON.stringify(body ?? {}) }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ProblemError(problemFromFailure(error, lost));
  }
  if (!response.ok) throw new ProblemError(await problemFromResponse(response));
  try {
    return await read(response);
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ProblemError(problemFromFailure(error, lost));
  }
}

const call = <T>(path: string, options?: Options): Promise<T> =>
  ask(path, (response) => response.json() as Promise<T>, options);

export const getSession = (): Promise<Session> => call("/api/session");

export const getUsers = (): Promise<UserList> => call("/api/users");

/** What `GET /api/resets` can be asked for. */
export interface ResetQuery {
  state?: string;
  open?: boolean;
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
  call(`/api/resets?${resetQueryText(query)}`, { signal });

export const getReset = (recordId: string, signal?: AbortSignal): Promise<ResetRecord> =>
  call(`/api/resets/${encodeURIComponent(recordId)}`, { signal });

/** What a second person, or whoever finds out what became of a reset, can do with its record. */
export type Decision = "release" | "withdraw" | "settle";

export const decide = (recordId: string, decision: Decision, reason?: string): Promise<unknown> =>
  call(`/api/resets/${encodeURIComponent(recordId)}/${decision}`, {
    method: "POST",
    body: reason === undefined ? {} : { reason },
  });

export type ExportFormat = "csv" | "jsonl";

/** The whole stories of a time, complete or not at all; without a time, those of all resets. */
export function exportResets(format: ExportFormat, { from, to }: Pick<ResetQuery, "from" | "to">): Promise<Blob> {
  const query = new URLSearchParams({ format });
  if (from !== undefined) query.set("from", String(from));
  if (to !== undefined) query.set("to", String(to));
  return ask(`/api/resets/export?${query}`, (response) => response.blob(), { timeoutMs: EXPORT_TIMEOUT });
}
