import { describe, expect, test } from "vitest";
import { eventFacts, eventLabel } from "../src/model/event.ts";
import { exactTime } from "../src/model/time.ts";

const AT = Date.UTC(2026, 10, 24, 3, 5, 14);

describe("the words of a record's story", () => {
  test("states and events have names, and those that are not known are made readable", () => {
    expect(eventLabel("awaitingPairing")).toBe("Waiting for pairing");
    expect(eventLabel("noAnswer")).toBe("No answer came");
    expect(eventLabel("somethingNew")).toBe("Something new");
  });

  test("facts are told without Fireblocks' or the worker's own spelling", () => {
    expect(eventFacts({ at: AT, detail: { listAgeMs: 65, roleBy: "email" } })).toEqual([
      "Decided on a list of users 65 ms old",
      "Allowed by name",
    ]);
    expect(eventFacts({ at: AT, detail: { userStatus: "PENDING_DEVICE_PAIRING", stateBefore: "unknown" } })).toEqual([
      "User status: Pending device pairing",
      "State before: Outcome unknown",
    ]);
    expect(eventFacts({ at: AT, detail: { attempt: 1, status: 200, requestId: "r-1", code: null } })).toEqual([
      "Attempt 1",
      "Answer with HTTP status 200",
      "Request id: r-1",
    ]);
  });

  test("the package's advice to ask again is not given where the record is to be settled", () => {
    const message =
      "No answer came. An approval request may exist: look at the approvals and the audit log first. If there is none, ask again with a new idempotency key.";
    expect(eventFacts({ at: AT, detail: { message } })).toEqual([
      "No answer came. An approval request may exist: look at the approvals and the audit log first.",
    ]);
  });

  test("the time when it happened is told where it is another than the event's", () => {
    expect(eventFacts({ at: AT, detail: { happenedAt: AT + 200 } })).toEqual([]);
    expect(eventFacts({ at: AT, detail: { happenedAt: AT - 90_000 } })).toEqual([
      `Happened at ${exactTime(AT - 90_000)}`,
    ]);
  });
});
