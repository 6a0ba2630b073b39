/**
 * The one kind of error that the package throws.
 *
 * @module
 */
import type { FireblocksError as Declared, FireblocksErrorJSON, FireblocksErrorKind, Outcome } from "../index.d.ts";

const OUTCOMES: readonly unknown[] = ["notSent", "refused", "unknown"] satisfies Outcome[];

const KINDS: readonly unknown[] = [
  "invalidArgument",
  "configuration",
  "loading",
  "aborted",
  "timeout",
  "network",
  "authentication",
  "forbidden",
  "notFound",
  "conflict",
  "gone",
  "rateLimited",
  "idempotencyKeySpent",
  "invalidRequest",
  "server",
  "redirect",
  "unexpectedResponse",
  "internal",
] satisfies FireblocksErrorKind[];

/** The members that may be absent, with their types. */
const OPTIONAL = {
  status: "number",
  code: "number",
  type: "string",
  requestId: "string",
  idempotencyKey: "string",
  recordId: "string",
  retryAfterMs: "number",
} as const;

export class FireblocksError extends Error implements Declared {
  declare readonly name: "FireblocksError";
  declare readonly kind: FireblocksErrorKind;
  declare readonly outcome: Outcome;
  declare readonly retryable: boolean;
  declare readonly attempts: number;
  declare readonly status?: number;
  declare readonly code?: number;
  declare readonly type?: string;
  declare readonly requestId?: string;
  declare readonly idempotencyKey?: string;
  declare readonly recordId?: string;
  declare readonly retryAfterMs?: number;

  constructor(json: FireblocksErrorJSON, options?: { cause?: unknown }) {
    // Given only where there is one, so that no empty `cause` shows in logs.
    super(json.message, options?.cause === undefined ? undefined : { cause: options.cause });
    this.kind = json.kind;
    this.outcome = json.outcome;
    this.retryable = json.retryable;
    this.attempts = json.attempts;
    Object.assign(this, optional(json));
  }

  toJSON(): FireblocksErrorJSON {
    return {
      name: "FireblocksError",
      message: this.message,
      kind: this.kind,
      outcome: this.outcome,
      retryable: this.retryable,
      attempts: this.attempts,
      ...optional(this),
    };
  }

  static from(json: FireblocksErrorJSON): FireblocksError {
    const from = readable(json, ["message", "kind", "outcome", "retryable", "attempts", ...Object.keys(OPTIONAL)]);
    return new FireblocksError({
      name: "FireblocksError",
      message: typeof from.message === "string" ? from.message : "An error without a message.",
      kind: KINDS.includes(from.kind) ? (from.kind as FireblocksErrorKind) : "internal",
      // What cannot be read must not pass for "nothing happened".
      outcome: OUTCOMES.includes(from.outcome) ? (from.outcome as Outcome) : "unknown",
      retryable: from.retryable === true,
      attempts: typeof from.attempts === "number" ? from.attempts : 0,
      ...optional(from),
    });
  }
}

// On the prototype, as for the errors of the language itself: it is the same for all.
Object.defineProperty(FireblocksError.prototype, "name", { value: "FireblocksError" });
// Minified, the class would have another name, and runtimes print it before the message.
Object.defineProperty(FireblocksError, "name", { value: "FireblocksError" });

/** The members of `given` that can be read: a getter that throws counts as absent. */
function readable(given: unknown, names: string[]): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const name of names) {
    try {
      found[name] = (given as Record<string, unknown> | undefined)?.[name];
    } catch {
      // Absent.
    }
  }
  return found;
}

function optional(from: object): Partial<FireblocksErrorJSON> {
  const source = from as Record<string, unknown>;
  const found = Object.entries(OPTIONAL).filter(([name, type]) => typeof source[name] === type);
  return Object.fromEntries(found.map(([name]) => [name, source[name]]));
}

/** An error of this package before anything was sent. */
export function notSent(kind: FireblocksErrorKind, message: string, cause?: unknown): FireblocksError {
  return new FireblocksError(
    { name: "FireblocksError", message, kind, outcome: "notSent", retryable: false, attempts: 0 },
    { cause },
  );
}
