// Values that nobody asked for.

import fc from "fast-check";

/** Makes a value when it is needed: a generator that looked at some of these would fail itself. */
export class Made {
  constructor(readonly make: () => unknown) {}
}

/** The value itself, with everything in it that is still to be made. */
export function made(value: unknown): unknown {
  if (value instanceof Made) return value.make();
  if (typeof value !== "object" || value === null) return value;
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, made(member)]));
}

function fail(what: string): never {
  throw new Error(what);
}

/** Every way of looking at it fails. */
function throwing(): object {
  return new Proxy(
    {},
    {
      get: () => fail("get"),
      has: () => fail("has"),
      ownKeys: () => fail("ownKeys"),
      getOwnPropertyDescriptor: () => fail("getOwnPropertyDescriptor"),
      getPrototypeOf: () => fail("getPrototypeOf"),
    },
  );
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function cyclic(): object {
  const object: Record<string, unknown> = {};
  object.self = object;
  return object;
}

/** What an await trips over. */
export function throwingThenable(): object {
  // biome-ignore lint/suspicious/noThenProperty: a thenable that fails is what is wanted.
  return Object.defineProperty({}, "then", { get: () => fail("then") });
}

const makers: (() => unknown)[] = [
  () => undefined,
  () => null,
  () => true,
  () => 0,
  () => -1,
  () => Number.NaN,
  () => Number.POSITIVE_INFINITY,
  () => 2 ** 53,
  () => 10n,
  () => "",
  () => "\ud800",
  () => "x".repeat(100_000),
  () => Symbol("odd"),
  () => [],
  () => [[]],
  () => ({}),
  () => Object.create(null),
  () => new Date(Number.NaN),
  () => /x/,
  () => new Map(),
  () => new Uint8Array(3),
  () => new ArrayBuffer(2),
  () => Promise.resolve("late"),
  () => () => fail("called"),
  () => class {},
  () => function* () {},
  () => ({ toString: () => fail("toString") }),
  () => ({ toJSON: () => fail("toJSON") }),
  () => ({ valueOf: () => Number.NaN, toString: () => "7" }),
  () => ({ [Symbol.toPrimitive]: () => fail("toPrimitive") }),
  throwingThenable,
  () => Object.freeze({ id: "x" }),
  () => Object("a string that is an object"),
  () => Object(5),
  throwing,
  revoked,
  cyclic,
];

/** A value of some kind that nobody asked for. */
export const odd: fc.Arbitrary<Made> = fc.constantFrom(...makers.map((make) => new Made(make)));

/** Mostly a text, of whatever characters. */
export const textOrOdd: fc.Arbitrary<unknown> = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc.string({ unit: "binary", maxLength: 300 }),
  odd,
);
