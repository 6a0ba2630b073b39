// workerd alone: what Cloudflare runs, without nodejs_compat and without what a local development server adds.

import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Service } from "../../../scripts/base/process.mjs";
import { freePort } from "../../../scripts/stack.mjs";
import { repositoryProgram } from "./toolchains.ts";

const READY_MS = 20_000;

export interface RunningWorker {
  url: string;
  stop(): Promise<void>;
}

/**
 * Runs a bundled Worker.
 * @param folder - holds worker.js and the modules that it imports by their names in the folder.
 */
export async function serveWorker(folder: string): Promise<RunningWorker> {
  const port = await freePort();
  const names = readdirSync(folder).filter((name) => /\.(js|wasm)$/.test(name));
  // The first module is the one that is run.
  names.sort((a, b) => Number(b === "worker.js") - Number(a === "worker.js"));
  const modules = names.map((name) => {
    const kind = name.endsWith(".wasm") ? "wasm" : "esModule";
    return `(name = "${name}", ${kind} = embed "${name}")`;
  });
  const config = join(folder, "workerd.capnp");
  writeFileSync(
    config,
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (modules = [${modules.join(", ")}], compatibilityDate = "2026-07-01")),
    (name = "internet", network = (allow = ["local", "private", "public"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
`,
  );
  const service = new Service(repositoryProgram("workerd"), ["serve", config], { cwd: folder });
  const url = `http://127.0.0.1:${port}/`;
  const deadline = Date.now() + READY_MS;
  while (!(await listens(url))) {
    if (Date.now() > deadline) {
      await service.stop();
      throw new Error(`workerd did not start:\n${service.lastLines}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { url, stop: () => service.stop() };
}

async function listens(url: string): Promise<boolean> {
  try {
    await fetch(url, { signal: AbortSignal.timeout(2_000) });
    return true;
  } catch {
    return false;
  }
}
