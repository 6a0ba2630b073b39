// `./worker`: the gateway of worker/ as a library, one file, and the migrations of its database.

import { cpSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../base/environment.mjs";
import { bundle } from "./bundle.mjs";
import { writeDeclarations } from "./declarations.mjs";

/** @param {string} pkg the package's folder */
export async function buildWorker(pkg) {
  const folder = join(pkg, "worker");
  await bundle({
    from: "worker/src/gateway.ts",
    to: join(folder, "gateway.js"),
    platform: "neutral",
    target: "es2022",
    // By its name, so that the Worker that mounts the gateway gets the entry for workerd.
    external: ["fireblocks-reset-device"],
  });
  await writeDeclarations({ project: "worker/tsconfig.json", root: "worker/src", entry: "gateway.d.ts", to: folder });
  cpSync(join(repository, "worker", "migrations"), join(folder, "migrations"), { recursive: true });
}
