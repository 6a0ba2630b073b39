// Runs the tests: all parts, or those that are named.
//
// usage: npm test [-- part …]      npm run test:<part>
//
// No task runner that one could install does this: the tests are those of five runners (cargo, wasm-bindgen, vitest,
// Playwright, environments.mjs), each of which counts in its own words, calls a skipped test no failure, and is content to find no test.
// Here they are one sum, and what was skipped or not found has failed.

import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildArtifacts } from "./artifacts.mjs";
import { localFolder, toolEnvironment } from "./base/environment.mjs";
import { Service, withinLimit } from "./base/process.mjs";
import { Failure, formatDuration, runMain, say, sayFailure } from "./base/terminal.mjs";
import { findDriver } from "./setup/browser.mjs";
import { missingEngines } from "./setup/engines.mjs";
import { setUp } from "./setup.mjs";
import { countCargo, countEnvironments, countPlaywright, countVitest, noTests } from "./test/counts.mjs";
import { leftOut } from "./test/left-out.mjs";
import { parts } from "./test/parts.mjs";

/** @typedef {import("./test/counts.mjs").Count} Count */
/** @typedef {import("./test/parts.mjs").Check} Check */
/** @typedef {import("./test/parts.mjs").Part} Part */
/** @typedef {{ name: string, count: Count, skipped: string[], milliseconds: number }} Result */

const HELP = `npm test [-- part …]

Sets up what is missing, builds what has changed and runs the tests. Without a part: all of them.

${Object.entries(parts)
  .map(([name, part]) => `  ${name.padEnd(12)} ${part.about}`)
  .join("\n")}

Logs are in .local/test/. The exit code is 0 only if every test passed. An engine that is missing has failed, unless
WITHOUT_ENGINES names it (WITHOUT_ENGINES=WebKit): then it is told to be left out, and counted as skipped.`;

await runMain(async () => {
  const { values, positionals } = parseArgs({
    options: { help: { type: "boolean", short: "h" } },
    allowPositionals: true,
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const unknown = positionals.find((name) => !Object.hasOwn(parts, name));
  if (unknown !== undefined) {
    throw new Failure(`There is no part “${unknown}”. The parts are: ${Object.keys(parts).join(", ")}.`);
  }
  const names = positionals.length > 0 ? positionals : Object.keys(parts);
  const began = Date.now();
  const needed = (/** @type {"browser" | "engines" | "nginx"} */ extra) => names.some((name) => parts[name]?.[extra]);
  await setUp({ browser: needed("browser"), engines: needed("engines"), nginx: needed("nginx") });

  /** @type {Result[]} */
  const results = [];
  for (const name of names) {
    const partBegan = Date.now();
    const part = /** @type {Part} */ (parts[name]);
    say(`\n── ${name}: ${part.about}`);
    const { engines, failures, skipped } = leftOut(part.engines ? missingEngines() : []);
    for (const sentence of [...failures, ...skipped]) say(`✗ ${sentence}`);
    const count = await runPart(name, part, engines);
    add(count, { passed: 0, failed: failures.length, failures });
    results.push({ name, count, skipped, milliseconds: Date.now() - partBegan });
  }
  summarize(results, Date.now() - began);
});

/**
 * @param {string} name
 * @param {Part} part
 * @param {string[]} engines that are there
 * @returns {Promise<Count>}
 */
async function runPart(name, part, engines) {
  const total = noTests();
  try {
    await buildArtifacts(part.builds);
  } catch (error) {
    sayFailure(error);
    add(total, { passed: 0, failed: 1, failures: [`${name}: what it tests could not be built`] });
    return total;
  }
  const deadline = Date.now() + part.minutes * 60_000;
  for (const check of part.checks(engines)) {
    const began = Date.now();
    const count = await runCheck(name, check, deadline - began);
    say(
      `${count.failed === 0 ? "✓" : "✗"} ${name}, ${check.title}: ${count.passed} passed, ${count.failed} failed, ${formatDuration(Date.now() - began)}`,
    );
    add(total, count);
  }
  return total;
}

/**
 * @param {string} part
 * @param {Check} check
 * @param {number} milliseconds the time that is left
 * @returns {Promise<Count>}
 */
async function runCheck(part, check, milliseconds) {
  const logs = join(localFolder, "test");
  mkdirSync(logs, { recursive: true });
  const base = join(logs, `${part}-${check.title.replaceAll(/[^\w.]+/g, "-")}`);
  const reportFile = `${base}.json`;
  rmSync(reportFile, { force: true });

  const [command = "", ...args] = [...check.command, ...reporterArguments(check, reportFile)];
  let output = "";
  const service = new Service(command, args, {
    log: `${base}.log`,
    env: { ...testEnvironment(), ...check.env, PLAYWRIGHT_JSON_OUTPUT_NAME: reportFile },
    onLine: (line) => {
      say(`  ${line}`);
      output += `${line}\n`;
    },
  });
  const code = await withinLimit(service, Math.max(milliseconds, 1_000) / 60_000);

  const count = check.counted === "exit" ? countExit(check, code) : countTests(check, output, reportFile);
  if (count.failed > 0) return count;
  // What ends badly without naming a failed test, or runs no test at all, has failed too.
  if (code === 124) return add(count, { passed: 0, failed: 1, failures: [`${check.title}: ran out of time`] });
  if (code !== 0)
    return add(count, { passed: 0, failed: 1, failures: [`${check.title}: ended with exit code ${code}`] });
  if (count.passed === 0) return add(count, { passed: 0, failed: 1, failures: [`${check.title}: ran no test`] });
  return count;
}

/** chromedriver under the name that wasm-bindgen's test runner reads. */
function testEnvironment() {
  const env = toolEnvironment();
  const driver = findDriver();
  if (driver !== undefined) env.CHROMEDRIVER = driver;
  return env;
}

/**
 * @param {Check} check
 * @param {string} reportFile
 */
function reporterArguments(check, reportFile) {
  if (check.counted === "vitest") return ["--reporter=default", "--reporter=json", `--outputFile.json=${reportFile}`];
  if (check.counted === "playwright") return ["--reporter=list,json"];
  if (check.counted === "environments") return ["--report", reportFile];
  return [];
}

/**
 * @param {Check} check
 * @param {number} code
 * @returns {Count}
 */
function countExit(check, code) {
  return code === 0 ? { passed: 1, failed: 0, failures: [] } : { passed: 0, failed: 1, failures: [check.title] };
}

/**
 * @param {Check} check
 * @param {string} output
 * @param {string} reportFile
 * @returns {Count}
 */
function countTests(check, output, reportFile) {
  if (check.counted === "cargo") return countCargo(output);
  let report;
  try {
    report = JSON.parse(readFileSync(reportFile, "utf8"));
  } catch {
    return { passed: 0, failed: 1, failures: [`${check.title}: wrote no report; it ended before it could`] };
  }
  if (check.counted === "environments") return countEnvironments(report);
  return check.counted === "vitest" ? countVitest(report) : countPlaywright(report);
}

/**
 * @param {Count} total
 * @param {Count} more
 */
function add(total, more) {
  total.passed += more.passed;
  total.failed += more.failed;
  total.failures.push(...more.failures);
  return total;
}

/**
 * @param {Result[]} results
 * @param {number} milliseconds
 */
function summarize(results, milliseconds) {
  const total = noTests();
  const skipped = results.flatMap((result) => result.skipped);
  say("\n── summary");
  for (const { name, count, skipped, milliseconds: partMilliseconds } of results) {
    add(total, count);
    const mark = count.failed > 0 ? "✗" : skipped.length > 0 ? "–" : "✓";
    say(
      `${mark} ${name.padEnd(12)} ${`${count.passed} passed`.padStart(12)} ${`${count.failed} failed`.padStart(10)}   ${formatDuration(partMilliseconds)}`,
    );
    for (const sentence of [...count.failures, ...skipped]) say(`    ${sentence}`);
  }
  say(`${formatDuration(milliseconds)} in all. Logs: .local/test/`);
  if (total.failed > 0) process.exitCode = 1;
  const last = `${total.passed} passed, ${total.failed} failed`;
  console.log(skipped.length === 0 ? last : `${last}, ${skipped.length} skipped`);
}
