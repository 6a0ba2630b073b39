// Sends requests from a number of clients at once, and tells how fast they were answered.

/**
 * @typedef {object} Load
 * @property {number} perSecond
 * @property {number} p50 milliseconds
 * @property {number} p95 milliseconds
 * @property {number} p99 milliseconds
 */

/**
 * Every answer must be 200: a benchmark of refusals would say nothing.
 *
 * @param {readonly string[]} items one request is sent for each
 * @param {number} clients how many are under way at once
 * @param {(item: string) => Promise<Response>} send
 * @returns {Promise<Load>}
 */
export async function measureLoad(items, clients, send) {
  /** @type {number[]} */
  const times = [];
  let next = 0;
  const began = performance.now();
  const run = async () => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) {
      const sent = performance.now();
      const response = await send(item);
      const text = await response.text();
      if (response.status !== 200) throw new Error(`${response.url}: ${response.status} ${text.slice(0, 300)}`);
      times.push(performance.now() - sent);
    }
  };
  await Promise.all(Array.from({ length: clients }, run));
  const seconds = (performance.now() - began) / 1_000;
  return { perSecond: items.length / seconds, ...percentiles(times) };
}

/** @param {readonly number[]} times */
export function percentiles(times) {
  const sorted = times.toSorted((one, other) => one - other);
  const at = (/** @type {number} */ share) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
