import { expect, it } from "vitest";
import errors from "../../../worker/src/errors.ts?raw";
import refusals from "../../../worker/src/http/refusals.ts?raw";
import { actionLabel, subjectOf, timesText, whyRefused } from "./refused.ts";

it("says in words why each of what the worker keeps was refused", () => {
  const list = /KEPT = new Set<number>\(\[([^\]]*)\]/.exec(refusals)?.[1] ?? "";
  const kept = [...list.matchAll(/CODES\.(\w+)/g)];
  expect(kept.length).toBeGreaterThan(15);
  const ofOneAction = /KEPT_OF[^=]*= \{([^}]*)\}/.exec(refusals)?.[1] ?? "";
  const more = [...ofOneAction.matchAll(/(\w+): CODES\.(\w+)/g)];
  expect(more.map(([, action]) => action)).toContain("stop");
  for (const [, action = ""] of more) expect(actionLabel({ action })).not.toBe(action);
  for (const name of [...kept.map(([, name]) => name), ...more.map(([, , name]) => name)]) {
    const code = Number(new RegExp(`\\b${name}: (\\d+)`).exec(errors)?.[1]);
    expect(whyRefused({ code }), `${name}, ${code}`).not.toContain("code");
  }
  expect(whyRefused({ code: 1999 })).toBe("Refused with the code 1999.");
});

it("names what was tried, and whom or what it was about", () => {
  for (const action of ["reset", "release", "send", "match", "closeAlarm", "decideElsewhere", "export"]) {
    expect(actionLabel({ action })).toMatch(/^[A-Z]/);
  }
  expect(actionLabel({ action: "somethingNew" })).toBe("somethingNew");
  expect(subjectOf({ action: "reset", subject: "u" })).toEqual({ kind: "user", id: "u" });
  expect(subjectOf({ action: "settle", subject: "r" })).toEqual({ kind: "record", id: "r" });
  expect(subjectOf({ action: "stop", subject: "r" })).toEqual({ kind: "record", id: "r" });
  expect(subjectOf({ action: "export" })).toBeUndefined();
  expect(subjectOf({ action: "match", subject: "h" })).toBeUndefined();
});

it("counts the same of one day", () => {
  expect([1, 2, 1_000].map((count) => timesText({ count }))).toEqual(["", "2 times", "1,000 times or more"]);
});
