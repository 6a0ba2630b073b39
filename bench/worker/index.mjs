// Measures the worker and writes docs/benchmark-worker.md. Everything is on this machine: npm run bench:worker

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../../scripts/base/environment.mjs";
import { measureExport } from "./exporting.mjs";
import { measureListing } from "./listing.mjs";
import { machine } from "./processes.mjs";
import { report } from "./report.mjs";
import { measureResetPath } from "./reset-path.mjs";

// Wrangler's local explorer keeps a trace of each request, call, query and log line: a tool's cost, and not the Workers'.
process.env.X_LOCAL_OBSERVABILITY = "false";

const resetPath = await measureResetPath();
console.error(JSON.stringify(resetPath));
const exporting = await measureExport();
console.error(JSON.stringify(exporting));
const listing = await measureListing();

const versionOf = (/** @type {string} */ name) =>
  JSON.parse(readFileSync(join(repository, "node_modules", name, "package.json"), "utf8")).version;
const text = report({
  resetPath,
  exporting,
  listing,
  machine: machine(),
  versions: {
    Node: process.versions.node,
    wrangler: versionOf("wrangler"),
    workerd: versionOf("workerd"),
    "@fireblocks/ts-sdk": versionOf("@fireblocks/ts-sdk"),
  },
  day: new Date().toISOString().slice(0, 10),
});
writeFileSync(join(repository, "docs/benchmark-worker.md"), text);
console.log(text);
