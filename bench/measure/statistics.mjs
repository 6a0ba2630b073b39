// Medians, and how sure they are.

/** @param {number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = Number.NaN, high = Number.NaN] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
}

/**
 * The 95 % interval of a median, by resampling.
 *
 * @param {number[]} values
 * @returns {[number, number]}
 */
export function interval(values) {
  const medians = Array.from({ length: 2000 }, () =>
    median(values.map(() => values[Math.floor(Math.random() * values.length)] ?? Number.NaN)),
  ).sort((a, b) => a - b);
  return [medians[50] ?? Number.NaN, medians[1949] ?? Number.NaN];
}
