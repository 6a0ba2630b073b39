/**
 * The one kind of error that the package throws.
 *
 * @module
 */
import type { FireblocksError as Declared, FireblocksErrorJSON, FireblocksErrorKind, Outcome } from "../index.d.ts";

/** What may be wrong for a while: a watch looks again. */
export const PASSING: readonly unknown[] = [
  "timeout",
  "network",
  "rateLimited",
  "server",
  "unexpectedResponse",
] satisfies FireblocksErrorKind[];

/** The closed list. */
const KINDS: readonly unknown[] = [
  ...PASSING,
  ...([
    "invalidArgument",
    "configuration",
    "loading",
    "aborted",
    "authentication",
    "forbidden",
    "notFound",
    "conflict",
    "gone",
    "idempotencyKeySpent",
    "invalidRequest",
    "redirect",
    "internal",
  ] satisfies FireblocksErrorKind[]),
];

const OUTCOMES: readonly unknown[] = ["notSent", "refused", "unknown"] satisfies Outcome[];

/** What errors of every copy of the package have: of each form of it, and of each realm that has loaded one. */
const BRAND = Symbol.for("fireblocks-reset-device.FireblocksError");

/** Whether `thrown` is an error as plain data, as the WebAssembly throws it. */
export function isErrorData(thrown: unknown): thrown is FireblocksErrorJSON {
  return !(thrown instanceof Error) && typeof (thrown as FireblocksErrorJSON | undefined | null)?.kind === "string";
}

/** What an error tells, beside its cause. */
type Facts = Omit<FireblocksErrorJSON, "name">;

/** The members with their types. Those from `status` on may be absent. */
const MEMBERS = {
  message: "string",
  kind: "string",
  outcome: "string",
  retryable: "boolean",
  attempts: "number",
  status: "number",
  code: "number",
  type: "string",
  causeCode: "string",
  requestId: "string",
  idempotencyKey: "string",
  recordId: "string",
  retryAfterMs: "number",
} satisfies Record<keyof Facts, string>;

export class FireblocksError extends Error implements Declared {
  declare readonly name: "FireblocksError";
  declare readonly kind: FireblocksErrorKind;
  declare readonly outcome: Outcome;
  declare readonly retryable: boolean;
  declare readonly attempts: number;
  declare readonly status?: number;
  declare readonly code?: number;
  declare readonly type?: string;
  declare readonly causeCode?: string;
  declare readonly requestId?: string;
  declare readonly idempotencyKey?: string;
  declare readonly recordId?: string;
  declare readonly retryAfterMs?: number;

  constructor(facts: Facts, options?: { cause?: unknown }) {
    // Given only where there is one, so that no empty `cause` shows in logs.
    super(facts.message, options?.cause === undefined ? undefined : options);
    Object.assign(this, members(facts));
  }

  toJSON(): FireblocksErrorJSON {
    return { name: "FireblocksError", ...(members(this) as Facts) };
  }

  static from(json: FireblocksErrorJSON): FireblocksError {
    const { kind, outcome, ...others } = members(json);
    return new FireblocksError({
      message: "An error without a message.",
      retryable: false,
      attempts: 0,
      ...others,
      kind: KINDS.includes(kind) ? (kind as FireblocksErrorKind) : "internal",
      // What cannot be read must not pass for "nothing happened".
      outcome: OUTCOMES.includes(outcome) ? (outcome as Outcome) : "unknown",
    });
  }
}

// On the prototype, as for the errors of the language itself: it is the same for all.
Object.defineProperty(FireblocksError.prototype, "name", { value: "FireblocksError" });
Object.defineProperty(FireblocksError.prototype, BRAND, { value: true });
// `instanceof` goes by the brand: a program may hold two copies of this class.
Object.defineProperty(FireblocksError, Symbol.hasInstance, {
  value: function (this: unknown, thrown: unknown): boolean {
    try {
      return this === FireblocksError
        ? (thrown as { [BRAND]?: true } | undefined | null)?.[BRAND] === true
        : // A class that extends it has no brand of its own.
          Function.prototype[Symbol.hasInstance].call(this, thrown);
    } catch {
      // A revoked proxy is nobody's error.
      return false;
    }
  },
});
// Minified, the class would have another name, and runtimes print it before the message.
Object.defineProperty(FireblocksError, "name", { value: "FireblocksError" });

/** The members of `given` that can be read and have their type: a getter that throws counts as absent. */
function members(given: object): Partial<Facts> {
  const found: Record<string, unknown> = {};
  for (const [name, type] of Object.entries(MEMBERS)) {
    try {
      const value = (given as Record<string, unknown>)[name];
      if (typeof value === type) {
        found[name] = value;
      }
    } catch {
      // Absent.
    }
  }
  return found;
}

/** An error of this package before anything was sent, as far as `more` does not say otherwise. */
export function notSent(
  kind: FireblocksErrorKind,
  message: string,
  cause?: unknown,
  more?: { [Member in keyof Facts]?: Facts[Member] | undefined },
): FireblocksError {
  const facts = { message, kind, outcome: "notSent", retryable: false, attempts: 0, ...more };
  return new FireblocksError(facts as Facts, { cause });
}
