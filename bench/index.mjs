// Measures the package beside its peers, and writes docs/benchmark.md, docs/benchmark.svg and the README's table.
//
// usage: npm run bench [-- --quick]
//
// Everything runs on this machine against a server on loopback. `--quick` takes few samples and writes nothing.

import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildArtifacts } from "../scripts/artifacts.mjs";
import { repository, toolEnvironment } from "../scripts/base/environment.mjs";
import { outputOf as printed } from "../scripts/base/process.mjs";
import { runMain, say } from "../scripts/base/terminal.mjs";
import { setUp } from "../scripts/setup.mjs";

await runMain(async () => {
  const { values } = parseArgs({ options: { quick: { type: "boolean", default: false } } });
  await setUp({ browser: true });
  await buildArtifacts(["package"]);
  // After the set-up: these need the npm packages that it installs.
  const { bytesOf, entries } = await import("./measure/bytes.mjs");
  const { coldStarts, workerStarts } = await import("./measure/cold-start.mjs");
  const { outputOf } = await import("./measure/processes.mjs");
  const { startServer } = await import("./measure/server.mjs");
  const { interval, median } = await import("./measure/statistics.mjs");
  const { peers, versions } = await import("./peers/index.mjs");
  const { writeReport } = await import("./report/index.mjs");

  const server = await startServer();
  const config = { basePath: server.basePath, apiKey: crypto.randomUUID(), secretKey: newKey(4096) };
  try {
    say("· Bytes");
    const bytes = [];
    for (const { title, peer, source, loadedBy } of entries) {
      bytes.push({ title, ...(peer && { peer }), ...(await bytesOf(source, loadedBy && { loadedBy })) });
    }
    say("· Cold starts");
    const coldStart = await coldStarts(server, config, values.quick ? 2 : 9);
    say("· Starts of Workers");
    const workers = await workerStarts(server, config, values.quick ? 2 : 25);
    say("· Cost of a call");
    const task = { config, rounds: values.quick ? 3 : 40, batch: 10 };
    /** @type {Record<string, { cpu: number, wall: number }[]>} */
    const samples = JSON.parse(await outputOf(["node"], "calls.mjs", task));
    const calls = Object.fromEntries(
      Object.entries(samples).map(([name, own]) => {
        const ratios = own.map(({ cpu }, round) => cpu / (samples.baseline?.[round]?.cpu ?? Number.NaN));
        const [low, high] = interval(ratios);
        const cpu = median(own.map((sample) => sample.cpu));
        return [name, { cpu, wall: median(own.map((sample) => sample.wall)), ratio: median(ratios), low, high }];
      }),
    );
    say("· Memory");
    // A short key: the signature's time says nothing of memory, and would be most of this measurement's.
    const shortKey = { ...config, secretKey: newKey(2048) };
    /** @type {import("./report/results.d.ts").Results["memory"]} */
    const memory = {};
    for (const peer of values.quick ? ["ours"] : peers.map(({ name }) => name)) {
      memory[peer] = JSON.parse(await outputOf(["node", "--expose-gc"], "memory.mjs", { peer, config: shortKey }));
    }
    const about = {
      date: new Date().toISOString().slice(0, 10),
      machine: machine(),
      versions: { "fireblocks-reset-device": await ownVersion(), ...versions(), ...(await runtimes()) },
    };
    /** @type {import("./report/results.d.ts").Results} */
    const results = { about, bytes, coldStart, workers, calls, memory };
    if (values.quick) console.log(JSON.stringify(results, undefined, 2));
    else writeReport(results);
  } finally {
    server.close();
  }
});

/** @param {number} modulusLength bits */
function newKey(modulusLength) {
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  return privateKey;
}

function machine() {
  const all = cpus();
  return `${all.length} × ${all[0]?.model.trim() ?? "unknown processor"}, ${process.platform} ${process.arch}`;
}

/** Our own version, and the commit that was measured. */
async function ownVersion() {
  const { version } = JSON.parse(readFileSync(join(repository, "npm", "package.json"), "utf8"));
  const commit = (await printed("git", ["rev-parse", "--short", "HEAD"]))?.trim();
  const changed = (await printed("git", ["status", "--porcelain"]))?.trim();
  return `${version} (${commit ?? "of no commit"}${changed ? " with changes" : ""})`;
}

/** The versions of the runtimes and the compiler. */
async function runtimes() {
  const { findBrowser } = await import("../scripts/setup/browser.mjs");
  const programs = {
    Node: "node",
    Deno: "deno",
    Bun: "bun",
    workerd: "workerd",
    Chromium: findBrowser() ?? "chromium",
    rustc: "rustc",
  };
  const entries = Object.entries(programs).map(async ([name, program]) => {
    const output = (await printed(program, ["--version"], toolEnvironment())) ?? "";
    return [name, /\d[\w.-]+/.exec(output)?.[0] ?? "unknown"];
  });
  return Object.fromEntries(await Promise.all(entries));
}
