// Measures the admin page with Lighthouse (mobile preset), signed in, on a stack of its own, and writes the figures to
// docs/lighthouse.md.
//
// usage: npm run lighthouse [-- --runs N]

import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { repository } from "./base/environment.mjs";
import { Failure, runMain, say } from "./base/terminal.mjs";
import { setUp } from "./setup.mjs";

const CATEGORIES = /** @type {const} */ (["performance", "accessibility", "best-practices"]);

/** Name in the table → audit of Lighthouse. Milliseconds, but for the shift. */
const AUDITS = {
  "First contentful paint": "first-contentful-paint",
  "Largest contentful paint": "largest-contentful-paint",
  "Total blocking time": "total-blocking-time",
  "Speed index": "speed-index",
  "Layout shift": "cumulative-layout-shift",
};

/** What each median must reach; below them the run fails. */
const TARGETS = { performance: 95, accessibility: 100, "best-practices": 100 };

/** What the median of an audit must stay under, in its own unit; at or above it the run fails. */
const LIMITS = { "first-contentful-paint": 1000 };

/** @param {number[]} values */
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

await runMain(async () => {
  const { values } = parseArgs({ options: { runs: { type: "string", default: "5" } } });
  const runs = Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1) throw new Failure("--runs takes a whole number from 1 on.");
  await setUp({ browser: true });
  // Only now are the packages there for sure.
  const { default: lighthouse } = await import("lighthouse");
  const { chromium } = await import("@playwright/test");
  const { freePort, startStack } = await import("./stack.mjs");
  const { Actor } = await import("./screenshots/workspace.mjs");
  const { findBrowser } = await import("./setup/browser.mjs");

  const stack = await startStack({ users: 60, approveAfter: null });
  const port = await freePort();
  const executablePath = findBrowser();
  const browser = await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: ["--no-sandbox", "--disable-gpu", `--remote-debugging-port=${port}`],
  });
  try {
    const token = await new Actor(stack).token("amara.lindqvist@northwind.example");
    /** @type {import("lighthouse").Result[]} */
    const results = [];
    for (let run = 1; run <= runs; run++) {
      const result = await lighthouse(`${stack.url}/`, {
        port,
        logLevel: "error",
        onlyCategories: [...CATEGORIES],
        extraHeaders: { Cookie: `CF_Authorization=${token}` },
      });
      if (result === undefined || result.lhr.runtimeError !== undefined) {
        throw new Failure(`Lighthouse could not measure the page: ${result?.lhr.runtimeError?.message ?? "no result"}`);
      }
      results.push(result.lhr);
      say(`run ${run}: ${CATEGORIES.map((name) => `${name} ${score(result.lhr, name)}`).join(", ")}`);
    }

    const [first] = results;
    if (first === undefined) throw new Failure("Lighthouse gave no result.");
    const medians = Object.fromEntries(
      CATEGORIES.map((name) => [name, median(results.map((lhr) => score(lhr, name)))]),
    );
    const failed = failedAudits(results);
    const slow = Object.entries(LIMITS).filter(([id, limit]) => !(median(numbersOf(results, id)) < limit));
    mkdirSync(join(repository, "docs"), { recursive: true });
    writeFileSync(join(repository, "docs", "lighthouse.md"), report(results, medians, failed));
    say(`median: ${CATEGORIES.map((name) => `${name} ${medians[name]}`).join(", ")} (docs/lighthouse.md)`);
    for (const line of failed) say(`  ${line}`);
    const missed = CATEGORIES.filter((name) => (medians[name] ?? 0) < TARGETS[name]);
    if (missed.length > 0) throw new Failure(`The median is below the target in: ${missed.join(", ")}.`);
    if (slow.length > 0) {
      throw new Failure(
        `The median is not under its limit: ${slow.map(([id, limit]) => `${id} (${limit})`).join(", ")}.`,
      );
    }
  } finally {
    await browser.close();
    await stack.stop();
  }
});

/** @param {import("lighthouse").Result} lhr @param {string} name */
function score(lhr, name) {
  return Math.round((lhr.categories[name]?.score ?? 0) * 100);
}

/** What an audit measured in each run. @param {import("lighthouse").Result[]} results @param {string} id */
function numbersOf(results, id) {
  return results.map((lhr) => lhr.audits[id]?.numericValue ?? Number.NaN);
}

/** What accessibility and best practices found wanting, in any run. @param {import("lighthouse").Result[]} results */
function failedAudits(results) {
  const found = results.flatMap((lhr) =>
    ["accessibility", "best-practices"].flatMap((name) =>
      (lhr.categories[name]?.auditRefs ?? []).flatMap(({ id, weight }) => {
        const audit = lhr.audits[id];
        return weight > 0 && audit?.score !== null && audit !== undefined && audit.score < 1
          ? [`${id}: ${audit.title}`]
          : [];
      }),
    ),
  );
  return [...new Set(found)];
}

/**
 * @param {import("lighthouse").Result[]} results
 * @param {Record<string, number>} medians
 * @param {string[]} failed
 */
function report(results, medians, failed) {
  const [first] = results;
  const machine = cpus();
  const row = (
    /** @type {string} */ name,
    /** @type {(string | number)[]} */ cells,
    /** @type {string | number} */ middle,
  ) => `| ${name} | ${middle} | ${cells.join(" | ")} |`;
  const heads = results.map((_, index) => `run ${index + 1}`);
  const categories = CATEGORIES.map((name) =>
    row(
      first?.categories[name]?.title ?? name,
      results.map((lhr) => score(lhr, name)),
      medians[name] ?? "",
    ),
  );
  const audits = Object.entries(AUDITS).map(([name, id]) => {
    const numbers = numbersOf(results, id);
    const text = (/** @type {number} */ value) =>
      id === "cumulative-layout-shift" ? value.toFixed(3) : `${Math.round(value)} ms`;
    return row(name, numbers.map(text), text(median(numbers)));
  });
  return `# Lighthouse

\`npm run lighthouse\` measures the list of users, signed in, with Lighthouse ${first?.lighthouseVersion} in its mobile preset
(a slow phone on slow 4G, simulated), on the local stack with 60 users. It writes this file, and fails where a median is below
${CATEGORIES.map((name) => `${TARGETS[name]} in ${name}`).join(", ")}, or where the first content takes ${LIMITS["first-contentful-paint"]} ms or more.

Machine: ${machine.length} × ${machine[0]?.model.trim()}. Browser: ${first?.environment.hostUserAgent.match(/Chrome\/[\d.]+/)?.[0]}.

| | median | ${heads.join(" | ")} |
|---|---|${heads.map(() => "---|").join("")}
${[...categories, ...audits].join("\n")}
${failed.length > 0 ? `\nFound wanting:\n\n${failed.map((line) => `- ${line}`).join("\n")}\n` : ""}`;
}
