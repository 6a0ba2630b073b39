// The table in the README: what matters most of each peer, between two marks. docs/benchmark.md has the rest.

import { peers } from "../peers/index.mjs";
import { table } from "./format.mjs";
import { measuresOf } from "./measures.mjs";

export const BEGIN = "<!-- npm run bench writes what follows -->";
export const END = "<!-- npm run bench has written what precedes -->";

/** The columns beside the peer's, by the titles of what is measured: what a Worker, a server and a person's wait are made of. */
const COLUMNS = {
  "Bytes, gzip, as workerd loads it": "gzip, in a Worker",
  "Start of a Worker, more than an empty one's": "start of a Worker, over an empty one",
  "Cold start in Node": "cold start, Node",
  "CPU of a call": "CPU of a call",
};

/**
 * @param {string} readme
 * @param {import("./results.d.ts").Results} results
 */
export function readmeWith(readme, results) {
  const [before, rest] = readme.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`README.md lacks “${BEGIN}” or “${END}”.`);
  return `${before}${BEGIN}\n\n${blockOf(results)}\n\n${END}${after}`;
}

/** @param {import("./results.d.ts").Results} results */
function blockOf(results) {
  const measures = measuresOf(results);
  const columns = Object.entries(COLUMNS).flatMap(([title, heading]) => {
    const measure = measures.find((one) => one.title === title);
    return measure ? [{ heading, ...measure }] : [];
  });
  const rows = peers.map(({ name, title }) => [
    title,
    ...columns.map(({ values, format }) => {
      const value = values[name];
      if (value === undefined) return "–";
      const known = Object.values(values).filter((one) => one !== undefined);
      return value === Math.min(...known) ? `**${format(value)}**` : format(value);
    }),
  ]);
  const { date, machine, versions } = results.about;
  return `${table(["", ...columns.map(({ heading }) => heading)], rows)}

Measured on ${date} (${machine}; version ${versions["fireblocks-reset-device"]}), all in one run. Less is better, the least of each
column is bold, and a dash stands for what does not run. [Every figure](docs/benchmark.md), how it was measured, what was aimed
at and missed, and where ours is not the best.`;
}
