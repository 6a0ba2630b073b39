// Every fault, and every ordered pair of them, with Fireblocks answering as documented: no call files two approval
// requests, and none says what is not so.

import { expect, test } from "vitest";
import { startSimulator } from "../support/simulator.ts";
import { everyStatus, faults, pairs } from "./faults.ts";
import { runAll, Users } from "./runs.ts";
import { tableOfPairs, tableOfSingles } from "./table.ts";
import { doubled, expectTruth, named } from "./truth.ts";

const MINUTES = 60_000;
const singles = faults.map((fault) => [fault]);

const simulator = await startSimulator({ users: 10_000 });
const users = await Users.of(simulator);

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
