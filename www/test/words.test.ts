import { describe, expect, it } from "vitest";
import type { ResetRecord, UserRow } from "worker/api";
import type { Problem, ProblemKind } from "../src/gateway/problem.ts";
import { consequencesFor } from "../src/model/consequences.ts";
import { explain, problemDetails } from "../src/model/explain.ts";
import { handoverMessage } from "../src/model/handover.ts";
import { historyFilters, resetQuery } from "../src/model/history-query.ts";
import { RECORD_STATES, stateLabel } from "../src/model/record.ts";
import { relativeTime } from "../src/model/time.ts";
import { roleLabel, statusLabel, whyBlocked } from "../src/model/user.ts";

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
  "notLoaded",
  "notKept",
  "server",
  "unknown",
];

describe("problems", () => {
  it("say what happened, what may have taken effect, and what to do next", () => {
    for (const kind of KINDS) {
      for (const outcome of ["notSent", "refused", "unknown"] as const) {
        const { title, effect, next } = explain({ kind, outcome, message: "It failed.", at: 0 });
        for (const text of [title, effect, next]) expect(text.length, `${kind} ${outcome}`).toBeGreaterThan(8);
        if (outcome === "unknown" && kind !== "keyRefused") expect(effect).toContain("may or may not");
      }
    }
  });

  it("say how long to wait, in a unit that one can plan with", () => {
    const next = (retryAfterMs?: number) =>
      explain({ kind: "limited", outcome: "refused", message: "m", at: 0, ...(retryAfterMs && { retryAfterMs }) }).next;
    expect(next(30_000)).toBe("Try again in 30 seconds.");
    expect(next(10 * 60_000)).toBe("Try again in 10 minutes.");
    expect(next(6.2 * 3_600_000)).toBe("Try again in 7 hours.");
    expect(next()).toBe("Try again in 60 seconds.");
  });

  it("give details of known facts alone", () => {
    const problem = { kind: "server", outcome: "unknown", message: "m", at: 0, status: 500, cookie: "CF=1" } as Problem;
    expect(problemDetails(problem)).toBe(
      "What: server\nMessage: m\nOutcome: unknown\nStatus: 500\nAt: 1970-01-01T00:00:00.000Z",
    );
  });
});

describe("consequences", () => {
  const texts = (role: string) =>
    consequencesFor({ id: "1", firstName: "Ada", role } as UserRow)
      .map(({ text }) => text)
      .join("\n");

  it("tell of the quorum for admins and of MPC keys for signers", () => {
    expect(texts("NON_SIGNING_ADMIN")).toContain("Admin Quorum");
    expect(texts("NON_SIGNING_ADMIN")).not.toContain("MPC");
    expect(texts("SIGNER")).toContain("MPC");
    expect(texts("SIGNER")).not.toContain("Quorum");
    expect(texts("ADMIN")).toMatch(/Quorum[\s\S]*MPC/);
    for (const role of ["AUDITOR", "A_NEW_ROLE"]) expect(texts(role)).toMatch(/Other workspaces[\s\S]*2FA/);
  });
});

describe("the message for the affected user", () => {
  const message = (state: string) =>
    handoverMessage({ state, createdAt: 0, userName: "Noor Haddad", reference: "IT-1" } as ResetRecord, "Northwind");

  it("never says more than is known", () => {
    expect(message("approvalRequested")).toContain("Until then nothing changes.");
    expect(message("approvalRequested")).not.toContain("was reset");
    expect(message("awaitingPairing")).toContain("was reset. Please pair a phone now");
    for (const state of ["proposed", "recorded", "sending", "unknown", "refused", "withdrawn"]) {
      expect(message(state), state).toBeUndefined();
    }
  });
});

describe("the history's filters", () => {
  it("count the last day whole, in the reader's own calendar", () => {
    const { from, to } = resetQuery(historyFilters(new URLSearchParams("from=2026-03-28&to=2026-03-29")));
    expect(new Date(from ?? 0)).toEqual(new Date(2026, 2, 28));
    expect(new Date((to ?? 0) + 1)).toEqual(new Date(2026, 2, 30));
  });

  it("drop what is no day", () => {
    expect(resetQuery(historyFilters(new URLSearchParams("from=yesterday&state=refused")))).toEqual({
      state: "refused",
    });
  });
});

describe("words", () => {
  it("are there for every state, and for roles and statuses that nobody has heard of", () => {
    for (const state of RECORD_STATES) expect(stateLabel(state).label).not.toBe("");
    expect(roleLabel("GRAND_VIZIER")).toBe("Grand vizier");
    expect(statusLabel({ status: "ASLEEP" }).label).toBe("Asleep");
    expect(statusLabel({}).label).toBe("No status");
  });

  it("of the worker name a role as the page does", () => {
    const blocked = { code: "role", message: "A user with the role NON_SIGNING_ADMIN has no mobile device to reset." };
    expect(whyBlocked({ blocked, role: "NON_SIGNING_ADMIN" })).toContain("the role Non-Signing Admin has");
    expect(whyBlocked({ blocked: { code: "self", message: "You cannot." } })).toBe("You cannot.");
  });

  it("tell time relative to now", () => {
    const hour = 3_600_000;
    expect(relativeTime(1000, 2000)).toBe("just now");
    expect(relativeTime(0, 61_000)).toMatch(/1 minute ago/);
    expect(relativeTime(0, 50_000)).toMatch(/1 minute ago/);
    expect(relativeTime(0, 5 * hour)).toMatch(/5 hours ago/);
    expect(relativeTime(0, 24 * hour)).toBe("yesterday");
  });
});
