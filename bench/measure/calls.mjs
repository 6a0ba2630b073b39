// Run in a new process: what a call costs, in CPU and in time, each peer in turn. Prints every sample.

import { env } from "node:process";
import { peers } from "../peers/index.mjs";

const { config, rounds, batch } = JSON.parse(env.BENCHMARK ?? "");
const id = "44fdead0-7053-4831-a53a-df7fb90d440f";

const der = Buffer.from(config.secretKey.replace(/-----[^-]+-----|\s/g, ""), "base64");
const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
const key = await crypto.subtle.importKey("pkcs8", der, algorithm, false, ["sign"]);
const signed = new Uint8Array(400);

/** @type {Record<string, () => Promise<unknown>>} */
const calls = { floor: () => crypto.subtle.sign(algorithm.name, key, signed) };
for (const { name } of peers) {
  const { create } = await import(`../peers/${name}.mjs`);
  const call = await create(config);
  calls[name] = () => call(id, crypto.randomUUID());
}
const names = Object.keys(calls);
// Until the engines have compiled what is called often: before that, the samples differ by when they do.
for (const name of names) for (let i = 0; i < 30 * batch; i++) await calls[name]?.();

/** @type {Record<string, { cpu: number, wall: number }[]>} */
const samples = Object.fromEntries(names.map((name) => [name, []]));
for (let round = 0; round < rounds; round++) {
  // Each round begins with another one, so that none always follows the same neighbour.
  for (let turn = 0; turn < names.length; turn++) {
    const name = names[(round + turn) % names.length] ?? "";
    const cpu = process.cpuUsage();
    const began = performance.now();
    for (let i = 0; i < batch; i++) await calls[name]?.();
    const wall = (performance.now() - began) / batch;
    const { user, system } = process.cpuUsage(cpu);
    samples[name]?.push({ cpu: (user + system) / 1000 / batch, wall });
  }
}
console.log(JSON.stringify(samples));
