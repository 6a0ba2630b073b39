/**
 * Times as Fireblocks tells them.
 *
 * @module
 */

/** As far as a date reaches, in either direction. */
const FARTHEST_MS = 8_640_000_000_000_000;

/** Whether a number is a time in epoch milliseconds that a date can be made of, and the database can keep. */
export function isTime(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && Math.abs(value) <= FARTHEST_MS;
}
