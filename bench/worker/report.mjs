// The figures as a document.

import { CLIENTS } from "./reset-path.mjs";

/**
 * @param {object} results
 * @param {Awaited<ReturnType<typeof import("./reset-path.mjs").measureResetPath>>} results.resetPath
 * @param {Awaited<ReturnType<typeof import("./listing.mjs").measureListing>>} results.listing
 * @param {string} results.machine
 * @param {Record<string, string>} results.versions
 * @param {string} results.day
 */
export function report({ resetPath, listing, machine, versions, day }) {
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
decides on Fireblocks' list of users (shared, at most 10 seconds old), looks for a request that waits in Fireblocks
already, looks for an earlier request and writes the record with its story in one transaction, sends, and writes the
outcome. The goal is half of the bare Worker's rate. The traces that wrangler keeps of each request are switched off.

One RS256 signature with the simulator's key costs ${ms(resetPath.signatureMs)} ms of CPU in workerd (200 of them in one request).

## A page of records

\`GET /api/resets\`, 50 records a page, by the size of the table; ${listing.samples} samples each. Every filter is tried with values
that match many records, few and none, alone and with each other one. Times are milliseconds, the whole request
through \`wrangler dev\`.

| Query | ${sizes.map((size) => `${size}: p50 | p95`).join(" | ")} |
| --- | ${sizes.map(() => "---: | ---:").join(" | ")} |
${queries.join("\n")}
`;
}

/** @param {number | undefined} milliseconds */
function ms(milliseconds) {
  return milliseconds === undefined || Number.isNaN(milliseconds) ? "–" : milliseconds.toFixed(1);
}
