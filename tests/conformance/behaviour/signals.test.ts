// The callers' signals: one may be given to any number of calls, and may be less than perfect.

import { getEventListeners } from "node:events";
import { expect, onTestFinished, test, vi } from "vitest";
import { collectUnhandled } from "../random/unhandled.ts";
import { failureOf, gatewayClient, USER_ID } from "../support/clients.ts";

const unhandled = collectUnhandled();
const basePath = "http://127.0.0.1:9/v1";

/** A client whose requests are answered when `answer` says so. */
const clientWith = (answer: () => Response | Promise<Response>) =>
  gatewayClient({ basePath }, { fetch: async () => answer(), maxRetries: 0 });
const never = () => new Promise<Response>(() => {});
const workspace = () => new Response('{"name":"w"}');

const turns = () => new Promise((resolve) => setTimeout(resolve, 20));

test("twelve calls and twelve watches on one signal listen to it once, and no longer than they take", async () => {
  const warned = vi.fn();
  process.on("warning", warned);
  onTestFinished(() => void process.off("warning", warned));
  const { signal } = new AbortController();
  const client = await clientWith(never);
  const results = Array.from({ length: 12 }, () => failureOf(client.getWorkspace({ signal, timeoutMs: 300 })));
  const watches = Array.from({ length: 12 }, () => client.watchReset(USER_ID, { signal })[Symbol.asyncIterator]());
  const steps = watches.map((watch) => watch.next());
  await turns();
  expect(getEventListeners(signal, "abort")).toHaveLength(1);
  for (const error of await Promise.all(results)) expect(error.kind).toBe("timeout");
  expect(getEventListeners(signal, "abort")).toHaveLength(1);
  await Promise.all(watches.map((watch) => watch.return?.()));
  await Promise.all(steps);
  expect(getEventListeners(signal, "abort")).toEqual([]);
  expect(warned).not.toHaveBeenCalled();
});

test("one abort ends them all, each with the reason", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const client = await clientWith(never);
  const calls = Array.from({ length: 12 }, () => failureOf(client.getWorkspace({ signal })));
  const watches = Array.from({ length: 12 }, () =>
    failureOf(client.watchReset(USER_ID, { signal })[Symbol.asyncIterator]().next()),
  );
  await turns();
  controller.abort("closing time");
  for (const error of await Promise.all([...calls, ...watches])) {
    expect(error).toMatchObject({ kind: "aborted", cause: "closing time" });
  }
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

test("a call that ends takes nothing from those that go on", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const waiting = failureOf((await clientWith(never)).getWorkspace({ signal }));
  const quick = await clientWith(workspace);
  for (let call = 0; call < 3; call++) await quick.getWorkspace({ signal });
  controller.abort("now");
  expect(await waiting).toMatchObject({ kind: "aborted", cause: "now" });
});

test("a watch that is forgotten leaves nothing behind on its signal", async () => {
  const { signal } = new AbortController();
  const client = await clientWith(() => new Response('{"users":[],"data":[]}'));
  await client
    .watchReset(USER_ID, { signal, intervalMs: 2 ** 30, maxIntervalMs: 2 ** 30 })
    [Symbol.asyncIterator]()
    .next();
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

/** A signal that can be listened to, and that throws when it is to forget; the first time is when it is looked at. */
function clinging(throwFrom: number): AbortSignal {
  const { signal } = new AbortController();
  let calls = 0;
  const removeItself = signal.removeEventListener.bind(signal) as (...args: unknown[]) => void;
  signal.removeEventListener = (...args: unknown[]) => {
    if (++calls >= throwFrom) throw new Error("it clings");
    removeItself(...args);
  };
  return signal;
}

test.each([1, 2, 3])(
  "a removeEventListener that throws from its call %i on rejects nothing unhandled",
  async (from) => {
    const client = await clientWith(workspace);
    const settled = await client.getWorkspace({ signal: clinging(from) }).catch((error) => error);
    // Found at once it is refused; found later it changes nothing.
    expect(settled).toMatchObject(from === 1 ? { kind: "invalidArgument", outcome: "notSent" } : { name: "w" });
    const failing = await clientWith(() => Promise.reject(new TypeError("fetch failed")));
    expect(await failureOf(failing.getWorkspace({ signal: clinging(from) }))).toMatchObject({
      kind: from === 1 ? "invalidArgument" : "network",
    });
    const watch = client.watchReset(USER_ID, { signal: clinging(from), intervalMs: 1 })[Symbol.asyncIterator]();
    await watch.next().catch((error) => expect(error.kind).toBe("invalidArgument"));
    await watch.return?.();
    await turns();
    expect(unhandled).toEqual([]);
  },
);

test.each(["aborted", "addEventListener"] as const)(
  "a signal whose %s throws later ends the call as aborted",
  async (member) => {
    const { signal } = new AbortController();
    const broken = new Error("it broke");
    let looks = 0;
    const value = signal[member];
    Object.defineProperty(signal, member, {
      get() {
        if (++looks > 1) throw broken;
        return typeof value === "function" ? value.bind(signal) : value;
      },
    });
    const client = await clientWith(workspace);
    const error = await failureOf(client.getWorkspace({ signal }));
    expect(error).toMatchObject({ kind: "aborted", outcome: "notSent", attempts: 0, cause: broken });
  },
);
