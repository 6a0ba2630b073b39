// Where ours is not the best: said by the figures themselves, so that no run hides one.

import { TITLES } from "./format.mjs";
import { measuresOf } from "./measures.mjs";

/**
 * One sentence for each measure in which anything that was measured beside ours takes less.
 *
 * @param {import("./results.d.ts").Results} results
 */
export function weaknessesOf(results) {
  return measuresOf(results).flatMap(({ title, values: { ours, ...others }, format }) => {
    const better = Object.entries(others).filter(
      ([, value]) => value !== undefined && (ours === undefined || value < ours),
    );
    if (better.length === 0) return [];
    const list = better.map(([name, value]) => `${TITLES[name]} (${format(value)})`);
    return [`${title}: ours ${format(ours)}. Less: ${list.join(", ")}.`];
  });
}
