// Ten thousand calls with arguments, settings and surroundings of every wrong kind: none leaves a trap behind.

import fc from "fast-check";
import { type Client, type ClientConfig, createClient, FireblocksError } from "fireblocks-reset-device";
import { expect, test } from "vitest";
import { signingClient, USER_ID } from "../support/clients.ts";
import { calls } from "./calls.ts";
import { Made, made } from "./odd-values.ts";
import { collectUnhandled } from "./unhandled.ts";

const CALLS = 10_000;
const AT_ONCE = 50;
const MINUTES = 60_000;
/** A call of these tests has 60 ms; a busy machine makes them longer, but a promise that hangs stays. */
const NEVER_MS = 10_000;

const unhandled = collectUnhandled();

type Call = typeof calls extends fc.Arbitrary<infer T> ? T : never;

/** Makes one call and gives how it ended, and how often its `fetch` was called. */
async function make({ config, fetch, operation, id, idempotencyKey, params, options }: Call) {
  let sent = 0;
  const counted = async (_input: unknown, init: RequestInit | undefined) => {
    sent++;
    return fetch(init);
  };
  const ended = await settled(async () => {
    // What is no configuration has the real fetch and the real address: no call follows.
    if (config instanceof Made) return createClient(config.make() as ClientConfig);
    const given = { timeoutMs: 30, deadlineMs: 60, ...(made(config) as object), fetch: counted };
    const client = await createClient(given as unknown as ClientConfig);
    const writes = operation === "resetDevice" || operation === "rejectApproval";
    const first = writes ? [made(id), made(idempotencyKey)] : [];
    if (operation === "getApproval") first.push(made(id));
    if (operation === "getAuditLogs" || operation === "getApprovals") first.push(made(params));
    const ask = client[operation as keyof Client] as (...values: unknown[]) => Promise<unknown>;
    return ask.call(client, ...first, made(options));
  });
  return { ended, sent };
}

async function settled(call: () => Promise<unknown>): Promise<FireblocksError | "success"> {
  let timer: NodeJS.Timeout | undefined;
  const never = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`A promise did not settle within ${NEVER_MS} ms.`)), NEVER_MS);
  });
  try {
    await Promise.race([call(), never]);
    return "success";
  } catch (error) {
    if (error instanceof FireblocksError) return error;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

test(
  `${CALLS} random calls: each settles, each rejection is a FireblocksError that is true, and the next call works`,
  async () => {
    const seed = Number(process.env.CONFORMANCE_SEED ?? Date.now() % 2 ** 31);
    const queue = fc.sample(calls, { numRuns: CALLS, seed }).entries();
    const counts = new Map<string, number>();
    const untrue: string[] = [];
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (const [index, call] of queue) {
          const { ended, sent } = await make(call).catch((error: unknown) => {
            throw new Error(`Call ${index} of seed ${seed} (${fc.stringify(call)}) did not end well.`, {
              cause: error,
            });
          });
          const kind = ended === "success" ? "success" : ended.kind;
          counts.set(kind, (counts.get(kind) ?? 0) + 1);
          if (ended === "success") continue;
          const json = ended.toJSON();
          const isTrue = (json.outcome === "notSent") === (sent === 0) && json.attempts === sent;
          const isWhole = json.message !== "" && typeof json.retryable === "boolean" && kind !== "internal";
          if (!isTrue || !isWhole)
            untrue.push(`${index}: ${sent} sent, ${JSON.stringify(json)}, ${fc.stringify(call)}`);
        }
      }),
    );
    // Whatever was started has had its time to go wrong.
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(unhandled, `seed ${seed}`).toEqual([]);
    expect(untrue, `seed ${seed}`).toEqual([]);

    const list = [...counts].sort(([, a], [, b]) => b - a).map(([kind, count]) => `${kind} ${count}`);
    console.log(`${CALLS} random calls of seed ${seed} ended as: ${list.join(", ")}`);
    // They were not all refused at the door.
    const expected = [
      "success",
      "invalidArgument",
      "configuration",
      "aborted",
      "timeout",
      "network",
      "forbidden",
      "server",
    ];
    expect(expected.filter((kind) => (counts.get(kind) ?? 0) < 50)).toEqual([]);

    const works = async () => new Response(null, { headers: { "X-Request-ID": "still works" } });
    const client = await signingClient({ basePath: "http://127.0.0.1:9/v1" }, { fetch: works });
    expect(await client.resetDevice(USER_ID)).toMatchObject({ requestId: "still works", attempts: 1 });
  },
  5 * MINUTES,
);
