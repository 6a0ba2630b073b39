// Output that cannot be written any more: the exit code goes on telling the truth, and nobody sees a stack.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Ended, inPipeline } from "./support/command.ts";
import { Simulator } from "./support/simulator.ts";

const NOOR = "noor.haddad@northwind.example";
let simulator: Simulator;

beforeAll(async () => {
  simulator = await Simulator.start();
});
beforeEach(() => simulator.clear());
afterAll(() => simulator?.stop());

async function run(line: string): Promise<Ended> {
  const ended = await inPipeline(line, { env: simulator.env });
  expect(ended.stdout + ended.stderr).not.toMatch(/EPIPE|node:internal|^\s+at /m);
  return ended;
}

describe.each(["| true", "2>&1 | true", "| head -1", "--json | head -c 1"])("reset %s", (rest) => {
  test("0 after the request was filed", async () => {
    expect((await run(`frd reset ${NOOR} --yes ${rest}`)).exitCode).toBe(0);
    expect(await simulator.approvals()).toHaveLength(1);
  });

  test.each([
    [3, { status: 403 }],
    [4, { status: 500, effect: true }],
  ])("%i where it failed", async (exitCode, fault) => {
    await simulator.control("POST", "faults", { match: { operation: "resetDevice" }, ...fault });
    expect((await run(`frd reset ${NOOR} --yes ${rest}`)).exitCode).toBe(exitCode);
  });
});

test("reset --wait goes on: its exit code is wanted all the same", async () => {
  const soon = { approveAfterSeconds: 1, pairAfterSeconds: 1, setupAfterSeconds: 1 };
  await simulator.control("PATCH", "settings", soon);
  expect((await run(`frd reset ${NOOR} --yes --wait | head -1`)).exitCode).toBe(0);
});

test("watch ends with 7: what it tells is all that it is for", async () => {
  const { exitCode, stderr } = await run(`frd watch ${NOOR} | true`);
  expect(exitCode).toBe(7);
  expect(stderr).toContain("The reset itself goes on.");
});

test.each(["--help | head -1", "--help | true", "reset --help | true", "users | head -1", "--version | true"])(
  "%s",
  async (line) => expect((await run(`frd ${line}`)).exitCode).toBe(0),
);

describe("a disk that is full", () => {
  test("takes nothing back from a reset, and is told", async () => {
    const { exitCode, stderr } = await run(`frd reset ${NOOR} --yes >/dev/full`);
    expect(exitCode).toBe(0);
    expect(stderr).toContain("The results could not be written (ENOSPC).");
    expect(await simulator.approvals()).toHaveLength(1);
  });

  test("leaves whoever only looks without anything: 5", async () => {
    for (const line of ["frd users", "frd --help", "frd reset --help", "frd --version"]) {
      const { exitCode, stderr } = await run(`${line} >/dev/full`);
      expect(exitCode, line).toBe(5);
      expect(stderr, line).toContain("ENOSPC");
    }
  });
});
