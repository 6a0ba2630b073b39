// Measures each of several in turn, round after round: what the machine does meanwhile meets all alike.

import { median } from "./statistics.mjs";

/**
 * The median of what is measured, by name; `undefined` where it failed.
 *
 * @param {number} rounds
 * @param {string[]} names
 * @param {(name: string) => Promise<number>} measure
 */
export async function inTurn(rounds, names, measure) {
  /** @type {Record<string, number[] | undefined>} */
  const samples = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      if (samples[name] === undefined) continue;
      try {
        samples[name].push(await measure(name));
      } catch (error) {
        // It does not run there. The table says so; the reason is for whoever runs the benchmark.
        console.error(`${name}: ${String(error).split("\n")[0]}`);
        samples[name] = undefined;
      }
    }
  }
  return Object.fromEntries(Object.entries(samples).map(([name, values]) => [name, values && median(values)]));
}

/**
 * What work comes to, or a failure when its time is up.
 *
 * @template T
 * @param {number} milliseconds
 * @param {Promise<T>} work
 * @returns {Promise<T>}
 */
export async function within(milliseconds, work) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`took more than ${milliseconds / 1000} s`)), milliseconds);
  });
  try {
    return /** @type {T} */ (await Promise.race([work, late]));
  } finally {
    clearTimeout(timer);
  }
}
