/** What went wrong, as the page tells it: from the worker's error body, the package's error, or a failed fetch. */
import type { FireblocksErrorJSON, Outcome } from "fireblocks-reset-device";
import type { ApiError } from "worker/api";

export type ProblemKind =
  | "signedOut"
  | "noRole"
  | "forbidden"
  | "notFound"
  | "conflict"
  | "limited"
  | "paused"
  | "refused"
  | "keyRefused"
  | "fireblocksUnreachable"
  | "workerUnreachable"
  | "notLoaded"
  /** The browser stores nothing for the page. */
  | "notKept"
  | "server"
  | "unknown";

export interface Problem {
  kind: ProblemKind;
  outcome: Outcome;
  /** The sentence that came with the error. */
  message: string;
  status?: number;
  code?: number;
  requestId?: string;
  idempotencyKey?: string;
  recordId?: string;
  signInUrl?: string;
  retryAfterMs?: number;
  attempts?: number;
  /** Epoch milliseconds. */
  at: number;
}

/** Numbers of the worker's own that mean more than their status (worker/src/errors.ts). */
const NO_ROLE = 1103;
const PAUSED = 1501;
const UPSTREAM = 1505;

function kindOf(status: number, code: number | undefined, outcome: Outcome): ProblemKind {
  if (outcome === "unknown" && status !== 409) return "unknown";
  if (code === PAUSED) return "paused";
  if (code === NO_ROLE) return "noRole";
  if (status === 401) return "signedOut";
  if (status === 403) return "forbidden";
  if (status === 404) return "notFound";
  if (status === 409) return "conflict";
  if (status === 429) return "limited";
  if (status >= 500) return code === UPSTREAM || status === 502 || status === 504 ? "fireblocksUnreachable" : "server";
  return "refused";
}

/** The worker passes on what Fireblocks says of its key as a 500 of this type: a 401 would be about the person. */
function isKeyRefused(type: string | undefined): boolean {
  return type === "AUTHENTICATION" || type === "FORBIDDEN";
}

/** Only an address of our own origin, or an https one, is ever followed. */
function safeSignIn(url: unknown): string | undefined {
  if (typeof url !== "string" || !URL.canParse(url, location.href)) return;
  const { protocol, hostname } = new URL(url, location.href);
  const loopback = hostname === "127.0.0.1" || hostname === "localhost";
  return protocol === "https:" || (protocol === "http:" && loopback) ? url : undefined;
}

/** Reads an answer of the worker's `/api`. Takes any body: a proxy on the way may answer in its own words. */
export async function problemFromResponse(response: Response): Promise<Problem> {
  const body: Partial<ApiError> = await response.json().catch(() => ({}));
  const outcome: Outcome = body.outcome ?? (response.status >= 500 ? "unknown" : "refused");
  const requestId = response.headers.get("X-Request-ID");
  const retryAfter = Number(response.headers.get("Retry-After"));
  const signInUrl = safeSignIn(body.signInUrl);
  // A redirect that may not be followed is Access sending the browser to its sign-in page.
  const redirected = response.type === "opaqueredirect";
  const kind =
    response.status === 500 && isKeyRefused(body.error?.type)
      ? "keyRefused"
      : kindOf(response.status, body.code, body.outcome ?? "refused");
  return {
    kind: redirected ? "signedOut" : kind,
    outcome: redirected ? "refused" : outcome,
    message: body.message ?? body.error?.message ?? (redirected ? "" : `The server answered ${response.status}.`),
    status: response.status,
    at: Date.now(),
    ...(body.code !== undefined && { code: body.code }),
    ...(requestId && { requestId }),
    ...(body.recordId !== undefined && { recordId: body.recordId }),
    ...(signInUrl !== undefined && { signInUrl }),
    ...(retryAfter > 0 && { retryAfterMs: retryAfter * 1000 }),
  };
}

/** The `fetch` itself failed: no answer came. */
export function problemFromFailure(error: unknown, outcome: Outcome): Problem {
  const timedOut = error instanceof DOMException && error.name === "TimeoutError";
  return {
    kind: outcome === "unknown" ? "unknown" : "workerUnreachable",
    outcome,
    message: timedOut ? "The server did not answer in time." : "The server could not be reached.",
    at: Date.now(),
  };
}

function kindOfClientError(error: FireblocksErrorJSON): ProblemKind {
  if (error.kind === "loading") return "notLoaded";
  if (error.outcome === "unknown" && error.status !== 409) return "unknown";
  if (error.kind === "redirect") return "signedOut";
  if (error.status !== undefined) return kindOf(error.status, error.code, error.outcome);
  if (error.kind === "network" || error.kind === "timeout" || error.kind === "aborted") return "workerUnreachable";
  return "refused";
}

/** What the package's client rejected with. */
export function problemFromClient(error: FireblocksErrorJSON): Problem {
  return {
    kind: kindOfClientError(error),
    outcome: error.outcome,
    message: error.message,
    attempts: error.attempts,
    at: Date.now(),
    ...(error.status !== undefined && { status: error.status }),
    ...(error.code !== undefined && { code: error.code }),
    ...(error.requestId !== undefined && { requestId: error.requestId }),
    ...(error.idempotencyKey !== undefined && { idempotencyKey: error.idempotencyKey }),
    ...(error.recordId !== undefined && { recordId: error.recordId }),
    ...(error.retryAfterMs !== undefined && { retryAfterMs: error.retryAfterMs }),
  };
}

/** Fireblocks' part of a session could not be read: its key was refused, or nobody answered. */
export function problemFromSession(error: ApiError): Problem {
  return {
    kind: isKeyRefused(error.error.type) ? "keyRefused" : "fireblocksUnreachable",
    outcome: error.outcome,
    message: error.message,
    code: error.code,
    at: Date.now(),
  };
}

/** A rejection that carries a {@link Problem}. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  constructor(readonly problem: Problem) {
    super(problem.message);
  }
}

export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  return { kind: "server", outcome: "notSent", message: "The page met a defect of its own.", at: Date.now() };
}
