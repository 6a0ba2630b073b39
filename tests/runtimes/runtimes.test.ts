// One signed reset from each runtime and each bundler's output, with the packed package and no configuration.

import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium } from "@playwright/test";
import type { ResetReceipt } from "fireblocks-reset-device";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { browserOptions } from "../../scripts/setup/browser.mjs";
import {
  type Bundler,
  esbuildModule,
  esbuildNode,
  esbuildScript,
  esbuildWorker,
  rollupModule,
  viteBuild,
  webpackProduction,
  wranglerBuild,
  wranglerBuildBy,
} from "./support/bundlers.ts";
import { Workshop } from "./support/consumer.ts";
import { output } from "./support/processes.ts";
import { Simulator, type Task } from "./support/simulator.ts";
import { serve } from "./support/site.ts";
import { NODE_20, NODE_22, node, repositoryProgram } from "./support/toolchains.ts";
import { serveWorker } from "./support/workerd.ts";

const results: { row: string; result: string; seconds: string }[] = [];
let workshop: Workshop;
let simulator: Simulator;
let browser: Browser;

beforeAll(async () => {
  workshop = new Workshop();
  await workshop.pack();
  simulator = await Simulator.start();
  browser = await chromium.launch(browserOptions());
});

afterAll(async () => {
  await browser?.close();
  await simulator?.stop();
  workshop?.remove();
  const width = Math.max(...results.map(({ row }) => row.length));
  console.log(
    results.map(({ row, result, seconds }) => `${row.padEnd(width)}  ${result.padEnd(30)}  ${seconds} s`).join("\n"),
  );
});

afterEach(({ task }) => {
  const passed = task.name.includes("is told") ? "nothing sent, a clear error" : "signed reset, 200, one request";
  const result = task.result?.state === "fail" ? "FAILED" : passed;
  const seconds = ((Date.now() - (task.result?.startTime ?? Date.now())) / 1000).toFixed(1);
  results.push({ row: task.name, result, seconds });
});

/** What every row must have done: one request, accepted, with a signature that the simulator verified. */
async function expectOneReset(task: Task, receipt: ResetReceipt): Promise<void> {
  expect(receipt).toMatchObject({ idempotencyKey: task.idempotencyKey, attempts: 1 });
  expect(receipt.requestId).toMatch(/./);
  const requests = await simulator.resetsOf(task);
  expect(requests).toHaveLength(1);
  expect(requests[0]).toMatchObject({ status: 200, effect: true, jwt: { verified: true } });
}

describe("runtimes of the command line", () => {
  const rows: [string, string, (folder: string) => Promise<[string, ...string[]]>][] = [
    ["Node 20.19, import", "reset.mjs", async () => [await node(NODE_20), "reset.mjs"]],
    ["Node 20.19, require", "reset.cjs", async () => [await node(NODE_20), "reset.cjs"]],
    [
      "Node 20.19, require of CommonJS",
      "reset.cjs",
      async () => [await node(NODE_20), "--no-experimental-require-module", "reset.cjs"],
    ],
    ["Node 22, import", "reset.mjs", async () => [await node(NODE_22), "reset.mjs"]],
    ["Node 22, require", "reset.cjs", async () => [await node(NODE_22), "reset.cjs"]],
    ["Node 24, import", "reset.mjs", async () => [repositoryProgram("node"), "reset.mjs"]],
    ["Node 24, require", "reset.cjs", async () => [repositoryProgram("node"), "reset.cjs"]],
    ["Deno", "reset.mjs", async () => [repositoryProgram("deno"), "run", "--allow-env", "--allow-net", "reset.mjs"]],
    ["Bun, import", "reset.mjs", async () => [repositoryProgram("bun"), "reset.mjs"]],
    ["Bun, require", "reset.cjs", async () => [repositoryProgram("bun"), "reset.cjs"]],
  ];
  test.each(rows)("%s", async (name, file, commandFor) => {
    const folder = await workshop.consumer(folderName(name), [file]);
    const task = await simulator.task();
    const [command, ...args] = await commandFor(folder);
    const printed = await output(command, args, { cwd: folder, env: { TASK: JSON.stringify(task) } });
    await expectOneReset(task, JSON.parse(printed));
  });
});

describe("Chromium", () => {
  const rows: [string, { html: string; script: string; bundler?: Bundler; root?: string }][] = [
    ["Chromium, import map and no build", { html: "import-map.html", script: "page.js" }],
    ["Chromium, slim with the .wasm served apart", { html: "slim.html", script: "slim-page.js" }],
    ["Chromium, esbuild (module)", { html: "bundled.html", script: "page.js", bundler: esbuildModule }],
    ["Chromium, esbuild (classic script)", { html: "bundled.html", script: "page.js", bundler: esbuildScript }],
    ["Chromium, Rollup", { html: "bundled.html", script: "page.js", bundler: rollupModule }],
    ["Chromium, webpack", { html: "bundled.html", script: "page.js", bundler: webpackProduction }],
    ["Chromium, Vite", { html: "vite.html", script: "page.js", bundler: viteBuild, root: "dist" }],
  ];
  test.each(rows)("%s", async (name, { html, script, bundler, root }) => {
    const folder = await workshop.consumer(folderName(name), [html, script]);
    cpSync(join(folder, html), join(folder, "index.html"));
    await bundler?.(folder, script);
    const task = await simulator.task();
    const { receipt } = await resetInPage(join(folder, root ?? ""), task);
    await expectOneReset(task, receipt as ResetReceipt);
  });
});

describe("Content-Security-Policy", () => {
  test("Chromium under script-src 'self' 'wasm-unsafe-eval'", async () => {
    const { receipt } = await underPolicy("script-src 'self' 'wasm-unsafe-eval'; require-trusted-types-for 'script'");
    expect(receipt).toMatchObject({ attempts: 1 });
  });

  test("Chromium under script-src 'self' alone is told which word is missing", async () => {
    const { error } = await underPolicy("script-src 'self'");
    expect(error).toMatchObject({ kind: "loading", outcome: "notSent" });
    expect(error?.message).toContain("'wasm-unsafe-eval'");
  });

  async function underPolicy(policy: string) {
    const folder = await workshop.consumer(`csp-${results.length}`, ["bundled.html", "page.js"]);
    cpSync(join(folder, "bundled.html"), join(folder, "index.html"));
    await esbuildModule(folder, "page.js");
    return resetInPage(folder, await simulator.task(), { "content-security-policy": policy });
  }
});

describe("Workers without nodejs_compat", () => {
  const rows: [string, Bundler][] = [
    ["workerd, bundled by esbuild", esbuildWorker],
    ["workerd, bundled by wrangler", wranglerBuild],
    // The condition of Next's edge runtime, and those of Nitro's presets for Cloudflare: wrangler takes ?module as they do.
    ["workerd, by the condition edge-light", wranglerBuildBy("edge-light")],
    ["workerd, by the conditions workerd and unwasm", wranglerBuildBy("workerd", "unwasm")],
  ];
  test.each(rows)("%s", async (name, bundler) => {
    const folder = await workshop.consumer(folderName(name), ["worker.js", "wrangler.jsonc"]);
    await bundler(folder, "worker.js");
    const worker = await serveWorker(join(folder, "dist"));
    try {
      const task = await simulator.task();
      const response = await fetch(worker.url, { method: "POST", body: JSON.stringify(task) });
      await expectOneReset(task, (await response.json()) as ResetReceipt);
    } finally {
      await worker.stop();
    }
  });
});

test("Node 24, bundled by esbuild to CommonJS", async ({ task: { name } }) => {
  const folder = await workshop.consumer(folderName(name), ["reset.cjs"]);
  await esbuildNode(folder, "reset.cjs");
  // Away from node_modules: the bundle must stand alone.
  const alone = join(folder, "alone");
  mkdirSync(alone);
  cpSync(join(folder, "bundle.cjs"), join(alone, "bundle.cjs"));
  writeFileSync(join(alone, "package.json"), "{}");
  const task = await simulator.task();
  const env = { TASK: JSON.stringify(task) };
  const printed = await output(repositoryProgram("node"), ["bundle.cjs"], { cwd: alone, env });
  await expectOneReset(task, JSON.parse(printed));
});

/** Opens the folder's page and lets it make the task's reset. */
async function resetInPage(
  folder: string,
  task: Task,
  headers: Record<string, string> = {},
): Promise<{ receipt?: ResetReceipt; error?: { message: string } }> {
  const site = await serve(folder, simulator.origin, headers);
  const page = await browser.newPage();
  try {
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(String(error)));
    await page.goto(site.url);
    await page
      .waitForFunction(() => "reset" in globalThis, undefined, { timeout: 10_000 })
      .catch(() => {
        throw new Error(`The page's script did not run: ${problems.join("; ")}`);
      });
    return await page.evaluate(
      (given) => (globalThis as unknown as { reset(task: Task): Promise<{ receipt?: ResetReceipt }> }).reset(given),
      task,
    );
  } finally {
    await page.close();
    await site.close();
  }
}

function folderName(row: string): string {
  return row.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
}
