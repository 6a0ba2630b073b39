// The licence notices of what a bundle holds of others.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../base/environment.mjs";

/**
 * The notices of every npm package among a bundle's inputs; empty where there is none.
 *
 * @param {string[]} inputs paths from the repository
 */
export function noticesOf(inputs) {
  const folders = new Set(inputs.flatMap((path) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []));
  return [...folders].sort().map(noticeOf).join("\n");
}

/** @param {string} folder a package's, from the repository */
function noticeOf(folder) {
  const absolute = join(repository, folder);
  const { name, version, license } = JSON.parse(readFileSync(join(absolute, "package.json"), "utf8"));
  const file = readdirSync(absolute).find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined) throw new Error(`${name} has no licence file: it cannot be bundled.`);
  const text = readFileSync(join(absolute, file), "utf8").trim();
  return `${name} ${version} (${license})\n\n${text}\n`;
}
