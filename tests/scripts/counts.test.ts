import { describe, expect, it } from "vitest";
import { countCargo, countEnvironments, countPlaywright, countVitest } from "../../scripts/test/counts.mjs";

describe("cargo's output", () => {
  it("is added up over all test programs", () => {
    const output = `
test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s
test a::b ... FAILED
test result: FAILED. 3 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.10s`;
    expect(countCargo(output)).toEqual({ passed: 15, failed: 1, failures: ["a::b"] });
  });
  it("counts an ignored test as failed", () => {
    const output = "test c ... ignored\ntest result: ok. 1 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out";
    expect(countCargo(output)).toEqual({ passed: 1, failed: 1, failures: ["c (ignored)"] });
  });
  it("without a summary counts nothing", () => {
    expect(countCargo("error: could not compile")).toEqual({ passed: 0, failed: 0, failures: [] });
  });
});

describe("vitest's report", () => {
  const file = (status: string, assertionResults: object[], message = "") => ({
    name: "f.test.ts",
    status,
    message,
    assertionResults,
  });

  it("is added up, with skipped and unfinished tests as failed", () => {
    const report = {
      testResults: [
        file("passed", [{ fullName: "one", status: "passed" }]),
        file("failed", [
          { fullName: "two", status: "failed" },
          { fullName: "three", status: "skipped" },
          { fullName: "four", status: "todo" },
        ]),
      ],
    };
    expect(countVitest(report)).toEqual({ passed: 1, failed: 3, failures: ["two", "three (skipped)", "four (todo)"] });
  });
  it("counts a file that cannot be loaded", () => {
    const report = { testResults: [file("failed", [], "Cannot find module\nstack")] };
    expect(countVitest(report)).toEqual({ passed: 0, failed: 1, failures: ["f.test.ts: Cannot find module"] });
  });
  it("says why a file's tests were all skipped", () => {
    const report = {
      testResults: [file("failed", [{ fullName: "one", status: "skipped" }], "The worker did not answer\nstack")],
    };
    expect(countVitest(report)).toEqual({
      passed: 0,
      failed: 1,
      failures: ["one (skipped)", "f.test.ts: The worker did not answer"],
    });
  });
});

describe("Playwright's report", () => {
  it("is added up through nested suites; flaky and skipped count as failed", () => {
    const spec = (title: string, status: string) => ({ title, tests: [{ status }] });
    const report = {
      errors: [{ message: "Error: no server\nstack" }],
      suites: [
        {
          title: "a.spec.ts",
          specs: [spec("one", "expected")],
          suites: [{ title: "inner", specs: [spec("two", "unexpected"), spec("three", "skipped")] }],
        },
        { title: "b.spec.ts", specs: [spec("four", "flaky")] },
      ],
    };
    expect(countPlaywright(report)).toEqual({
      passed: 1,
      failed: 4,
      failures: [
        "a.spec.ts › inner › two (unexpected)",
        "a.spec.ts › inner › three (skipped)",
        "b.spec.ts › four (flaky)",
        "Error: no server",
      ],
    });
  });
});

describe("the environments' report", () => {
  it("is added up, with the reason of each failure", () => {
    const report = [{ name: "jest" }, { name: "nuxt", failure: "It printed no receipt." }];
    expect(countEnvironments(report)).toEqual({ passed: 1, failed: 1, failures: ["nuxt: It printed no receipt."] });
  });
});
