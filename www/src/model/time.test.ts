import { expect, it } from "vitest";
import { relativeTime, timeToWait } from "./time.ts";

it("tells time relative to now", () => {
  const hour = 3_600_000;
  expect(relativeTime(1000, 2000)).toBe("just now");
  expect(relativeTime(0, 61_000)).toMatch(/1 minute ago/);
  expect(relativeTime(0, 50_000)).toMatch(/1 minute ago/);
  expect(relativeTime(0, 5 * hour)).toMatch(/5 hours ago/);
  // Not yesterday: at two in the morning it was of the day before that.
  expect(relativeTime(0, 30 * hour)).toBe("1 day ago");
  expect(relativeTime(0, 31 * 24 * hour)).toBe("1 month ago");
});

it("tells how long there is still to wait, in a unit that one can picture", () => {
  const hour = 3_600_000;
  expect(timeToWait(89_500)).toBe("in 90 seconds");
  expect(timeToWait(2.5 * hour)).toBe("in 3 hours");
  expect(timeToWait(72 * hour)).toBe("in 72 hours");
  expect(timeToWait(720 * hour)).toBe("in 30 days");
});
