// The table in the README: what matters most of each peer, between two marks.

import { peers } from "../peers/index.mjs";
import { table } from "./format.mjs";
import { measuresOf } from "./measures.mjs";
import { targetsOf } from "./targets.mjs";
import { listOf } from "./text.mjs";
import { weaknessesOf } from "./weaknesses.mjs";

export const BEGIN = "<!-- npm run bench writes what follows -->";
export const END = "<!-- npm run bench has written what precedes -->";

/** The columns, by the titles of what is measured. */
const COLUMNS = {
  "Bytes, gzip, as workerd loads it": "gzip",
  "Bytes, gzip, inlined": "gzip, inlined",
  "Cold start in Node": "cold start, Node",
  "Cold start in Chromium": "Chromium",
  "Start of a Worker, more than an empty one's": "Worker: start over an empty one's",
  "First call of a Worker": "its first call",
  "CPU of a call": "CPU of a call",
  "Time of a call": "its time",
  "Memory after 10 000 calls": "memory",
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
  const targets = targetsOf(results).map(
    ({ target, measured, reached }) => `${reached ? "Reached" : "**Missed**"}: ${target}. Measured: ${measured}.`,
  );
  const { date, machine, versions } = results.about;
  return `Measured on ${date} (${machine}; version ${versions["fireblocks-reset-device"]}), all in one run; the least of each
column is bold, and a dash stands for what does not run or was not measured. [Every figure](docs/benchmark.md) tells how.

${table(["", ...columns.map(({ heading }) => heading)], rows)}

Where ours is not the best:

${listOf(weaknessesOf(results))}

What was aimed at:

${listOf(targets)}

![The figures as bars](docs/benchmark.svg)`;
}
