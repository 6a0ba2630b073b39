import type { RecordState, ResetEvent, ResetRecord } from "fireblocks-reset-device/gateway-api";
import { describe, expect, it } from "vitest";
import { RECORD_STATES, stateText } from "./record.ts";
import { timeline } from "./timeline.ts";

const event = (name: string, at: number): ResetEvent => ({ at, event: name, source: "worker" });

const record = (state: RecordState, events: ResetEvent[] = [], more: Partial<ResetRecord> = {}): ResetRecord => ({
  id: "r",
  createdAt: 1,
  updatedAt: 99,
  state,
  open: true,
  askedBy: "amara@x.example",
  userId: "u",
  proofs: [],
  upstreamKey: "k",
  attempts: 1,
  listAgeMs: 0,
  stale: false,
  events,
  ...more,
});

const steps = (of: ResetRecord) => timeline(of).map(({ key, status }) => `${key} ${status}`);

describe("timeline", () => {
  it("never says that a device is reset because an approval was requested", () => {
    expect(steps(record("approvalRequested"))).toEqual([
      "recorded done",
      "approvalRequested done",
      "approved now",
      "awaitingPairing next",
      "awaitingSetup next",
      "completed next",
    ]);
  });

  it("shows a manager's confirmation in place of a release, where nobody else is needed", () => {
    const demands = {
      rules: ["R"],
      proofs: [["managerConfirmed" as const]],
      secondPerson: false,
      waits: [],
      because: false,
    };
    const asked = record("proposed", [event("proposed", 1)], { demands });
    expect(steps(asked).slice(0, 2)).toEqual(["proposed done", "managerConfirmed now"]);
    expect(stateText(asked).label).toBe("Waiting for the manager");
    const proofs = [{ proof: "managerConfirmed" as const, meaning: "", at: 2, by: "boss@x.example" }];
    const events = [event("proposed", 1), event("managerConfirmed", 2), event("waiting", 2)];
    expect(steps(record("waiting", events, { demands, proofs })).slice(0, 3)).toEqual([
      "proposed done",
      "managerConfirmed done",
      "waiting now",
    ]);
  });

  it("says of a step that it is only suggested, until it is proven", () => {
    const suggested = { ...event("awaitingPairing", 3), detail: { evidence: "suggested" } };
    const proven = { ...event("awaitingPairing", 4), detail: { evidence: "proven" } };
    const step = (...events: ResetEvent[]) =>
      timeline(record("awaitingPairing", events)).find(({ key }) => key === "awaitingPairing");
    expect(step(suggested)).toMatchObject({ at: 3, suggested: true });
    expect(step(suggested, proven)).not.toHaveProperty("suggested");
  });

  it("is no surer of a step that nobody saw than of the one from which it follows", () => {
    const walk = (evidence: string) => [
      ...[event("recorded", 1), event("approvalRequested", 2)],
      { ...event("awaitingPairing", 3), detail: { evidence } },
    ];
    const approved = (evidence: string) =>
      timeline(record("awaitingPairing", walk(evidence))).find(({ key }) => key === "approved");
    expect(approved("suggested")).toMatchObject({ unseen: true, suggested: true });
    expect(approved("proven")).toMatchObject({ unseen: true });
    expect(approved("proven")).not.toHaveProperty("suggested");
  });

  it("keeps that the outcome was not known, after somebody has settled it", () => {
    const events = [event("recorded", 1), event("unknown", 2), event("settled", 3)];
    expect(steps(record("settled", events))).toEqual(["recorded done", "unknown done", "settled stopped"]);
    expect(steps(record("settled", [event("recorded", 1), event("settled", 3)]))).toEqual([
      "recorded done",
      "settled stopped",
    ]);
  });

  it("tells in the past tense of what is done alone", () => {
    const pending = timeline(record("approvalRequested")).filter(({ status }) => status !== "done");
    expect(pending.map(({ label }) => label)).toEqual([
      "Approval by the workspace's approvers",
      "Unpairing of the old device",
      "Pairing of a phone",
      "Set-up of the phone",
    ]);
  });

  it("says of a done step without an event that nobody saw it", () => {
    const jumped = record("awaitingPairing", [
      event("recorded", 1),
      event("approvalRequested", 2),
      event("awaitingPairing", 3),
    ]);
    expect(
      timeline(jumped)
        .filter(({ unseen }) => unseen)
        .map(({ key }) => key),
    ).toEqual(["approved"]);
  });

  it("has one step in progress while something is awaited, and none at the end", () => {
    for (const state of RECORD_STATES) {
      const now = timeline(record(state)).filter(({ status }) => status === "now");
      expect(now, state).toHaveLength(stateText(record(state)).awaited === undefined ? 0 : 1);
    }
  });

  it("shows how far a rejected reset came, and nothing beyond", () => {
    const rejected = record("rejected", [event("recorded", 1), event("approvalRequested", 2), event("rejected", 3)]);
    expect(steps(rejected)).toEqual(["recorded done", "approvalRequested done", "rejected stopped"]);
    expect(timeline(rejected).at(-1)?.at).toBe(3);
  });

  it("starts with the proposal where a second person is needed", () => {
    expect(steps(record("proposed", [event("proposed", 1)])).slice(0, 3)).toEqual([
      "proposed done",
      "released now",
      "approvalRequested next",
    ]);
    const released = record("approvalRequested", [event("proposed", 1), event("released", 2)], {
      releasedBy: "jonas@x",
    });
    expect(steps(released).slice(0, 3)).toEqual(["proposed done", "released done", "approvalRequested done"]);
  });

  it("puts an unknown outcome where the story stops being known", () => {
    expect(steps(record("unknown", [event("recorded", 1), event("unknown", 2)])).slice(0, 3)).toEqual([
      "recorded done",
      "unknown now",
      "approvalRequested next",
    ]);
  });
});
