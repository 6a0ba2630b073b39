// The reset path of the worker, beside two bare Workers: the same clients, the same simulator, the same `wrangler dev`.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { repository, requireLoopback, toolEnvironment } from "../../scripts/base/environment.mjs";
import { Service } from "../../scripts/base/process.mjs";
import { freePort, startStack } from "../../scripts/stack.mjs";
import { Simulator } from "../../tests/e2e/support/simulator.ts";
import { measureLoad } from "./load.mjs";
import { cpuTime } from "./processes.mjs";

const USERS = 3_000;
const WARM_UP = 60;
const REQUESTS = 400;
const ROUNDS = 3;
export const CLIENTS = 16;
const SIGNATURES = 200;
const VISITS = 200;
const PERSON = "amara.lindqvist@northwind.example";

/**
 * @typedef {object} Row
 * @property {string} name
 * @property {import("./load.mjs").Load} load of the round in the middle
 * @property {number[]} rounds requests per second of each
 * @property {number | undefined} cpuMs of workerd, for each request
 */

/** @returns {Promise<{ rows: Row[], signatureMs: number, visitMs: number }>} CPU of workerd in milliseconds; NaN where it cannot be read */
export async function measureResetPath() {
  const stack = await startStack({
    users: USERS,
    build: false,
    // What is measured is the reset, not the mail about it.
    vars: { RATE_LIMITS: "off", DAILY_RESET_LIMIT: "1000000", MAIL_FROM: "" },
  });
  /** @type {Service[]} */
  const services = [];
  try {
    requireLoopback(stack.simulator.basePath, "base path");
    const simulator = new Simulator(stack.simulator);
    await simulator.change({
      // Approved at once: a workspace has few requests that wait, and a benchmark must not fill it with thousands.
      approveAfterSeconds: 0,
      rateLimitPerMinute: { write: 10_000_000, query: 10_000_000, read: 10_000_000 },
    });
    const token = await simulator.accessToken(PERSON);
    const signIn = { "Cf-Access-Jwt-Assertion": token, Origin: stack.url };
    /** @type {{ users: { id: string, blocked?: object }[] }} */
    const list = await (await fetch(`${stack.url}/api/users`, { headers: signIn })).json();
    const ids = list.users.filter((user) => user.blocked === undefined).map((user) => user.id);

    const bare = await startBare(stack, "bare", services);
    const sdk = await startBare(stack, "ts-sdk", services);
    /** @type {(url: string) => (id: string) => Promise<Response>} */
    const send = (url) => (id) =>
      fetch(`${url}/v1/management/users/${id}/reset_device`, {
        method: "POST",
        headers: { ...signIn, "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() },
        body: JSON.stringify({ reason: "Lost phone", verifiedBy: "Video call with the user's manager" }),
      });

    const candidates = [
      { name: "bare: signs and forwards", group: bare.service.group, send: send(bare.url) },
      { name: "bare, on @fireblocks/ts-sdk", group: sdk.service.group, send: send(sdk.url) },
      { name: "the worker, all checks and both writes", group: stack.services.worker.group, send: send(stack.url) },
    ];
    // Each request of the worker is for a user of its own: one open reset for each.
    if (ids.length < WARM_UP + ROUNDS * REQUESTS) throw new Error(`${ids.length} users are too few`);
    const pieces = [ids.slice(0, WARM_UP)];
    for (let round = 0; round < ROUNDS; round++) {
      pieces.push(ids.slice(WARM_UP + round * REQUESTS, WARM_UP + (round + 1) * REQUESTS));
    }

    const results = candidates.map((candidate) => ({
      ...candidate,
      loads: /** @type {import("./load.mjs").Load[]} */ ([]),
      cpu: 0,
    }));
    for (const [round, piece] of pieces.entries()) {
      // In turn, so that whatever else the machine does falls on all of them.
      for (const result of results) {
        const before = cpuTime(result.group) ?? Number.NaN;
        const load = await measureLoad(piece, CLIENTS, result.send);
        if (round === 0) continue;
        result.loads.push(load);
        result.cpu += (cpuTime(result.group) ?? Number.NaN) - before;
      }
    }
    /** @param {string} what @param {number} times */
    const costOf = async (what, times) => {
      const before = cpuTime(bare.service.group) ?? Number.NaN;
      await fetch(`${bare.url}/v1/workspace?${what}=${times}`);
      return ((cpuTime(bare.service.group) ?? Number.NaN) - before) / times;
    };
    const signatureMs = await costOf("signatures", SIGNATURES);
    const visitMs = await costOf("visits", VISITS);

    const rows = results.map(({ name, loads, cpu }) => {
      const sorted = loads.toSorted((one, other) => one.perSecond - other.perSecond);
      const load = sorted[Math.floor(sorted.length / 2)];
      if (load === undefined) throw new Error("nothing was measured");
      return { name, load, rounds: loads.map(({ perSecond }) => perSecond), cpuMs: cpu / (ROUNDS * REQUESTS) };
    });
    return { rows, signatureMs, visitMs };
  } finally {
    await Promise.all(services.map((service) => service.stop()));
    await stack.stop();
  }
}

/**
 * Starts one of the bare Workers on the stack's simulator.
 *
 * @param {import("../../scripts/stack.mjs").Stack} stack
 * @param {"bare" | "ts-sdk"} name
 * @param {Service[]} services receives it, to be stopped at the end
 */
async function startBare(stack, name, services) {
  const { apiKey, secretKeyFile, basePath } = stack.simulator;
  const envFile = join(stack.dir, `${name}.env`);
  const secretKey = readFileSync(secretKeyFile, "utf8").trim();
  writeFileSync(envFile, `FIREBLOCKS_API_KEY="${apiKey}"\nFIREBLOCKS_SECRET_KEY="${secretKey}"\n`, { mode: 0o600 });
  const port = await freePort();
  const args = ["dev", "--local", "--config", `wrangler.${name}.jsonc`, "--env-file", envFile];
  args.push("--persist-to", join(stack.dir, name), "--ip", "127.0.0.1", "--port", String(port));
  args.push(
    "--inspector-port",
    "0",
    "--show-interactive-dev-session=false",
    "--var",
    `FIREBLOCKS_BASE_PATH:${basePath}`,
  );
  const service = new Service("wrangler", args, {
    cwd: join(repository, "bench/worker"),
    env: { ...toolEnvironment(), WRANGLER_REGISTRY_PATH: join(stack.dir, `${name}-registry`), CI: "true" },
  });
  services.push(service);
  const url = `http://127.0.0.1:${port}`;
  for (let wait = 0; wait < 300; wait++) {
    const answered = await fetch(url, { method: "HEAD" }).then(
      () => true,
      () => false,
    );
    if (answered) return { url, service };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the Worker ${name} did not start:\n${service.lastLines}`);
}
