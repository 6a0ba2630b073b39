import { expect, it } from "vitest";
import { relativeTime } from "./time.ts";

it("tells time relative to now", () => {
  const hour = 3_600_000;
  expect(relativeTime(1000, 2000)).toBe("just now");
  expect(relativeTime(0, 61_000)).toMatch(/1 minute ago/);
  expect(relativeTime(0, 50_000)).toMatch(/1 minute ago/);
  expect(relativeTime(0, 5 * hour)).toMatch(/5 hours ago/);
  expect(relativeTime(0, 24 * hour)).toBe("yesterday");
});
