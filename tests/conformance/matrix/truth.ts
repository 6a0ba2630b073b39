// What is asked of every run of the matrix.

import { expect } from "vitest";
import type { Run } from "./runs.ts";

/** One line for each run. */
export function named(runs: Run[]): string[] {
  return runs.map(
    ({ faults, told, filed }) => `${faults.map(({ name }) => name).join(" → ")}: ${told}, ${filed} filed`,
  );
}

/** What must hold of every call whatever Fireblocks does. */
export function expectTruth(runs: Run[]) {
  expect(named(runs.filter((run) => run.told === "refused" && run.filed > 0))).toEqual([]);
  expect(named(runs.filter((run) => run.told === "notSent" && run.filed > 0))).toEqual([]);
  expect(named(runs.filter((run) => run.told === "success" && run.filed === 0))).toEqual([]);
}

/** The calls that have filed more than one request. */
export function doubled(runs: Run[]): Run[] {
  return runs.filter(({ filed }) => filed > 1);
}
