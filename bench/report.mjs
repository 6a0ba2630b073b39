// Writes the results: docs/benchmark.md as text, docs/benchmark.svg as a picture.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../scripts/base/environment.mjs";
import { peers } from "./peers/index.mjs";

/**
 * @typedef {object} Results
 * @property {{ date: string, machine: string, versions: Record<string, string> }} about
 * @property {{ title: string, minified: number, gzip: number, brotli: number }[]} bytes
 * @property {Record<string, Record<string, number | undefined>>} coldStart
 * @property {Record<string, { start: number, call: number | undefined } | undefined>} workers
 * @property {Record<string, { cpu: number, wall: number, ratio: number, low: number, high: number }>} calls `ratio` to the baseline
 * @property {Record<string, { first: { heap: number, rss: number }, last: { heap: number, rss: number } }>} memory
 */

const TITLES = Object.fromEntries(peers.map(({ name, title }) => [name, title]));

/** @param {Results} results */
export function writeReport(results) {
  writeFileSync(join(repository, "docs", "benchmark.md"), text(results));
  writeFileSync(join(repository, "docs", "benchmark.svg"), picture(results));
}

/** @param {Results} results */
function text({ about, bytes, coldStart, workers, calls, memory }) {
  const versions = Object.entries(about.versions).map(([name, version]) => `${name} ${version}`);
  const runtimes = Object.keys(coldStart);
  const empty = workers.empty?.start ?? Number.NaN;
  return `# Benchmark

Measured by \`npm run bench\` on ${about.date}, in one run, everything side by side.

- Machine: ${about.machine}
- Versions: ${versions.join(", ")}

![The figures as bars](benchmark.svg)

## Bytes a user ships

Bundled and minified by esbuild; each file compressed by itself. KB are 1000 bytes.

${table(
  ["", "minified", "gzip", "brotli"],
  bytes.map(({ title, minified, gzip, brotli }) => [title, kb(minified), kb(gzip), kb(brotli)]),
)}

## Cold start

Milliseconds from \`import\` to the first request leaving, median; the key has 4096 bits and is imported and used once.

${table(
  ["", ...runtimes],
  peers.map(({ name, title }) => [title, ...runtimes.map((runtime) => ms(coldStart[runtime]?.[name]))]),
)}

In workerd: the start of the process until the first answer of a Worker that imports the client, what that is more than
an empty Worker's, and the time from the first question to the first request leaving.

${table(
  ["", "start", "more than empty", "first call"],
  Object.entries(workers).map(([name, one]) => [
    TITLES[name] ?? "an empty Worker",
    ms(one?.start),
    one ? ms(one.start - empty) : "does not run",
    name === "empty" ? "" : ms(one?.call),
  ]),
)}

## Cost of a call

Node, one call after the other against a server on loopback, a 4096-bit key imported once. The ratio is to the one
written by hand: the median of interleaved pairs, with its 95 % interval. The floor is the signature alone.

${table(
  ["", "CPU ms", "time ms", "CPU ratio", "95 %"],
  Object.entries(calls).map(([name, { cpu, wall, ratio, low, high }]) => [
    TITLES[name] ?? "the floor: the signature alone",
    cpu.toFixed(2),
    wall.toFixed(2),
    ratio.toFixed(3),
    `${low.toFixed(3)} to ${high.toFixed(3)}`,
  ]),
)}

Of the CPU time of our call, ${percent(1 - (calls.floor?.cpu ?? 0) / (calls.ours?.cpu ?? 1))} is not the signature; of the
one by hand, ${percent(1 - (calls.floor?.cpu ?? 0) / (calls.baseline?.cpu ?? 1))}.

## Memory

Node, MB in use after a collection (heap and what belongs to it), after 1 000 and after 10 000 calls
with a 2048-bit key.

${table(
  ["", "1 000 calls", "10 000 calls", "growth"],
  Object.entries(memory).map(([name, { first, last }]) => [
    TITLES[name] ?? name,
    mb(first.heap),
    mb(last.heap),
    mb(last.heap - first.heap),
  ]),
)}

## Where ours is not the best

${weaknesses({ bytes, coldStart, calls })
  .map((line) => `- ${line}`)
  .join("\n")}
`;
}

/**
 * Said by the figures themselves, so that no run hides one.
 *
 * @param {Pick<Results, "bytes" | "coldStart" | "calls">} results
 */
function weaknesses({ bytes, coldStart, calls }) {
  const lines = [];
  const ours = bytes.find(({ title }) => title === "ours, whole, as workerd loads it")?.gzip ?? 0;
  for (const { title, gzip } of bytes) {
    if (!title.startsWith("ours") && gzip < ours)
      lines.push(`Bytes: ${title} is smaller (${kb(gzip)} to ${kb(ours)}).`);
  }
  for (const [runtime, row] of Object.entries(coldStart)) {
    for (const [name, value] of Object.entries(row)) {
      if (name !== "ours" && value !== undefined && value < (row.ours ?? 0)) {
        lines.push(`Cold start in ${runtime}: ${TITLES[name]} is faster (${ms(value)} to ${ms(row.ours)} ms).`);
      }
    }
  }
  for (const [name, { cpu }] of Object.entries(calls)) {
    if (name !== "ours" && name !== "floor" && cpu < (calls.ours?.cpu ?? 0)) {
      lines.push(`CPU of a call: ${TITLES[name]} takes less (${cpu.toFixed(2)} to ${calls.ours?.cpu.toFixed(2)} ms).`);
    }
  }
  return lines.length > 0 ? lines : ["In this run, nowhere."];
}

/**
 * @param {string[]} heading
 * @param {string[][]} rows
 */
function table(heading, rows) {
  const line = (/** @type {string[]} */ cells) => `| ${cells.join(" | ")} |`;
  return [line(heading), line(heading.map((_, index) => (index === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");
}

const kb = (/** @type {number} */ bytes) => `${(bytes / 1000).toFixed(1)} KB`;
const mb = (/** @type {number} */ bytes) => (bytes / 1e6).toFixed(2);
const ms = (/** @type {number | undefined} */ value) => (value === undefined ? "does not run" : value.toFixed(1));
const percent = (/** @type {number} */ share) => `${(share * 100).toFixed(0)} %`;

/** @param {Results} results */
function picture({ about, bytes, coldStart, calls }) {
  const groups = [
    {
      title: "Bytes, gzip (KB)",
      bars: bytes.map(({ title, gzip }) => ({ title, value: gzip / 1000, digits: 1 })),
    },
    {
      title: "Cold start in Node (ms)",
      bars: peers.map(({ name, title }) => ({ title, value: coldStart.Node?.[name] ?? 0, digits: 0 })),
    },
    {
      title: "CPU of one call (ms)",
      bars: Object.entries(calls).map(([name, { cpu }]) => ({
        title: TITLES[name] ?? "the floor: the signature alone",
        value: cpu,
        digits: 2,
      })),
    },
  ];
  const parts = [];
  let y = 28;
  for (const { title, bars } of groups) {
    parts.push(`<text x="16" y="${y}" class="title">${escaped(title)}</text>`);
    y += 12;
    const longest = Math.max(...bars.map(({ value }) => value));
    for (const bar of bars) {
      const width = Math.max(1, (bar.value / longest) * 360);
      const ours = bar.title.startsWith("ours") || bar.title === TITLES.ours;
      parts.push(
        `<text x="300" y="${y + 13}" class="label">${escaped(bar.title)}</text>`,
        `<rect x="308" y="${y + 2}" width="${width.toFixed(1)}" height="14" rx="2" class="${ours ? "ours" : "other"}"/>`,
        `<text x="${(316 + width).toFixed(1)}" y="${y + 13}" class="value">${bar.value.toFixed(bar.digits)}</text>`,
      );
      y += 20;
    }
    y += 28;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 740 ${y}" role="img" aria-label="Benchmark of ${about.date}">
<style>
text { font: 12px system-ui, sans-serif; fill: #1a1c21; } .title { font-weight: 600; font-size: 14px; }
.label { text-anchor: end; } .ours { fill: #1f4fd8; } .other { fill: #a9afbb; }
@media (prefers-color-scheme: dark) { text { fill: #eceef2; } .ours { fill: #8fb0ff; } .other { fill: #565b66; } }
</style>
${parts.join("\n")}
</svg>
`;
}

/** @param {string} value */
function escaped(value) {
  return value.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
