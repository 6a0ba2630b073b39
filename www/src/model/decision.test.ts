import type { ResetRecord, Session } from "fireblocks-reset-device/gateway-api";
import { describe, expect, it } from "vitest";
import {
  decisionsFor,
  mayReview,
  proofLabels,
  proofLines,
  reasonProblem,
  reviewText,
  waitingText,
  whyNotSettled,
} from "./decision.ts";

const can = { read: true, reset: true, export: false, settle: true, pause: false, resume: false };
const session = (email: string, more: Partial<Session> = {}) =>
  ({ email, actor: "sub", can, requireSecondPerson: true, ...more }) as Session;
const record = (state: string, more: Partial<ResetRecord> = {}) =>
  ({ state, open: true, stale: false, askedBy: "amara@x.example", ...more }) as ResetRecord;

it("a proposal is released by another person, and withdrawn by its own too", () => {
  expect(decisionsFor(record("proposed"), session("jonas@x.example"))).toEqual(["release", "withdraw"]);
  expect(decisionsFor(record("proposed"), session("Amara@X.example"))).toEqual(["withdraw"]);
  const looks = { can: { ...can, reset: false, settle: false } };
  expect(decisionsFor(record("proposed"), session("priya@x.example", looks))).toEqual([]);
});

it("what is unclear or stale is settled, with a second person on by another one", () => {
  for (const unclear of [record("unknown"), record("approvalRequested", { stale: true })]) {
    expect(decisionsFor(unclear, session("jonas@x.example"))).toEqual(["settle"]);
    expect(decisionsFor(unclear, session("amara@x.example"))).toEqual([]);
    const alone = session("amara@x.example", { requireSecondPerson: false });
    expect(decisionsFor(unclear, alone)).toEqual(["settle"]);
    const demands = { secondPerson: true } as ResetRecord["demands"];
    for (const takesTwo of [
      { ...unclear, demands },
      { ...unclear, contested: { at: 0, by: "noor@x.example" } },
    ]) {
      expect(decisionsFor(takesTwo as ResetRecord, alone)).toEqual([]);
      expect(decisionsFor(takesTwo as ResetRecord, session("jonas@x.example"))).toEqual(["settle"]);
    }
  }
  const ofOne = record("unknown", { userEmail: "noor@x.example" });
  expect(decisionsFor(ofOne, session("noor@x.example"))).toEqual([]);
  expect(whyNotSettled(ofOne, session("noor@x.example"))).toContain("This reset is for you, so somebody else");
  expect(decisionsFor(record("unknown", { open: false }), session("jonas@x.example"))).toEqual([]);
  expect(whyNotSettled(record("unknown"), session("amara@x.example"))).toContain(
    "You asked for this reset, so somebody else",
  );
  expect(whyNotSettled(record("approvalRequested", { stale: true }), session("amara@x.example"))).toContain(
    "settles it",
  );
  expect(whyNotSettled(record("completed"), session("amara@x.example"))).toBeUndefined();
});

it("while resets are paused a proposal is not released, and still withdrawn", () => {
  const paused = { can: { ...can, reset: false } };
  expect(decisionsFor(record("proposed"), session("jonas@x.example", paused))).toEqual(["withdraw"]);
});

it("what is under way is closed early by another person than the asker and the user", () => {
  const open = record("approvalRequested", { userEmail: "noor@x.example" });
  expect(decisionsFor(open, session("jonas@x.example"))).toEqual(["close"]);
  expect(decisionsFor(open, session("amara@x.example", { requireSecondPerson: false }))).toEqual([]);
  expect(decisionsFor(open, session("noor@x.example"))).toEqual([]);
  expect(decisionsFor(open, session("priya@x.example", { can: { ...can, settle: false } }))).toEqual([]);
  for (const state of ["recorded", "sending"]) {
    expect(decisionsFor(record(state), session("jonas@x.example"))).toEqual([]);
  }
  expect(decisionsFor(record("completed", { open: false }), session("jonas@x.example"))).toEqual([]);
});

it("a reason is some words", () => {
  expect(reasonProblem("  x ")).not.toBe("");
  expect(reasonProblem("… !? …")).not.toBe("");
  expect(reasonProblem("Found nothing")).toBe("");
});

describe("a reset that waits", () => {
  const leavesAt = Date.UTC(2026, 10, 29, 12);
  const waiting = (more: Partial<ResetRecord> = {}) => record("waiting", { leavesAt, stale: true, ...more });
  const jonas = session("jonas@x.example");

  it("is withdrawn until its time, never settled, and sent by a press where one is needed", () => {
    expect(decisionsFor(waiting(), jonas, leavesAt)).toEqual(["withdraw"]);
    expect(decisionsFor(waiting({ needsPress: "gap" }), jonas, leavesAt - 1)).toEqual(["withdraw"]);
    expect(decisionsFor(waiting({ needsPress: "gap" }), jonas, leavesAt)).toEqual(["send", "withdraw"]);
    expect(decisionsFor(waiting({ needsPress: "group" }), jonas, leavesAt)).toEqual(["withdraw"]);
    expect(decisionsFor(waiting({ needsPress: "group", releasedBy: "jonas@x.example" }), jonas, leavesAt)).toEqual([
      "send",
      "withdraw",
    ]);
    const amara = session("amara@x.example");
    expect(decisionsFor(waiting({ needsPress: "group" }), amara, leavesAt)).toEqual(["send", "withdraw"]);
    const priya = session("priya@x.example", { can: { ...can, reset: false, settle: false } });
    expect(decisionsFor(waiting({ needsPress: "gap" }), priya, leavesAt)).toEqual([]);
  });

  it("says when, and what comes then", () => {
    expect(waitingText(waiting(), leavesAt - 12 * 60_000)).toMatch(
      /^It is sent to Fireblocks in 12 minutes, at .* withdrawn\.$/,
    );
    expect(waitingText(waiting({ needsPress: "group" }), leavesAt - 1)).toContain("must then press");
    expect(waitingText(waiting(), leavesAt)).toContain("with the next look");
    expect(waitingText(waiting({ needsPress: "gap" }), leavesAt)).toMatch(/must press.*it ends without being sent/);
    expect(waitingText(record("waiting"), 0)).toContain("not begun");
    const late = leavesAt + 61 * 60_000;
    expect(waitingText(waiting(), late)).toMatch(/did not leave within an hour, and ends without being sent\.$/);
    for (const now of [leavesAt - 60_000, leavesAt + 60_000]) {
      const paused = waitingText(waiting(), now, true);
      expect(paused).toMatch(/While resets are paused it is not sent, and after .* it ends without being sent\.$/);
      expect(paused).not.toMatch(/is sent (to|with)/);
    }
  });
});

describe("an emergency", () => {
  const breakGlass = { reason: "No time", reviewBy: 86_400_000 };
  it("is reviewed by somebody else, a resetter or an auditor, and once", () => {
    const as = (email: string, ...roles: Session["roles"]) => session(email, { roles });
    const passed = record("approvalRequested", { breakGlass });
    expect(mayReview(passed, as("jonas@x.example", "resetter"))).toBe(true);
    expect(mayReview(passed, as("tomas@x.example", "auditor"))).toBe(true);
    expect(mayReview(passed, as("priya@x.example", "viewer"))).toBe(false);
    expect(mayReview(passed, as("amara@x.example", "resetter"))).toBe(false);
    expect(mayReview(record("completed"), as("jonas@x.example", "resetter"))).toBe(false);
    const reviewed = { ...breakGlass, reviewedAt: 5, reviewedBy: "jonas@x.example" };
    expect(mayReview(record("completed", { breakGlass: reviewed }), as("tomas@x.example", "auditor"))).toBe(false);
    expect(reviewText(passed, 0)).toContain("in 24 hours");
    expect(reviewText(passed, 86_400_000)).toContain("overdue");
    expect(reviewText(record("completed", { breakGlass: reviewed }), 0)).toContain("Reviewed by jonas@x.example");
  });
});

it("a proof is told in its words, with what it means", () => {
  const proof = (kind: string, text?: string, by = "amara@x.example") => ({
    proof: kind,
    at: 0,
    by,
    meaning: `M ${kind}`,
    ...(text && { text }),
  });
  const of = record("proposed", {
    proofs: [
      proof("videoCall", "Badge"),
      proof("inPerson", undefined, "jonas@x.example"),
      proof("other", "He said so"),
    ] as ResetRecord["proofs"],
  });
  expect(proofLines(of)).toEqual([
    { title: "Video call: Badge", meaning: "M videoCall" },
    { title: "In person", meaning: "Stated by jonas@x.example. M inPerson" },
    { title: "He said so", meaning: "M other" },
  ]);
  expect(proofLabels(of)).toBe("Proof: Video call, In person, In words");
});
