import type { ResetEvent } from "fireblocks-reset-device/gateway-api";
import { expect, it } from "vitest";
import { seenSince } from "./unknown.ts";

const event = (event: string, state?: string) =>
  ({ seq: 1, at: 0, event, source: "approvals", ...(state && { detail: { state } }) }) as ResetEvent;

it("what was seen last in Fireblocks is a clue, and said to be no more", () => {
  expect(seenSince({ events: [event("observed", "approvalRequested"), event("observed", "completed")] })).toBe(
    "Since then this service has seen in Fireblocks: Ready again. It may be this request, or another one.",
  );
  expect(seenSince({ events: [event("unknown"), event("observed", "unknown")] })).toBeUndefined();
  expect(seenSince({})).toBeUndefined();
});
