// Writes the results: docs/benchmark.md in full, docs/benchmark.svg as a picture, and the table of the README.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../../scripts/base/environment.mjs";
import { pictureOf } from "./picture.mjs";
import { readmeWith } from "./readme.mjs";
import { textOf } from "./text.mjs";

/** @param {import("./results.d.ts").Results} results */
export function writeReport(results) {
  const readme = join(repository, "README.md");
  writeFileSync(join(repository, "docs", "benchmark.md"), textOf(results));
  writeFileSync(join(repository, "docs", "benchmark.svg"), pictureOf(results));
  writeFileSync(readme, readmeWith(readFileSync(readme, "utf8"), results));
}
