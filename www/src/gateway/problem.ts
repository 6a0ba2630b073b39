/** What went wrong, as the page knows it: from the worker's error body, the package's error, or a failed fetch. */
import type { FireblocksError, FireblocksErrorJSON, Outcome } from "fireblocks-reset-device";
import { type ApiError, isLoopback } from "fireblocks-reset-device/gateway-api";

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
  /** The worker was reached, or seemed to be, and gave no answer in time. */
  | "workerSilent"
  /** An answer that is not the worker's own: of a proxy or a firewall on the way. */
  | "intercepted"
  | "notLoaded"
  /** It arrived, and this browser does not run it: it lacks WebAssembly, or forbids it here. */
  | "cannotRun"
  /** The browser stores nothing for the page. */
  | "notKept"
  | "server"
  /** A defect of the page itself. */
  | "defect"
  /** No answer came, or none that tells, to what may have had an effect. */
  | "unknown";

/** What a second person, or whoever finds out what became of a reset, can do with its record. */
export type RecordDecision = "release" | "send" | "withdraw" | "settle" | "review";

/** What a person decides: of a record, or of all resets. */
export type Decision = RecordDecision | "pause" | "resume";

/**
 * What else can be changed than records: a request for help; what the person says to a reset; an alarm; what is said of a reset
 * made elsewhere.
 */
export type Changing = "help" | "word" | "alarm" | "elsewhere";

/** What was being done. Only what was to change something has an outcome: a failed read tells nothing of any reset. */
export type Undertaking =
  /** What was to be read, in words: `the record`. */
  | { reading: string; outcome?: never; decision?: never; changing?: never }
  | { reading?: never; outcome: Outcome; decision?: Decision; changing?: Changing };

export type Problem = Undertaking & {
  kind: ProblemKind;
  /** The sentence that came with the error. */
  message?: string;
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
};

/** Numbers of the worker's own that mean more than their status (worker/src/errors.ts). */
const NOT_FOUND = 1003;
const NO_ROLE = 1103;
const PAUSED = 1501;
const NOT_RECORDED = 1502;
const LOOK_FIRST = 1309;
const DEMANDS_UNMET = 1310;
const HELP_PROVES_NOTHING = 1313;
const UPSTREAM = 1505;

/** What an answer is about. Every error of the worker's own has a number; `outcome` is undefined for a read. */
function kindOf(status: number, code: number | undefined, outcome: Outcome | undefined): ProblemKind {
  if (outcome === "unknown" && status !== 409) return "unknown";
  if (status === 401) return "signedOut";
  if (status === 429) return "limited";
  if (code === undefined) return "intercepted";
  if (code === PAUSED) return "paused";
  if (code === NO_ROLE && outcome === undefined) return "noRole";
  if (status === 403) return "forbidden";
  if (status === 404) return "notFound";
  if (status === 409) return "conflict";
  if (status < 500) return "refused";
  const ofFireblocks = code === UPSTREAM || (!isOwn(code) && (status === 502 || status === 504));
  return ofFireblocks ? "fireblocksUnreachable" : "server";
}

/** The worker's own numbers are apart from Fireblocks', which it passes on. */
const isOwn = (code: number): boolean => code > 1000 && code < 1600;

/** The worker passes on what Fireblocks says of its key as a 500 of this type: a 401 would be about the person. */
function isKeyRefused(type: string | undefined): boolean {
  return type === "AUTHENTICATION" || type === "FORBIDDEN";
}

/** Only an address of our own origin, or an https one, is ever followed. */
function safeSignIn(url: unknown): string | undefined {
  if (typeof url !== "string" || !URL.canParse(url, location.href)) return;
  const { protocol, hostname } = new URL(url, location.href);
  return protocol === "https:" || (protocol === "http:" && isLoopback(hostname)) ? url : undefined;
}

/** What a call of the worker's `/api` was for. */
export type Purpose = { reading: string } | { decision: Decision } | { changing: Changing };

const undertakingOf = (purpose: Purpose, outcome: Outcome): Undertaking =>
  "reading" in purpose ? purpose : { ...purpose, outcome };

/** Reads an answer of the worker's `/api`. Takes any body: a proxy on the way may answer in its own words. */
export async function problemFromResponse(response: Response, purpose: Purpose): Promise<Problem> {
  const { status } = response;
  const at = Date.now();
  // A redirect that may not be followed is Access sending the browser to its sign-in page.
  if (response.type === "opaqueredirect") {
    return { kind: "signedOut", ...undertakingOf(purpose, "refused"), status, at };
  }
  const body = errorBody(await response.json().catch(() => undefined));
  const undertaking = undertakingOf(purpose, body.outcome ?? (status >= 500 ? "unknown" : "refused"));
  const requestId = response.headers.get("X-Request-ID");
  const retryAfter = Number(response.headers.get("Retry-After"));
  const signInUrl = safeSignIn(body.signInUrl);
  const message = body.message ?? body.error?.message;
  return {
    kind:
      status === 500 && isKeyRefused(body.error?.type) ? "keyRefused" : kindOf(status, body.code, undertaking.outcome),
    ...undertaking,
    status,
    at,
    ...(message && { message }),
    ...(body.code !== undefined && { code: body.code }),
    ...(requestId && { requestId }),
    ...(body.recordId !== undefined && { recordId: body.recordId }),
    ...(signInUrl !== undefined && { signInUrl }),
    ...(retryAfter > 0 && { retryAfterMs: retryAfter * 1000 }),
  };
}

/** A body as the worker's error, as far as it is one. */
const errorBody = (body: unknown): Partial<ApiError> => (typeof body === "object" && body !== null ? body : {});

/** No answer came, or one that is none of the worker's. */
export function problemFromFailure(error: unknown, purpose: Purpose): Problem {
  const undertaking = undertakingOf(purpose, "unknown");
  return { kind: undertaking.outcome === undefined ? kindOfFailure(error) : "unknown", ...undertaking, at: Date.now() };
}

function kindOfFailure(error: unknown): ProblemKind {
  // A success whose body is not what the worker writes: a portal's page, for one.
  if (error instanceof SyntaxError) return "intercepted";
  return error instanceof DOMException && error.name === "TimeoutError" ? "workerSilent" : "workerUnreachable";
}

function kindOfClientError(error: FireblocksErrorJSON): ProblemKind {
  // What may be otherwise later is the download alone.
  if (error.kind === "loading") return error.retryable ? "notLoaded" : "cannotRun";
  if (error.outcome === "unknown" && error.status !== 409) return "unknown";
  if (error.kind === "redirect") return "signedOut";
  if (error.status !== undefined) return kindOf(error.status, error.code, error.outcome);
  if (error.kind === "timeout") return "workerSilent";
  if (error.kind === "network" || error.kind === "aborted") return "workerUnreachable";
  return "refused";
}

/** The client's sentence without its numbers, which stand among the details. */
function withoutNumbers({ message, status, code }: FireblocksErrorJSON): string {
  return message.replace(` (HTTP ${status}${code === undefined ? "" : `, code ${code}`})`, "");
}

/** What the package's client rejected with. */
export function problemFromClient(error: FireblocksErrorJSON): Problem {
  return {
    kind: kindOfClientError(error),
    outcome: error.outcome,
    message: withoutNumbers(error),
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
    reading: "the workspace",
    message: error.message,
    code: error.code,
    at: Date.now(),
  };
}

/** Known without the package's code, which is loaded when it is first needed. */
export function isFireblocksError(error: unknown): error is FireblocksError {
  return error instanceof Error && error.name === "FireblocksError" && "outcome" in error;
}

/**
 * A part of the page itself did not arrive or, where `error` is the package's, cannot run.
 *
 * @param reading what it is, in words; nothing where a reset was to be sent
 */
export function problemOfLoading(reading?: string, error?: unknown): Problem {
  const undertaking: Undertaking = reading === undefined ? { outcome: "notSent" } : { reading };
  if (!isFireblocksError(error)) return { kind: "notLoaded", ...undertaking, at: Date.now() };
  return { kind: kindOfClientError(error), ...undertaking, message: error.message, at: Date.now() };
}

/** The worker says of the record that it names that it could not be written, or not for certain. */
export const isRecordDoubtful = ({ code }: Problem): boolean => code === NOT_RECORDED;

/** The record that is named is that of an earlier reset, which the request for help has served. */
export const namesEarlierReset = ({ code }: Problem): boolean => code === HELP_PROVES_NOTHING;

/** The worker cannot look at what waits in Fireblocks, so that a person has to. */
export const asksToLookFirst = ({ code }: Problem): boolean => code === LOOK_FIRST;

/** What is to be released lacks what the policy has come to demand. */
export const demandsMore = ({ decision, code }: Problem): boolean => decision === "release" && code === DEMANDS_UNMET;

/** The worker itself says that there is nothing here: not a proxy, and not a worker that cannot look. */
export const isAbsent = ({ kind, code }: Problem): boolean => kind === "notFound" && code === NOT_FOUND;

/** A rejection that carries a {@link Problem}. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  constructor(readonly problem: Problem) {
    super(problem.message ?? problem.kind);
  }
}

export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  return { kind: "defect", outcome: "unknown", at: Date.now() };
}

const NO_CODE = 1322;
const WRONG_CODE = 1323;

/** What was typed is no code that matches now: it is told beside the field. */
export const isAboutCode = ({ code }: Problem): boolean => code === NO_CODE || code === WRONG_CODE;
