// Every fault, and every ordered pair of them, with Fireblocks running the same key twice at once, which no document
// excludes: only what outlives its attempt can file two.

import { expect, test } from "vitest";
import { startSimulator } from "../support/simulator.ts";
import { faults, type NamedFault, pairs } from "./faults.ts";
import { runAll, Users } from "./runs.ts";
import { tableOfPairs, tableOfSingles } from "./table.ts";
import { doubled, expectTruth, named } from "./truth.ts";

const MINUTES = 60_000;
const singles = faults.map((fault) => [fault]);

const simulator = await startSimulator({ users: 10_000 });
const users = await Users.of(simulator);

function outlives(fault: NamedFault | undefined): boolean {
  return fault?.outlivesTheAttempt === true;
}

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
