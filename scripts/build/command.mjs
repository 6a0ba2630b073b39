// The command: one file for Node, with its argument parser inside, so that the package has no dependencies. What it needs
// to go through a proxy is a second file, which is loaded where there is one.

import { chmodSync } from "node:fs";
import { join } from "node:path";
import { bundle } from "./bundle.mjs";

/** @param {string} pkg the package's folder */
export async function buildCommand(pkg) {
  const file = join(pkg, "cli", "index.js");
  const common = /** @type {const} */ ({ platform: "node", target: "node20.19" });
  const proxy = await bundle({ ...common, from: "npm/cli/proxy.ts", to: join(pkg, "cli", "proxy.js"), minify: true });
  await bundle({ ...common, from: "npm/cli/index.ts", to: file, external: ["./proxy.js"], beside: proxy });
  chmodSync(file, 0o755);
}
