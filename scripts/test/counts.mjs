// Reads how many tests passed and failed from what the test runners say. A skipped test counts as failed: it has shown
// nothing.

/** @typedef {{ passed: number, failed: number, failures: string[] }} Count */

/** @returns {Count} */
export function noTests() {
  return { passed: 0, failed: 0, failures: [] };
}

/**
 * Cargo's and wasm-bindgen-test's summaries: `test result: ok. 12 passed; 0 failed; 0 ignored; …`.
 *
 * @param {string} output
 * @returns {Count}
 */
export function countCargo(output) {
  const count = noTests();
  for (const [, passed, failed, ignored] of output.matchAll(
    /^test result: .*?(\d+) passed; (\d+) failed; (\d+) ignored/gm,
  )) {
    count.passed += Number(passed);
    count.failed += Number(failed) + Number(ignored);
  }
  for (const [, name, result] of output.matchAll(/^test (.+?) \.\.\. (FAIL(?:ED)?|ignored)\b/gim)) {
    count.failures.push(result?.toLowerCase() === "ignored" ? `${name} (ignored)` : `${name}`);
  }
  return count;
}

/**
 * The report of `vitest --reporter=json`.
 *
 * @param {any} report
 * @returns {Count}
 */
export function countVitest(report) {
  const count = noTests();
  for (const file of report.testResults ?? []) {
    for (const test of file.assertionResults ?? []) {
      if (test.status === "passed") {
        count.passed += 1;
      } else {
        count.failed += 1;
        count.failures.push(`${test.fullName}${test.status === "failed" ? "" : ` (${test.status})`}`);
      }
    }
    // What failed outside of its tests: loading it, or what its tests would have begun from, which skips them all.
    if (file.status === "failed" && file.message) {
      count.failures.push(`${file.name}: ${String(file.message).split("\n")[0]}`);
      if ((file.assertionResults ?? []).length === 0) count.failed += 1;
    }
  }
  return count;
}

/**
 * The report of Playwright's `json` reporter.
 *
 * @param {any} report
 * @returns {Count}
 */
export function countPlaywright(report) {
  const count = noTests();
  const visit = (/** @type {any} */ suite, /** @type {string} */ path) => {
    for (const inner of suite.suites ?? []) visit(inner, `${path}${inner.title} › `);
    for (const spec of suite.specs ?? []) {
      for (const test of spec.tests ?? []) {
        if (test.status === "expected") {
          count.passed += 1;
        } else {
          count.failed += 1;
          count.failures.push(`${path}${spec.title} (${test.status})`);
        }
      }
    }
  };
  visit(report, "");
  for (const error of report.errors ?? []) {
    count.failed += 1;
    count.failures.push(String(error.message).split("\n")[0] ?? "");
  }
  return count;
}

/**
 * The report of `npm run test:environments -- --report`.
 *
 * @param {{ name: string, failure?: string }[]} report
 * @returns {Count}
 */
export function countEnvironments(report) {
  const failures = report.flatMap(({ name, failure }) => (failure === undefined ? [] : [`${name}: ${failure}`]));
  return { passed: report.length - failures.length, failed: failures.length, failures };
}
