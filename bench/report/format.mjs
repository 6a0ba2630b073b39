// How figures are written.

import { peers } from "../peers/index.mjs";

/** @typedef {import("./results.d.ts").Results} Results */

export const TITLES = Object.fromEntries(peers.map(({ name, title }) => [name, title]));

const MISSING = "does not run";

export const kb = (/** @type {number | undefined} */ bytes) => written(bytes, 1000, 1, "KB");
export const mb = (/** @type {number | undefined} */ bytes) => written(bytes, 1_000_000, 2, "MB");
export const ms = (/** @type {number | undefined} */ value, digits = 1) => written(value, 1, digits, "ms");
export const percent = (/** @type {number} */ share) => `${(share * 100).toFixed(0)} %`;

/**
 * @param {number | undefined} value
 * @param {number} divisor
 * @param {number} digits
 * @param {string} unit
 */
function written(value, divisor, digits, unit) {
  return value === undefined ? MISSING : `${(value / divisor).toFixed(digits)} ${unit}`;
}

/**
 * A table in Markdown; all columns but the first hold figures.
 *
 * @param {string[]} heading
 * @param {string[][]} rows
 */
export function table(heading, rows) {
  const line = (/** @type {string[]} */ cells) => `| ${cells.join(" | ")} |`;
  return [line(heading), line(heading.map((_, index) => (index === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");
}
