import type { HelpEvent, HelpRequest } from "fireblocks-reset-device/gateway-api";
import { describe, expect, it } from "vitest";
import {
  codeLife,
  codeProblem,
  deniedHelper,
  digitsOf,
  helpEventText,
  helpState,
  OWN,
  spelled,
  timeLeft,
  wrongText,
} from "./help.ts";

const event = (name: string, detail?: HelpEvent["detail"], actor = "a@example.com"): HelpEvent => ({
  seq: 1,
  at: 0,
  event: name,
  actor,
  ...(detail && { detail }),
});

it.each([
  [180_000, "It is good for 3 more minutes."],
  [151_000, "It is good for 2½ more minutes."],
  [60_000, "It is good for 1 more minute."],
  [59_000, "It is good for 60 more seconds."],
  [29_500, "It is good for 30 more seconds."],
  [9_000, "It runs out in a few seconds."],
  [0, "It has run out."],
  [-5_000, "It has run out."],
])("%i ms are said in words: %s", (ms, words) => {
  expect(timeLeft(ms)).toBe(words);
});

it("where a reset stands on the page, which comes first while it is open, is not said", () => {
  expect(OWN.used).not.toMatch(/below|above/);
});

it("a state of a newer worker is shown by its own word", () => {
  expect(helpState({ state: "escalated" as HelpRequest["state"] })).toEqual({ label: "Escalated", tone: "neutral" });
});

it("a code is said digit by digit", () => expect(spelled("048215")).toBe("0 4 8, 2 1 5"));

it.each([
  ["123456", ""],
  ["123 456", ""],
  ["012-345", ""],
  ["012\u2013345", ""],
  ["1 2 3, 4 5 6", ""],
  ["１２３４５６", ""],
  ["12345", "The code has six digits."],
  ["1234567", "The code has six digits."],
  ["12345a", "The code has six digits."],
])("what is typed is a code or not: %s", (typed, problem) => {
  expect(codeProblem(digitsOf(typed))).toBe(problem);
});

it.each([
  ["none", undefined, 0],
  ["alive", { number: 1, until: 10, triesLeft: 1 }, 9],
  ["ranOut", { number: 1, until: 10, triesLeft: 3 }, 10],
  ["spent", { number: 1, until: 10, triesLeft: 0 }, 9],
] as const)("a code is %s", (life, code, now) => {
  expect(codeLife(code, now)).toBe(life);
});

describe("what the person reads of wrong codes", () => {
  const request = (triesLeft: number, events: HelpEvent[]): Pick<HelpRequest, "code" | "events"> => ({
    code: { number: 2, until: 10, triesLeft },
    events,
  });

  it("is nothing of an earlier code's", () => {
    expect(wrongText(request(3, [event("codeWrong", { code: 1, triesLeft: 0 })]))).toBeUndefined();
  });

  it("names who typed them, and what is left", () => {
    expect(wrongText(request(2, [event("codeWrong", { code: 2, triesLeft: 2 })]))).toBe(
      "A wrong code was typed by a@example.com. Two tries are left for this code.",
    );
  });

  it("says that the code is spent, by everybody who tried", () => {
    const tries = ["a@example.com", "b@example.com", "a@example.com"].map((actor, index) =>
      event("codeWrong", { code: 2, triesLeft: 2 - index }, actor),
    );
    expect(wrongText(request(0, tries))).toContain(
      "by a@example.com and b@example.com. This code can no longer be used",
    );
  });
});

it("a denial is told until something else happens than a new code", () => {
  const denied = event("denied", { helper: "x@example.com" }, "noor@example.com");
  expect(deniedHelper({ events: [event("asked"), denied] })).toBe("x@example.com");
  expect(deniedHelper({ events: [denied, event("codeGiven", { code: 2 })] })).toBe("x@example.com");
  expect(deniedHelper({ events: [denied, event("matched")] })).toBeUndefined();
});

it("the story tells how many tries were left", () => {
  expect(helpEventText(event("codeWrong", { code: 1, triesLeft: 1 }))).toBe("Wrong code typed: one try is left");
});
