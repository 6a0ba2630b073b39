import type { Session } from "fireblocks-reset-device/gateway-api";
import { expect, it } from "vitest";
import { mayPause, mayResume, pauseNotice } from "./pause.ts";

const can = { read: true, reset: true, export: false, settle: true, pause: true, resume: false };
const pause = { at: 1, by: "amara@x.example", reason: "A laptop was stolen" };
const session = (more: Partial<Session>) => ({ resetsPaused: true, can, ...more }) as Session;

it("a pause is told with who set it, when and why; one by the settings as such", () => {
  expect(pauseNotice(session({ pause }))).toMatchObject({ by: pause.by, at: 1, reason: pause.reason });
  const byItself = pauseNotice(session({ pause: { ...pause, by: "sweep" } }));
  expect(byItself).toMatchObject({ title: "This service has paused all resets.", at: 1, reason: pause.reason });
  expect(byItself?.by).toBeUndefined();
  expect(pauseNotice(session({}))?.sentence).toContain("in its settings");
  expect(pauseNotice(session({ resetsPaused: false }))).toBeUndefined();
});

it("is set by whoever may while there is none, and ended by an auditor", () => {
  const auditor = { ...can, resume: true };
  expect(mayPause(session({}))).toBe(true);
  expect(mayPause(session({ pause }))).toBe(false);
  expect(mayPause(session({ can: { ...can, pause: false } }))).toBe(false);
  expect(mayResume(session({ pause }))).toBe(false);
  expect(mayResume(session({ pause, can: auditor }))).toBe(true);
  // What the settings have switched off is not switched on here.
  expect(mayResume(session({ can: auditor }))).toBe(false);
});
