// Every fault, and every ordered pair of them: no call files two approval requests, and none says what is not so.

import { describe, expect, test } from "vitest";
import { startSimulator } from "../support/simulator.ts";
import { everyStatus, faults, type NamedFault } from "./faults.ts";
import { type Run, runAll, Users } from "./runs.ts";
import { tableOfPairs, tableOfSingles } from "./table.ts";

const MINUTES = 60_000;
const pairs = faults.flatMap((first) => faults.map((second) => [first, second] as const));
const singles = faults.map((fault) => [fault]);

const simulator = await startSimulator({ users: 10_000 });
const users = await Users.of(simulator);

function named(runs: Run[]): string[] {
  return runs.map(
    ({ faults, told, filed }) => `${faults.map(({ name }) => name).join(" → ")}: ${told}, ${filed} filed`,
  );
}

/** What must hold of every call whatever Fireblocks does. */
function expectTruth(runs: Run[]) {
  expect(named(runs.filter((run) => run.told === "refused" && run.filed > 0))).toEqual([]);
  expect(named(runs.filter((run) => run.told === "notSent" && run.filed > 0))).toEqual([]);
  expect(named(runs.filter((run) => run.told === "success" && run.filed === 0))).toEqual([]);
}

function doubled(runs: Run[]): Run[] {
  return runs.filter(({ filed }) => filed > 1);
}

function outlives(fault: NamedFault | undefined): boolean {
  return fault?.outlivesTheAttempt === true;
}

describe("with Fireblocks answering as documented", () => {
  test(
    `each of ${faults.length} faults, and ${everyStatus.length} answers of every status from 300 to 599`,
    async () => {
      await simulator.control.set({ undocumented: "mild" });
      const { runs, disturbed } = await runAll(simulator, users, singles);
      console.log(tableOfSingles("Each fault alone, as documented", runs));
      const everyAnswer = await runAll(
        simulator,
        users,
        everyStatus.map((fault) => [fault]),
      );
      for (const all of [runs, disturbed, everyAnswer.runs, everyAnswer.disturbed]) {
        expect(named(doubled(all))).toEqual([]);
        expectTruth(all);
      }
      // The faults did happen: some calls failed, some were tried again, and some still succeeded.
      expect(new Set(runs.map(({ told }) => told))).toEqual(new Set(["success", "refused", "unknown"]));
      expect(Math.max(...runs.map(({ attempts }) => attempts))).toBeGreaterThan(1);
    },
    3 * MINUTES,
  );

  test(
    `each of ${pairs.length} ordered pairs of them`,
    async () => {
      await simulator.control.set({ undocumented: "mild" });
      const { runs, disturbed } = await runAll(simulator, users, pairs);
      console.log(tableOfPairs("Every ordered pair, as documented", faults, runs));
      expect(runs).toHaveLength(faults.length ** 2);
      for (const all of [runs, disturbed]) {
        expect(named(doubled(all))).toEqual([]);
        expectTruth(all);
      }
    },
    5 * MINUTES,
  );
});

describe("with Fireblocks running the same key twice at once, which no document excludes", () => {
  test(
    "only a request that outlives its attempt can double, and nothing that is said is untrue",
    async () => {
      await simulator.control.set({ undocumented: "worst" });
      const { runs, disturbed } = await runAll(simulator, users, pairs);
      console.log(tableOfPairs("Every ordered pair, the same key running twice at once", faults, runs));
      const twice = doubled(runs);
      expect(twice.length).toBeGreaterThan(0);
      expect(named(twice.filter((run) => !run.disturbed && !run.faults.some(outlives)))).toEqual([]);
      expectTruth(runs);
      expectTruth(disturbed);
    },
    5 * MINUTES,
  );

  test(
    "maxRetries: 0 avoids every double",
    async () => {
      await simulator.control.set({ undocumented: "worst" });
      const { runs, disturbed } = await runAll(simulator, users, singles, 0);
      console.log(tableOfSingles("Each fault alone, the same key running twice at once, maxRetries: 0", runs));
      expect(named(doubled([...runs, ...disturbed]))).toEqual([]);
      expect(runs.filter(({ attempts }) => attempts !== 1)).toEqual([]);
      expectTruth([...runs, ...disturbed]);
    },
    2 * MINUTES,
  );
});
