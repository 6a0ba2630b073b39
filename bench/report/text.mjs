// docs/benchmark.md: every figure.

import { peers } from "../peers/index.mjs";
import { kb, mb, ms, percent, TITLES, table } from "./format.mjs";
import { growthOf } from "./measures.mjs";
import { targetsOf } from "./targets.mjs";
import { weaknessesOf } from "./weaknesses.mjs";

const FLOOR = "the floor: the signature alone";

/** @param {import("./results.d.ts").Results} results */
export function textOf(results) {
  const { about, bytes, coldStart, workers, calls, memory } = results;
  const versions = Object.entries(about.versions).map(([name, version]) => `${name} ${version}`);
  const runtimes = Object.keys(coldStart);
  return `# Benchmark

Measured by \`npm run bench\` on ${about.date}, in one run, everything side by side.

- Machine: ${about.machine}
- Versions: ${versions.join(", ")}

![The figures as bars](benchmark.svg)

## What was aimed at

${table(
  ["", "measured", ""],
  targetsOf(results).map(({ target, measured, reached }) => [target, measured, reached ? "reached" : "**missed**"]),
)}

## Where ours is not the best

${listOf(weaknessesOf(results))}

## Bytes a user ships

Bundled and minified by esbuild; each file compressed by itself. KB are 1000 bytes.

${table(
  ["", "minified", "gzip", "brotli"],
  bytes.map(({ title, minified, gzip, brotli }) => [title, kb(minified), kb(gzip), kb(brotli)]),
)}

## Cold start

From \`import\` to the first request leaving, median; the key has 4096 bits and is imported and used once.

${table(
  ["", ...runtimes],
  peers.map(({ name, title }) => [title, ...runtimes.map((runtime) => ms(coldStart[runtime]?.[name]))]),
)}

In workerd: the start of the process until the first answer of a Worker that imports the client, what that is more than
an empty Worker's (the median of pairs), and the time from the first question to the first request leaving.

${table(
  ["", "start", "more than empty", "first call"],
  Object.entries(workers).map(([name, one]) => [
    TITLES[name] ?? "an empty Worker",
    ms(one?.start),
    name === "empty" ? "" : ms(one?.over),
    name === "empty" ? "" : ms(one?.call),
  ]),
)}

## Cost of a call

Node, one call after the other against a server on loopback, a 4096-bit key imported once. The ratio is to the one
written by hand: the median of interleaved pairs, with its 95 % interval. The floor is the signature alone.

${table(
  ["", "CPU", "time", "CPU ratio", "95 %"],
  Object.entries(calls).map(([name, { cpu, wall, ratio, low, high }]) => [
    TITLES[name] ?? FLOOR,
    ms(cpu, 2),
    ms(wall, 2),
    ratio.toFixed(3),
    `${low.toFixed(3)} to ${high.toFixed(3)}`,
  ]),
)}

Of the CPU time of our call, ${percent(1 - (calls.floor?.cpu ?? 0) / (calls.ours?.cpu ?? 1))} is not the signature; of the
one by hand, ${percent(1 - (calls.floor?.cpu ?? 0) / (calls.baseline?.cpu ?? 1))}.

## Memory

Node, in use after a collection (heap and what belongs to it), after 1 000 and after 10 000 calls with a 2048-bit key.

${table(
  ["", "1 000 calls", "10 000 calls", "growth"],
  Object.entries(memory).map(([name, one]) => [
    TITLES[name] ?? name,
    mb(one.first.heap),
    mb(one.last.heap),
    mb(growthOf(one)),
  ]),
)}
`;
}

/** @param {string[]} lines */
function listOf(lines) {
  return (lines.length > 0 ? lines : ["In this run, nowhere."]).map((line) => `- ${line}`).join("\n");
}
