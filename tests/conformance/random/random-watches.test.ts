// Random calls of what is more than one request, or none: watches, inferences, errors brought back, the default client.

import fc from "fast-check";
import {
  type ApprovalRequestItem,
  type ClientConfig,
  configure,
  createClient,
  FireblocksError,
  type FireblocksErrorJSON,
  getWorkspace,
  inferProgress,
  isResetPending,
  type ResetObservations,
  resetDevice,
  type WatchResetOptions,
} from "fireblocks-reset-device";
import { expect, test } from "vitest";
import { API_KEY, USER_ID } from "../support/clients.ts";
import { usualPem } from "../support/secret-keys.ts";
import { made, odd, textOrOdd } from "./odd-values.ts";
import { fetches, signals } from "./surroundings.ts";
import { collectUnhandled } from "./unhandled.ts";

const CALLS = 3_000;
const NEVER_MS = 10_000;

const unhandled = collectUnhandled();

const mostly = (right: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 6, arbitrary: right }, { weight: 1, arbitrary: odd });

const watchOptions = fc.record(
  {
    since: mostly(fc.integer()),
    statusBefore: mostly(fc.constant("READY")),
    signal: signals,
    intervalMs: mostly(fc.constantFrom(1, 5)),
    maxIntervalMs: mostly(fc.constant(10)),
    otherResetsOpen: mostly(fc.boolean()),
  },
  { requiredKeys: [] },
);

const observations = fc.record(
  {
    userId: mostly(textOrOdd),
    since: mostly(fc.double()),
    statusBefore: mostly(fc.constantFrom("READY", "NEW")),
    statuses: mostly(fc.array(fc.record({ status: fc.constantFrom("READY", "X"), at: mostly(fc.integer()) }))),
    approvals: mostly(fc.record({ items: mostly(fc.array(mostly(fc.object()))), at: mostly(fc.integer()) })),
    auditLogs: mostly(fc.array(mostly(fc.object()))),
    auditLogsAt: mostly(fc.double()),
    auditLogsFrom: mostly(fc.double()),
    answeredAt: mostly(fc.double()),
    clockDifferenceMs: mostly(fc.double()),
    approvalRequestId: textOrOdd,
    otherResetsOpen: odd,
    previous: mostly(
      fc.record({ state: textOrOdd, source: textOrOdd, at: odd, evidence: textOrOdd, ownRequest: textOrOdd }),
    ),
  },
  { requiredKeys: [] },
);

const calls = fc.record({
  what: fc.constantFrom("watch", "infer", "pending", "from", "configure"),
  id: fc.oneof(fc.constant(USER_ID), textOrOdd),
  options: mostly(watchOptions),
  observations: mostly(observations),
  fetch: fetches,
  value: fc.oneof(odd, fc.object()),
});

type Call = typeof calls extends fc.Arbitrary<infer T> ? T : never;

function plainConfig(call: Call): ClientConfig {
  const fetch = async (_input: unknown, init: RequestInit | undefined) => call.fetch(init);
  return {
    basePath: "http://127.0.0.1:9/v1",
    apiKey: API_KEY,
    secretKey: () => new Uint8Array(256),
    timeoutMs: 20,
    deadlineMs: 40,
    fetch: fetch as unknown as typeof globalThis.fetch,
  };
}

async function make(call: Call): Promise<unknown> {
  switch (call.what) {
    case "watch": {
      const client = await createClient(plainConfig(call));
      const watch = client.watchReset(made(call.id) as string, made(call.options) as WatchResetOptions);
      let looks = 0;
      const iterator = watch[Symbol.asyncIterator]();
      // A watch of a reset that never ends is left after two changes, or after a moment.
      const moment = new Promise((resolve) => setTimeout(resolve, 100, { done: true }));
      while (looks++ < 2) {
        const { done } = (await Promise.race([iterator.next(), moment])) as IteratorResult<unknown>;
        if (done) break;
      }
      await iterator.return?.(undefined);
      return undefined;
    }
    case "infer":
      return inferProgress(made(call.observations) as ResetObservations);
    case "pending":
      return isResetPending(made(call.id) as string, made(call.value) as ApprovalRequestItem[]);
    case "from":
      return FireblocksError.from(made(call.value) as FireblocksErrorJSON);
    default: {
      const broken = configure(made(call.value) as ClientConfig);
      const [first] = await Promise.allSettled([broken, configure(plainConfig(call))]);
      await Promise.allSettled([resetDevice(USER_ID), getWorkspace()]);
      if (first?.status === "rejected") throw first.reason;
      return undefined;
    }
  }
}

test(
  `${CALLS} random watches, inferences and configurations: each settles, and fails with nothing but a true error`,
  async () => {
    const seed = Number(process.env.CONFORMANCE_SEED ?? Date.now() % 2 ** 31);
    const queue = fc.sample(calls, { numRuns: CALLS, seed }).entries();
    const wrong: string[] = [];
    const ended = new Map<string, number>();
    await Promise.all(
      Array.from({ length: 50 }, async () => {
        for (const [index, call] of queue) {
          const late = new Promise((_, reject) => setTimeout(reject, NEVER_MS, new Error("never settled")).unref());
          const outcome = await Promise.race([make(call), late]).then(
            () => "success",
            (error: unknown) => {
              const isTrue = error instanceof FireblocksError && error.kind !== "internal" && error.message !== "";
              if (!isTrue) wrong.push(`${index} of seed ${seed}: ${String(error)}, ${fc.stringify(call)}`);
              return isTrue ? `${call.what} ${error.kind}` : "wrong";
            },
          );
          ended.set(outcome, (ended.get(outcome) ?? 0) + 1);
        }
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(wrong).toEqual([]);
    expect(unhandled, `seed ${seed}`).toEqual([]);
    expect(ended.get("success") ?? 0).toBeGreaterThan(CALLS / 10);
    await configure({ basePath: "http://127.0.0.1:9/v1", apiKey: API_KEY, secretKey: usualPem() });
  },
  3 * 60_000,
);
