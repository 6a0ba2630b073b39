import { describe, expect, it } from "vitest";
import type { Problem, ProblemKind } from "../gateway/problem.ts";
import { explain, lookFailed, problemDetails } from "./explain.ts";

const KINDS: ProblemKind[] = [
  "signedOut",
  "noRole",
  "forbidden",
  "notFound",
  "conflict",
  "limited",
  "paused",
  "refused",
  "keyRefused",
  "fireblocksUnreachable",
  "workerUnreachable",
  "workerSilent",
  "intercepted",
  "notLoaded",
  "cannotRun",
  "notKept",
  "server",
  "unknown",
];

describe("problems", () => {
  it("say what happened, what may have taken effect, and what to do next", () => {
    for (const kind of KINDS) {
      for (const outcome of ["notSent", "refused", "unknown"] as const) {
        const { title, effect, next } = explain({ kind, outcome, message: "It failed.", at: 0 });
        for (const text of [title, effect, next]) expect(text?.length, `${kind} ${outcome}`).toBeGreaterThan(8);
        if (outcome === "unknown" && kind !== "keyRefused") expect(effect).toContain("may or may not");
      }
    }
  });

  it("of a look promise another one only where there is one", () => {
    const failed = (kind: ProblemKind) => lookFailed({ kind, reading: "the request for help", at: 0 });
    expect(failed("workerUnreachable")).toMatch(/Trying again\.$/);
    for (const kind of ["notFound", "noRole"] as const) expect(failed(kind)).not.toContain("Trying again");
  });

  it("of a release that lacks something lead to the form that takes it", () => {
    const next = (decision: "release" | "send") =>
      explain({ kind: "conflict", outcome: "refused", decision, code: 1310, at: 0 }).next;
    expect(next("release")).toContain("State it below");
    expect(next("send")).toBe("Look at the record as it is now.");
  });

  it("say how long to wait, in a unit that one can plan with", () => {
    const next = (retryAfterMs?: number) =>
      explain({ kind: "limited", outcome: "refused", message: "m", at: 0, ...(retryAfterMs && { retryAfterMs }) }).next;
    expect(next(30_000)).toBe("Try again in 30 seconds.");
    expect(next(10 * 60_000)).toBe("Try again in 10 minutes.");
    expect(next(6.2 * 3_600_000)).toBe("Try again in 7 hours.");
    expect(next()).toBe("Try again in 60 seconds.");
  });

  it("tell what waits elsewhere, and an open reset of another admin, from an open one of the same user", () => {
    const conflict = (code: number) => explain({ kind: "conflict", outcome: "refused", code, message: "m", at: 0 });
    expect(conflict(1301).title).toBe("A reset of this user is already open");
    expect(conflict(1302)).toMatchObject({
      title: "A request already waits in Fireblocks",
      next: expect.stringContaining("Console"),
    });
    const { title, next } = conflict(1314);
    expect(title).toBe("Another admin's reset is open");
    expect(next).toContain("in the history, or in the Fireblocks Console");
  });

  it("give details of known facts alone", () => {
    const problem = { kind: "server", outcome: "unknown", message: "m", at: 0, status: 500, cookie: "CF=1" } as Problem;
    expect(problemDetails(problem)).toBe(
      "What: server\nMessage: m\nOutcome: unknown\nStatus: 500\nAt: 1970-01-01T00:00:00.000Z",
    );
  });
});
