// Run in a new process: imports one peer and makes one call. Prints when it began.

import { env } from "node:process";

const began = performance.timeOrigin + performance.now();
const { peer, config } = JSON.parse(env.BENCHMARK ?? "");
const { create } = await import(`../peers/${peer}.mjs`);
const call = await create(config);
await call("44fdead0-7053-4831-a53a-df7fb90d440f", crypto.randomUUID());
console.log(began);
