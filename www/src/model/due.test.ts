import type { Due, ResetRecord } from "fireblocks-reset-device/gateway-api";
import { describe, expect, it } from "vitest";
import { dueText, endNote, endText, isDueLater, ownEndText } from "./due.ts";

const HOUR = 3_600_000;
const recordWith = (awaited: Due["awaited"], more: Partial<ResetRecord> = {}) =>
  ({
    id: "r",
    userId: "n",
    userName: "Noor",
    proofs: [],
    due: { awaited, since: 0, until: 10 * HOUR },
    ...more,
  }) as unknown as ResetRecord & { due: Due };

describe("who is awaited", () => {
  it.each([
    ["secondPerson", "Another admin decides."],
    ["approvers", "The workspace's approvers approve it."],
    ["owner", "The workspace's Owner approves the new key shares"],
    ["person", "Noor finishes the set-up"],
  ] as const)("%s", (awaited, words) => {
    expect(dueText(recordWith(awaited), 0)).toContain(words);
    expect(dueText(recordWith(awaited), 0)).toContain("in 10 hours");
  });

  it("and that the time is over", () => expect(dueText(recordWith("owner"), 11 * HOUR)).toContain("Its time ran out"));
});

describe("what happens at the end", () => {
  it("is said where it is known", () => {
    expect(endText(recordWith("approvers"), 0)).toContain("runs out in Fireblocks");
    expect(endText(recordWith("secondPerson"), 0)).toContain("nothing is sent");
  });
  it("and that it is not, where it is not", () =>
    expect(endText(recordWith("person"), 0)).toContain("does not say what happens then"));
  it("is told elsewhere for a departure, and nowhere where nothing is due", () => {
    expect(endText(recordWith("departure"), 0)).toBeUndefined();
    expect(endText({}, 0)).toBeUndefined();
  });
});

describe("in a table", () => {
  it.each([
    ["secondPerson", {}, "Ends by itself in 10 hours"],
    ["departure", {}, "Sent in 10 hours"],
    ["departure", { needsPress: "group" }, "Can be sent in 10 hours"],
    ["approvers", {}, "Runs out in 10 hours"],
    ["owner", {}, "Due in 10 hours"],
    ["person", {}, "Due in 10 hours"],
  ] as const)("%s %o", (awaited, more, words) => expect(endNote(recordWith(awaited, more), 0)).toBe(words));

  it.each([
    ["secondPerson", {}, "Its time is over"],
    ["departure", {}, "Sent in a moment"],
    ["departure", { needsPress: "gap" }, "Needs a press to be sent"],
  ] as const)("%s %o, past its time", (awaited, more, words) =>
    expect(endNote(recordWith(awaited, more), 10.5 * HOUR)).toBe(words),
  );

  it.each([{}, { needsPress: "gap" as const }])("what has not left in time does not leave any more: %o", (more) =>
    expect(endNote(recordWith("departure", more), 12 * HOUR)).toBe("Ends without being sent"),
  );

  it("no departure while resets are paused", () => {
    for (const now of [0, 10.5 * HOUR]) {
      expect(endNote(recordWith("departure"), now, true)).toBe("Not sent while resets are paused");
      expect(endNote(recordWith("secondPerson"), now, true)).toBe(endNote(recordWith("secondPerson"), now));
    }
  });

  it("nothing where nothing is due", () => expect(endNote({}, 0)).toBeUndefined());
});

it("says nothing of a stage that a newer worker tells of", () => {
  const record = recordWith("custodian" as Due["awaited"], { state: "approved" });
  expect([endText(record, 0), endNote(record, 0), ownEndText(record, 0)]).toEqual([undefined, undefined, undefined]);
  expect(isDueLater(record)).toBe(false);
});

it("what waits here stands in other lists already", () => {
  expect(isDueLater(recordWith("secondPerson", { state: "proposed" }))).toBe(false);
  expect(isDueLater(recordWith("owner", { state: "awaitingSetup" }))).toBe(true);
});
