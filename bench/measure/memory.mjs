// Run in a new process with --expose-gc: memory in use after 1 000 calls and after 10 000.

import { env } from "node:process";

const { peer, config } = JSON.parse(env.BENCHMARK ?? "");
const { create } = await import(`../peers/${peer}.mjs`);
const call = await create(config);

/** @param {number} count */
async function make(count) {
  let left = count;
  const caller = async () => {
    while (left-- > 0) await call("44fdead0-7053-4831-a53a-df7fb90d440f", crypto.randomUUID());
  };
  await Promise.all(Array.from({ length: 8 }, caller));
}

async function used() {
  // Twice, with a pause: what is freed by a finaliser goes with the second collection.
  for (let i = 0; i < 2; i++) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed + external, rss };
}

await make(1_000);
const first = await used();
await make(9_000);
console.log(JSON.stringify({ first, last: await used() }));
