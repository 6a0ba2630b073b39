/**
 * Takes what a caller passes as a copy of plain values: getters run here, once, where their exceptions are caught.
 *
 * @module
 */
import { LONGEST_TEXT } from "./limits.ts";

/** A sentence about an argument that is not usable. */
export class Unusable {
  declare readonly reason: string;
  declare readonly cause: unknown;

  constructor(reason: string, cause?: unknown) {
    this.reason = reason;
    this.cause = cause;
  }
}

/** @throws Unusable with the sentence `reason`, unless `usable` */
export function ensure(usable: boolean, reason: string): asserts usable {
  if (!usable) {
    throw new Unusable(reason);
  }
}

type Kind = keyof Values;
interface Values {
  string: string;
  number: number;
  boolean: boolean;
  // biome-ignore lint/complexity/noBannedTypes: no more is known of it.
  function: Function;
  object: object;
  any: unknown;
}
type Copy<S extends Record<string, Kind>> = { [K in keyof S]?: Values[S[K]] };

/**
 * Copies the members of `given` that `members` lists. `null` counts as absent.
 *
 * @throws Unusable where a member has another type, or cannot be read
 */
export function copy<S extends Record<string, Kind>>(what: string, given: unknown, members: S): Copy<S> {
  const found: Record<string, unknown> = {};
  if (given === undefined || given === null) {
    return found as Copy<S>;
  }
  const isList = () => guarded(`${what} cannot be read.`, () => Array.isArray(given));
  ensure(typeof given === "object" && !isList(), `${what} must be an object.`);
  for (const [name, kind] of Object.entries(members)) {
    const value = guarded(`${name} of ${what} cannot be read.`, () => (given as Record<string, unknown>)[name]);
    if (value === undefined || value === null) {
      continue;
    }
    ensure(kind === "any" || typeof value === kind, `${name} of ${what} must be a ${kind}.`);
    ensure(kind !== "string" || (value as string).length <= LONGEST_TEXT, `${name} of ${what} is too long.`);
    found[name] = value;
  }
  return found as Copy<S>;
}

/** Half of a surrogate pair, as `JSON.stringify` writes it: not after a backslash that stands for itself. */
const LONE_SURROGATE = /(?<!\\)(?:\\\\)*\\ud[89a-f]/;

/** `given` as an object that JSON can hold, or nothing. */
export function data(what: string, given: unknown): unknown {
  if (given === undefined || given === null) {
    return undefined;
  }
  return guarded(`${what} cannot be read as plain data.`, () => {
    const json: string | undefined = JSON.stringify(given);
    ensure(json?.startsWith("{") === true, `${what} must be an object.`);
    // The WebAssembly would read another character in its place.
    ensure(!LONE_SURROGATE.test(json), `${what} must not hold half of a surrogate pair.`);
    return JSON.parse(json);
  });
}

/** What `read` returns; its exception becomes the sentence `reason`. */
export function guarded<T>(reason: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw cause instanceof Unusable ? cause : new Unusable(reason, cause);
  }
}

/** A signal that can be listened to, whatever realm or library it comes from. */
export function abortSignal(given: unknown): AbortSignal | undefined {
  if (given === undefined) {
    return undefined;
  }
  const reason = "signal must be an AbortSignal.";
  return guarded(reason, () => {
    const signal = given as AbortSignal;
    const nothing = () => {};
    // What only looks like a signal shows it here, and not in the middle of a call.
    signal.addEventListener("abort", nothing);
    signal.removeEventListener("abort", nothing);
    void signal.reason;
    ensure(typeof signal.aborted === "boolean", reason);
    return signal;
  });
}
