// What may stand around a call: a fetch, a signer, a signal and a listener of someone's own.

import fc from "fast-check";
import { Made, odd, throwingThenable } from "./odd-values.ts";

function fail(what: string): never {
  throw new Error(what);
}

const requestId = { "X-Request-ID": "r" };

/** Whether an answer says that it worked matters not; that the client survives it does. */
const answers: ((init: RequestInit | undefined) => unknown)[] = [
  () => new Response(null, { headers: requestId }),
  () => new Response('{"users":[],"data":[]}', { headers: requestId }),
  () => new Response("<html>"),
  () => new Response('{"error":{"type":"FORBIDDEN","message":"no"}}', { status: 403 }),
  () => new Response("null", { status: 500 }),
  () => new Response(null, { status: 429, headers: { "Retry-After": "0" } }),
  () => new Response(null, { status: 503, headers: { "Retry-After": "0" } }),
  () => new Response('{"code":-10}', { status: 401, headers: { Date: new Date().toUTCString() } }),
  () => new Response('{"code":-12}', { status: 401, headers: { Date: "yesterday" } }),
  () => Response.redirect("https://a.example/", 302),
  () => Response.error(),
  () => new Response(new ReadableStream({ start: (to) => to.error(new Error("stream")) }), { status: 403 }),
  () => new Response(new ReadableStream({ pull: () => new Promise(() => {}) })),
  () => new Response(new ReadableStream({ pull: (to) => to.enqueue("not bytes") }), { status: 400 }),
  () => fail("synchronously"),
  () => Promise.reject(new TypeError("fetch failed")),
  () => Promise.reject(undefined),
  () => Promise.reject(Object.create(null)),
  () => new Promise(() => {}),
  (init) => new Promise((_, reject) => init?.signal?.addEventListener("abort", () => reject(init.signal?.reason))),
  () => ({}),
  () => ({ status: 200 }),
  () => ({ status: 200, headers: {}, text: async () => "" }),
  () => ({ status: "200", headers: new Headers(), body: null, text: async () => "" }),
  () => ({ status: 200, ok: true, headers: new Headers(requestId), body: null, text: async () => 7 }),
  () => ({ status: 200, ok: true, headers: new Headers(requestId), text: async () => 7 }),
  () => ({ status: Number.NaN, ok: true, headers: new Headers(), text: () => fail("text") }),
  () => ({ status: 700, ok: false, headers: { get: () => 7, *[Symbol.iterator]() {} }, text: async () => "x" }),
  () => ({ status: 403, headers: { get: () => fail("get") } }),
  () => ({ status: 403, ok: false, headers: new Headers(), body: readerOf(async () => ({ value: 5 })) }),
  () => ({ status: 403, ok: false, headers: new Headers(), body: readerOf(() => new Promise(() => {})) }),
  () => ({ status: 403, ok: false, headers: new Headers(), body: readerOf(() => fail("read")) }),
];

function readerOf(read: () => unknown) {
  return { getReader: () => ({ read, cancel: () => fail("cancel") }) };
}

/** What a `fetch` does with its `init`. */
export const fetches = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...answers) },
  {
    weight: 2,
    arbitrary: odd.map(
      ({ make }) =>
        () =>
          make(),
    ),
  },
);

const signs = [() => new Uint8Array(256), async () => new Uint8Array(512).buffer];

export const signers = fc.constantFrom<() => unknown>(
  ...[...signs, ...signs, ...signs, ...signs, ...signs, ...signs],
  () => fail("signer"),
  () => Promise.reject(null),
  () => new Promise(() => {}),
  () => "signature",
  async () => new Uint8Array(3),
  throwingThenable,
);

export const listeners = fc.constantFrom<() => unknown>(
  () => {},
  () => fail("listener"),
  async () => fail("listener"),
  throwingThenable,
);

/** A signal that is aborted before, meanwhile or never, for whatever reason; or something that only looks like one. */
export const signals: fc.Arbitrary<Made> = fc.oneof(
  { weight: 12, arbitrary: fc.constant(new Made(() => undefined)) },
  { weight: 2, arbitrary: odd.map(({ make }) => new Made(() => AbortSignal.abort(make()))) },
  {
    weight: 2,
    arbitrary: fc.tuple(odd, fc.integer({ min: 0, max: 30 })).map(
      ([{ make }, ms]) =>
        new Made(() => {
          const controller = new AbortController();
          setTimeout(() => controller.abort(make()), ms);
          return controller.signal;
        }),
    ),
  },
  { weight: 2, arbitrary: odd },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      new Made(() => ({ aborted: false, addEventListener: () => fail("listen"), removeEventListener: () => {} })),
      new Made(() => ({ aborted: false, addEventListener: () => {}, removeEventListener: 5 })),
      new Made(() => ({
        aborted: true,
        get reason() {
          return fail("reason");
        },
        addEventListener: () => {},
        removeEventListener: () => {},
      })),
    ),
  },
);
