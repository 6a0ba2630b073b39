// The figures as a document.

import { CLIENTS } from "./reset-path.mjs";

/**
 * @param {object} results
 * @param {Awaited<ReturnType<typeof import("./reset-path.mjs").measureResetPath>>} results.resetPath
 * @param {Awaited<ReturnType<typeof import("./exporting.mjs").measureExport>>} results.exporting
 * @param {Awaited<ReturnType<typeof import("./listing.mjs").measureListing>>} results.listing
 * @param {string} results.machine
 * @param {Record<string, string>} results.versions
 * @param {string} results.day
 */
export function report({ resetPath, exporting, listing, machine, versions, day }) {
  const [bare] = resetPath.rows;
  const share = (/** @type {number} */ rate) => `${Math.round((100 * rate) / (bare?.load.perSecond ?? Number.NaN))} %`;
  const rates = resetPath.rows.map(
    ({ name, load, rounds, cpuMs }) =>
      `| ${name} | ${load.perSecond.toFixed(0)} | ${rounds.map((rate) => rate.toFixed(0)).join(", ")} | ${share(load.perSecond)} | ${ms(load.p50)} | ${ms(load.p95)} | ${ms(load.p99)} | ${ms(cpuMs)} |`,
  );
  const queries = listing.listings.map(
    ({ query, bySize }) => `| \`${query}\` | ${bySize.map(({ p50, p95 }) => `${ms(p50)} | ${ms(p95)}`).join(" | ")} |`,
  );
  const sizes = listing.sizes.map((size) => size.toLocaleString("en"));
  return `# Benchmark of the worker

\`npm run bench:worker\` measures all of this in one run and writes this file. Everything runs on one machine: the
clients, the simulator and \`wrangler dev\` with local workerd. The figures compare; they do not say how fast
Cloudflare's machines or Fireblocks are.

${day}. ${machine}. ${Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(", ")}.

## The reset path

${CLIENTS} clients at once. The candidates take turns, three rounds after a warm-up; the round in the middle is shown. Every
answer must be a 200. CPU is workerd's own, for each request. Times are milliseconds.

| Worker | requests/s | each round | of bare | p50 | p95 | p99 | CPU |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
${rates.join("\n")}

The bare Workers in \`bench/worker/\` know nobody, check nothing and record nothing. The worker verifies the sign-in,
looks up the key and what is open, decides on Fireblocks' list of users (shared, at most 10 seconds old), looks for a
request that waits in Fireblocks already, writes the record with its story in one transaction, sends, and writes the
outcome; after the answer it looks once for the request that it has filed. The goal is 60 % of the bare Worker's rate, which
this run ${met(resetPath)}. The traces that wrangler keeps of each request are switched off.

Of that CPU, one RS256 signature with the simulator's key is ${ms(resetPath.signatureMs)} ms (200 of them in one request), and one visit to the
local D1, which runs in the same process, is ${ms(resetPath.visitMs)} ms at least (200 times \`SELECT 1\`). The worker visits D1 three times
before it answers, and none of the three can be left out: what is known is looked up before Fireblocks is asked anything,
what is to be sent is durable before it leaves, and the outcome comes last. On Cloudflare D1 is another service, whose CPU is
not the Worker's.

## An export

\`GET /api/resets/export\` of ${exporting.records.toLocaleString("en")} records with ${exporting.events} events each, all in one request. The CPU is workerd's, with
that of the local D1; \`wrangler.jsonc\` allows a request 10,000 ms. It takes 400 queries, of the 1,000 that D1 allows.

| Format | MB | CPU, ms |
| --- | ---: | ---: |
${exporting.exports.map(({ format, megabytes, cpuMs }) => `| ${format} | ${megabytes.toFixed(0)} | ${cpuMs === undefined || Number.isNaN(cpuMs) ? "–" : cpuMs.toLocaleString("en")} |`).join("\n")}

## A page of records

\`GET /api/resets\`, 50 records a page, by the size of the table; ${listing.samples} samples each. Every filter is tried with values
that match many records, few and none, alone and with each other one. Times are milliseconds, the whole request
through \`wrangler dev\`.

| Query | ${sizes.map((size) => `${size}: p50 | p95`).join(" | ")} |
| --- | ${sizes.map(() => "---: | ---:").join(" | ")} |
${queries.join("\n")}
`;
}

/** By the last row, which is the worker's. @param {Parameters<typeof report>[0]["resetPath"]} resetPath */
function met({ rows }) {
  const [bare, worker] = [rows.at(0)?.load.perSecond ?? Number.NaN, rows.at(-1)?.load.perSecond ?? Number.NaN];
  return worker / bare >= 0.6 ? "meets" : "misses";
}

/** @param {number | undefined} milliseconds */
function ms(milliseconds) {
  return milliseconds === undefined || Number.isNaN(milliseconds) ? "–" : milliseconds.toFixed(1);
}
