// Leaving a watch: whoever does not wait any more is let go at once, and nothing is asked afterwards. What would hang
// here for ever fails by its time-out.

import { Readable } from "node:stream";
import { ReadableStream } from "node:stream/web";
import {
  type Client,
  configure,
  type ResetProgress,
  type WatchResetOptions,
  watchReset,
} from "fireblocks-reset-device";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { API_KEY, failureOf, USER_ID } from "../support/clients.ts";
import { usualPem } from "../support/secret-keys.ts";
import { type Looks, looks, QUICK, SLOW } from "./looks.ts";

type Steps = AsyncGenerator<ResetProgress, void, undefined>;

const OVER = { done: true, value: undefined };

/** The watch as its iterator. */
function watched(client: Pick<Client, "watchReset">, options: WatchResetOptions = SLOW): Steps {
  return client.watchReset(USER_ID, options)[Symbol.asyncIterator]() as Steps;
}

/** Long enough for a watch that looks each millisecond to look again. */
const aWhile = () => new Promise((resolve) => setTimeout(resolve, 50));

/** Expects that nothing is asked any more. */
async function expectSilence({ asked }: Looks) {
  const before = { ...asked };
  await aWhile();
  expect(asked).toEqual(before);
}

/** Where a watch may be while somebody waits for its next step. */
const places: [name: string, arrive: () => Promise<{ all: Looks; steps: Steps; pending: Promise<unknown> }>][] = [
  [
    "pauses",
    async () => {
      const all = await looks();
      const steps = watched(all.client);
      expect(await steps.next()).toMatchObject({ value: { state: "approvalRequested" } });
      const pending = steps.next();
      await aWhile();
      return { all, steps, pending };
    },
  ],
  [
    "looks again and again",
    async () => {
      const all = await looks();
      const steps = watched(all.client, QUICK);
      await steps.next();
      const pending = steps.next();
      await aWhile();
      expect(all.asked.users).toBeGreaterThan(1);
      return { all, steps, pending };
    },
  ],
  [
    "waits for an answer that never comes",
    async () => {
      const all = await looks(() => new Promise(() => {}));
      const steps = watched(all.client);
      const pending = steps.next();
      await aWhile();
      expect(all.signals.map(({ aborted }) => aborted)).toEqual([false]);
      return { all, steps, pending };
    },
  ],
];

describe.each(places)("beside a step that %s", (_, arrive) => {
  test("return settles at once, the step with it, and nothing is asked afterwards", async () => {
    const { all, steps, pending } = await arrive();
    expect(await steps.return()).toEqual(OVER);
    expect(await pending).toEqual(OVER);
    expect(all.signals.at(-1)?.aborted ?? false).toBe(all.asked.approvals === 0);
    await expectSilence(all);
    expect(await steps.next()).toEqual(OVER);
  });

  test("throw does, and rejects with what it was given", async () => {
    const { all, steps, pending } = await arrive();
    const thrown = new Error("the reader failed");
    await expect(steps.throw(thrown)).rejects.toBe(thrown);
    expect(await pending).toEqual(OVER);
    await expectSilence(all);
    expect(await steps.next()).toEqual(OVER);
  });

  test("every step that waits is let go, and leaving twice is leaving once", async () => {
    const { all, steps, pending } = await arrive();
    const waiting = [pending, steps.next(), steps.next()];
    expect(await Promise.all([steps.return(), steps.return(), ...waiting])).toEqual(Array(5).fill(OVER));
    await expectSilence(all);
  });

  test("an abort ends the first step that waits with an error, and those behind it as over", async () => {
    const { all } = await arrive();
    const controller = new AbortController();
    const steps = watched(all.client, { ...QUICK, signal: controller.signal });
    const first = failureOf(steps.next().then(() => steps.next()));
    await aWhile();
    const [second, third] = [steps.next(), steps.next()];
    controller.abort("leaving");
    expect(await first).toMatchObject({ kind: "aborted", cause: "leaving", message: /The reset itself goes on/ });
    expect(await second).toEqual(OVER);
    expect(await third).toEqual(OVER);
  });
});

describe("a watch that has not begun", () => {
  test("is over once it was left: it never asks", async () => {
    const all = await looks();
    const returned = watched(all.client, QUICK);
    expect(await returned.return()).toEqual(OVER);
    expect(await returned.next()).toEqual(OVER);
    const thrown = watched(all.client, QUICK);
    await expect(thrown.throw("no")).rejects.toBe("no");
    expect(await thrown.next()).toEqual(OVER);
    await expectSilence(all);
    expect(all.asked.users).toBe(0);
  });

  test("is read when it is made: what becomes of its options afterwards changes nothing", async () => {
    const all = await looks();
    const first = new AbortController();
    const options: WatchResetOptions = { ...SLOW, signal: first.signal };
    const steps = watched(all.client, options);
    options.signal = AbortSignal.abort("another watch");
    options.intervalMs = -1;
    expect(await steps.next()).toMatchObject({ value: { state: "approvalRequested" } });
    first.abort("this watch");
    expect(await failureOf(steps.next())).toMatchObject({ kind: "aborted", cause: "this watch" });
  });

  test("tells what is wrong with them by its first step, and is over", async () => {
    const all = await looks();
    const steps = watched(all.client, { intervalMs: -1 });
    expect(await failureOf(steps.next())).toMatchObject({ kind: "invalidArgument", outcome: "notSent" });
    expect(await steps.next()).toEqual(OVER);
    expect(all.asked.users).toBe(0);
  });
});

test("return gives back what it was given, a promise's value too", async () => {
  const { client } = await looks();
  const leave = (value: unknown) => watched(client).return(value as undefined);
  expect(await leave(7)).toEqual({ done: true, value: 7 });
  expect(await leave(Promise.resolve("later"))).toEqual({ done: true, value: "later" });
});

test("an abort while nobody waits is told by the next step", async () => {
  const all = await looks();
  const controller = new AbortController();
  const steps = watched(all.client, { ...SLOW, signal: controller.signal });
  await steps.next();
  controller.abort("seen enough");
  expect(await failureOf(steps.next())).toMatchObject({ kind: "aborted", cause: "seen enough" });
  expect(await steps.next()).toEqual(OVER);
});

describe("streams", () => {
  test("ReadableStream.from: cancel settles, and nothing is asked afterwards", async () => {
    const all = await looks();
    const stream = ReadableStream.from(all.client.watchReset(USER_ID, QUICK));
    const reader = stream.getReader();
    expect(await reader.read()).toMatchObject({ value: { state: "approvalRequested" } });
    const pending = reader.read();
    await aWhile();
    await reader.cancel("enough");
    expect(await pending).toEqual(OVER);
    await expectSilence(all);
  });

  test("Readable.from: destroy closes it, with an error or without, and nothing is asked afterwards", async () => {
    for (const reason of [undefined, new Error("the consumer failed")]) {
      const all = await looks();
      const stream = Readable.from(all.client.watchReset(USER_ID, QUICK));
      const errors: unknown[] = [];
      stream.on("error", (error) => errors.push(error));
      await new Promise((resolve) => stream.once("data", resolve));
      await aWhile();
      const closed = new Promise<void>((resolve) => stream.once("close", () => resolve()));
      stream.destroy(reason);
      await closed;
      expect(errors).toEqual(reason ? [reason] : []);
      await expectSilence(all);
    }
  });
});

describe("the default client's watch", () => {
  test("is left as any other", async () => {
    const all = await looks();
    await configure(all.config);
    const steps = watched({ watchReset });
    await steps.next();
    const pending = steps.next();
    await aWhile();
    expect(await steps.return()).toEqual(OVER);
    expect(await pending).toEqual(OVER);
    expect(all.asked).toEqual({ users: 1, approvals: 1, audit_logs: 1 });
  });

  test("is left, or aborted, while the client is still being made", async () => {
    const importKey = vi.spyOn(crypto.subtle, "importKey").mockReturnValueOnce(new Promise(() => {}));
    onTestFinished(() => importKey.mockRestore());
    void configure({ apiKey: API_KEY, secretKey: usualPem() });
    const steps = watched({ watchReset });
    const pending = steps.next();
    await aWhile();
    expect(await steps.return()).toEqual(OVER);
    expect(await pending).toEqual(OVER);
    const controller = new AbortController();
    const aborted = watched({ watchReset }, { signal: controller.signal }).next();
    await aWhile();
    controller.abort("leaving");
    expect(await failureOf(aborted)).toMatchObject({ kind: "aborted", cause: "leaving" });
  });

  test("keeps to the configuration that it was made under", async () => {
    const [one, other] = [await looks(), await looks()];
    await configure(one.config);
    const steps = watched({ watchReset });
    await configure(other.config);
    await steps.next();
    await steps.return();
    expect([one.asked.users, other.asked.users]).toEqual([1, 0]);
  });
});
