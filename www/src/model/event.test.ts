import { describe, expect, test } from "vitest";
import { eventFacts, eventLabel } from "./event.ts";
import { exactTime } from "./time.ts";

const AT = Date.UTC(2026, 10, 24, 3, 5, 14);

describe("the words of a record's story", () => {
  test("states and events have names, and those that are not known are made readable", () => {
    expect(eventLabel("awaitingPairing")).toBe("Waiting for pairing");
    expect(eventLabel("noAnswer")).toBe("No answer came");
    expect(eventLabel("somethingNew")).toBe("Something new");
  });

  test("facts are told without Fireblocks' or the worker's own spelling", () => {
    expect(eventFacts({ at: AT, event: "recorded", detail: { listAgeMs: 65, roleBy: "email" } })).toEqual([
      "Decided on a list of users 65 ms old",
      "Allowed by name",
    ]);
    expect(
      eventFacts({
        at: AT,
        event: "recorded",
        detail: { userStatus: "PENDING_DEVICE_PAIRING", stateBefore: "unknown" },
      }),
    ).toEqual(["User status: Pending device pairing", "State before: Outcome unknown"]);
    expect(
      eventFacts({ at: AT, event: "recorded", detail: { attempt: 1, status: 200, requestId: "r-1", code: null } }),
    ).toEqual(["Attempt 1", "Answer with HTTP status 200", "Request id: r-1"]);
  });

  test("an error's advice to a program is not given where the record is to be settled, in whatever words", () => {
    const message = "No answer came. Look first, and then ask again with the same idempotency key.";
    const facts = (event: string, detail = {}) => eventFacts({ at: AT, event, detail: { message, ...detail } });
    expect(facts("unknown", { status: 500 })).toEqual(["Answer with HTTP status 500"]);
    expect(facts("noAnswer")).toEqual([]);
    expect(facts("lateAnswer", { kind: "unclear" })).toEqual(["Kind: unclear"]);
    expect(facts("lateAnswer", { kind: "refused" })).toContain(message);
    expect(facts("refused")).toEqual([message]);
  });

  test("the time when it happened is told where it is another than the event's", () => {
    expect(eventFacts({ at: AT, event: "recorded", detail: { happenedAt: AT + 200 } })).toEqual([]);
    expect(eventFacts({ at: AT, event: "recorded", detail: { happenedAt: AT - 90_000 } })).toEqual([
      `Happened at ${exactTime(AT - 90_000)}`,
    ]);
  });
});

test("says whether what waits could be looked at, by the worker and by whoever closed a record early", () => {
  const facts = (detail: Record<string, string | boolean>) => eventFacts({ at: 0, event: "settled", detail });
  expect(facts({ approvalsLook: "notReadable" })).toEqual(["What waited for approval in Fireblocks could not be read"]);
  expect(facts({ approvalsLook: "somethingNew" })).toEqual(["Look at the approvals: somethingNew"]);
  expect(facts({ early: true, lookedInConsole: true })).toHaveLength(2);
});
