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
  array: unknown[];
  any: unknown;
}
type Copy<S extends Record<string, Kind>> = { [K in keyof S]?: Values[S[K]] };

/**
 * Copies the members of `given`, all of which `members` lists. `null` counts as absent.
 *
 * @throws Unusable where a member is none of those, has another type, or cannot be read
 */
export function copy<S extends Record<string, Kind>>(what: string, given: unknown, members: S): Copy<S> {
  const found: Record<string, unknown> = {};
  if (given === undefined || given === null) {
    return found as Copy<S>;
  }
  ensure(typeof given === "object", `${what} must be an object.`);
  const unreadable = `${what} cannot be read.`;
  // What a list, a Map, a signal in the place of the options or a forgotten promise hold would be left out in silence.
  ensure(
    guarded(unreadable, () => isPlain(given)),
    `${what} must be a plain object.`,
  );
  // So would a misspelt member.
  const stray = guarded(unreadable, () =>
    Object.entries(given).find(([name, value]) => value !== undefined && !Object.hasOwn(members, name)),
  );
  if (stray) {
    throw new Unusable(`${what} must not hold ${stray[0].slice(0, 40)}, only ${Object.keys(members).join(", ")}.`);
  }
  for (const [name, kind] of Object.entries(members)) {
    const value = guarded(`${name} of ${what} cannot be read.`, () => (given as Record<string, unknown>)[name]);
    if (value === undefined || value === null) {
      continue;
    }
    const fits = kind === "any" || (kind === "array" ? Array.isArray(value) : typeof value === kind);
    ensure(
      fits,
      `${name} of ${what} must be ${kind === "array" ? "a list" : kind === "object" ? "an object" : `a ${kind}`}.`,
    );
    ensure(kind !== "string" || (value as string).length <= LONGEST_TEXT, `${name} of ${what} is too long.`);
    found[name] = value;
  }
  return found as Copy<S>;
}

/** `given` as a plain object that JSON can hold, or nothing. */
export function data(what: string, given: unknown): unknown {
  if (given === undefined || given === null) {
    return undefined;
  }
  const json = plain(what, given, "{", "an object");
  // JSON would leave out what an object has from its class: getters, inherited members, what is inside a Map or a promise.
  ensure(
    guarded(`${what} cannot be read.`, () => isPlain(given)),
    `${what} must be a plain object.`,
  );
  return json;
}

/** Whether an object has nothing but its own members, in whatever realm it was made. */
function isPlain(given: object): boolean {
  const prototype = Object.getPrototypeOf(given);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** `given` as a list that JSON can hold. */
export function list(what: string, given: unknown): unknown {
  return plain(what, given, "[", "a list");
}

function plain(what: string, given: unknown, opening: string, kind: string): unknown {
  return guarded(`${what} cannot be read as plain data.`, () => {
    const json: string | undefined = JSON.stringify(given, (name, value) => representable(what, name, value));
    ensure(json?.startsWith(opening) === true, `${what} must be ${kind}.`);
    return JSON.parse(json);
  });
}

/** A value as it is, where JSON has a form for it. What it would leave out or change in silence is refused. */
function representable(what: string, name: string, value: unknown): unknown {
  const where = name === "" ? what : `${name} of ${what}`;
  ensure(typeof value !== "function" && typeof value !== "symbol", `${where} must be plain data.`);
  ensure(typeof value !== "number" || Number.isFinite(value), `${where} must be a finite number.`);
  // A Map or URLSearchParams would be an empty object.
  const isIterable = typeof value === "object" && value !== null && Symbol.iterator in value && !Array.isArray(value);
  ensure(!isIterable, `${where} must be plain data, not an iterable object.`);
  return value;
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
