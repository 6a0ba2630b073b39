// The command: one file for Node, with its argument parser inside, so that the package has no dependencies.

import { chmodSync } from "node:fs";
import { join } from "node:path";
import { bundle } from "./bundle.mjs";

/** @param {string} pkg the package's folder */
export async function buildCommand(pkg) {
  const file = join(pkg, "cli", "index.js");
  await bundle({
    from: "npm/cli/index.ts",
    to: file,
    platform: "node",
    target: "node20.19",
  });
  chmodSync(file, 0o755);
}
