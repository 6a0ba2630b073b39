// From import to the first request leaving, in each runtime; and what a client adds to the start of a Worker.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import { build } from "esbuild";
import { repository } from "../../scripts/base/environment.mjs";
import { Service } from "../../scripts/base/process.mjs";
import { browserOptions } from "../../scripts/setup/browser.mjs";
import { freePort } from "../../scripts/stack.mjs";
import { peers } from "../peers/index.mjs";
import { inTurn, within } from "./in-turn.mjs";
import { outputOf } from "./processes.mjs";
import { now } from "./server.mjs";
import { median } from "./statistics.mjs";

/** @typedef {{ basePath: string, apiKey: string, secretKey: string }} Config */
/** @typedef {Awaited<ReturnType<typeof import("./server.mjs").startServer>>} Server */

const PEERS_FOLDER = join(repository, "bench", "peers");

/** What takes longer to start and make its first call does not run there. */
const LONGEST_MS = 30_000;

/** Playwright answers for this origin. It is a secure context, which crypto.subtle needs, and no such host exists. */
const PAGE = "https://benchmark.invalid/";

/** @type {Record<string, [string, ...string[]]>} */
const commandLine = { Node: ["node"], Deno: ["deno", "run", "--allow-all"], Bun: ["bun"] };

/**
 * Median milliseconds by runtime and peer; `undefined` where the peer does not run there.
 *
 * @param {Server} server
 * @param {Config} config
 * @param {number} rounds
 */
export async function coldStarts(server, config, rounds) {
  /** @type {Record<string, Record<string, number | undefined>>} */
  const table = {};
  for (const [runtime, command] of Object.entries(commandLine)) {
    table[runtime] = await inTurn(
      rounds,
      peers.map(({ name }) => name),
      async (peer) => {
        const { at, result } = await server.arrivalDuring(() =>
          outputOf(command, "first-call.mjs", { peer, config }, LONGEST_MS),
        );
        return at - Number(result);
      },
    );
  }
  const web = peers.filter((peer) => peer.web).map(({ name }) => name);
  table.Chromium = await inChromium(web, config, rounds);
  return table;
}

/**
 * @param {string[]} names
 * @param {Config} config
 * @param {number} rounds
 */
async function inChromium(names, config, rounds) {
  const browser = await chromium.launch(browserOptions());
  try {
    /** @type {Record<string, string>} */
    const modules = {};
    for (const name of names) modules[`/${name}.js`] = await bundled(`export * from "./${name}.mjs";`);
    return await inTurn(rounds, names, async (peer) => {
      const page = await browser.newPage();
      try {
        return await within(LONGEST_MS, firstCallIn(page, modules, peer, config));
      } finally {
        await page.close();
      }
    });
  } finally {
    await browser.close();
  }
}

/**
 * @param {import("@playwright/test").Page} page
 * @param {Record<string, string>} modules what is served, by path
 * @param {string} peer
 * @param {Config} config
 */
async function firstCallIn(page, modules, peer, config) {
  await page.route(`${PAGE}**`, (route) => {
    const body = modules[new URL(route.request().url()).pathname];
    return route.fulfill({ contentType: body ? "text/javascript" : "text/html", body: body ?? "<!doctype html>" });
  });
  await page.goto(PAGE);
  return page.evaluate(
    async ({ name, given }) => {
      /** @type {(at: number) => void} */
      let left = () => {};
      const leaving = new Promise((resolve) => {
        left = resolve;
      });
      globalThis.fetch = async () => {
        left(performance.now());
        return new Response(null, { headers: { "x-request-id": "1" } });
      };
      const began = performance.now();
      const { create } = await import(`/${name}.js`);
      const call = await create(given);
      await call("user", "key");
      return /** @type {number} */ (await leaving) - began;
    },
    { name: peer, given: config },
  );
}

/**
 * In workerd: milliseconds from its start to its first answer (`start`), what that is more than an empty Worker's of the
 * same round (`over`), and from the question to the first request leaving (`call`).
 *
 * @param {Server} server
 * @param {Config} config
 * @param {number} rounds
 */
export async function workerStarts(server, config, rounds) {
  const folder = mkdtempSync(join(tmpdir(), "fireblocks-reset-device-workers-"));
  const names = ["empty", ...peers.filter((peer) => peer.name !== "legacy-sdk").map(({ name }) => name)];
  /** @type {Record<string, { start: number[], call: number[] } | undefined>} */
  const samples = Object.fromEntries(names.map((name) => [name, { start: [], call: [] }]));
  try {
    for (const name of names) await bundleWorker(folder, name);
    for (let round = 0; round < rounds; round++) {
      for (const name of names) {
        const sample = samples[name];
        if (sample === undefined) continue;
        const one = await startOnce(folder, name, server, config);
        if (one === undefined) samples[name] = undefined;
        else {
          sample.start.push(one.start);
          if (one.call !== undefined) sample.call.push(one.call);
        }
      }
    }
    return Object.fromEntries(
      Object.entries(samples).map(([name, sample]) => [
        name,
        sample && {
          start: median(sample.start),
          over: median(sample.start.map((start, round) => start - (samples.empty?.start[round] ?? Number.NaN))),
          call: sample.call.length > 0 ? median(sample.call) : undefined,
        },
      ]),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} folder
 * @param {string} name
 */
async function bundleWorker(folder, name) {
  const source =
    name === "empty"
      ? 'export default { fetch: () => new Response("ready") };'
      : `import { create } from "./${name}.mjs";
         export default { async fetch(request) {
           if (request.method === "GET") return new Response("ready");
           const call = await create(await request.json());
           await call("user", "key");
           return new Response("called");
         } };`;
  await build({
    ...options(source),
    outfile: join(folder, `${name}.js`),
    conditions: ["workerd", "worker", "browser"],
    // Node's own modules are workerd's business, under nodejs_compat.
    ...(needsNode(name) && { platform: "node", mainFields: ["main"], banner: REQUIRE }),
    loader: { ".wasm": "copy" },
    assetNames: "[name]",
  });
}

/** workerd gives modules no `require`; the SDK's CommonJS asks for Node's modules by it. */
const REQUIRE = {
  js: 'import { createRequire } from "node:module"; const require = createRequire("file:///");',
};

/** @param {string} name */
const needsNode = (name) => peers.some((peer) => peer.name === name && !peer.web);

/**
 * @param {string} folder
 * @param {string} name
 * @param {Server} server
 * @param {Config} config
 */
async function startOnce(folder, name, server, config) {
  const port = await freePort();
  const wasm = name === "ours" ? ', (name = "reset_device.wasm", wasm = embed "reset_device.wasm")' : "";
  const flags = needsNode(name) ? ', compatibilityFlags = ["nodejs_compat", "nodejs_compat_v2"]' : "";
  const file = join(folder, `${name}.capnp`);
  writeFileSync(
    file,
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (modules = [(name = "${name}.js", esModule = embed "${name}.js")${wasm}],
      compatibilityDate = "2026-07-01"${flags})),
    (name = "internet", network = (allow = ["local", "private", "public"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
`,
  );
  const url = `http://127.0.0.1:${port}/`;
  const began = now();
  const service = new Service("workerd", ["serve", file]);
  try {
    while (!(await answers(url))) {
      if (now() - began > LONGEST_MS) {
        console.error(`${name} does not start in workerd: ${service.lastLines.split("\n")[0]}`);
        return undefined;
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    const start = now() - began;
    if (name === "empty") return { start, call: undefined };
    try {
      const asked = now();
      const { at } = await server.arrivalDuring(() => askForCall(url, config));
      return { start, call: at - asked };
    } catch (error) {
      console.error(`${name} fails in workerd: ${error}. ${service.lastLines.split("\n").slice(-3).join(" ")}`);
      return { start, call: undefined };
    }
  } finally {
    await service.stop();
  }
}

/**
 * @param {string} url
 * @param {Config} config
 */
async function askForCall(url, config) {
  const signal = AbortSignal.timeout(LONGEST_MS);
  const { status } = await fetch(url, { method: "POST", body: JSON.stringify(config), signal });
  if (status !== 200) throw new Error(`it answered ${status}`);
}

/** @param {string} url */
async function answers(url) {
  try {
    await fetch(url, { signal: AbortSignal.timeout(LONGEST_MS) });
    return true;
  } catch {
    return false;
  }
}

/** @param {string} source */
async function bundled(source) {
  const { outputFiles } = await build({ ...options(source), write: false, platform: "browser" });
  return outputFiles[0]?.text ?? "";
}

/** @param {string} source */
function options(source) {
  return /** @type {const} */ ({
    stdin: { contents: source, resolveDir: PEERS_FOLDER, sourcefile: "entry.mjs" },
    bundle: true,
    minify: true,
    format: "esm",
    logLevel: "silent",
  });
}
