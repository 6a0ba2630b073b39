import type { Due, Proof, ResetRecord } from "fireblocks-reset-device/gateway-api";
import { describe, expect, it } from "vitest";
import { canBeReleased, RECORD_STATES, stateLabel, stateText } from "./record.ts";

it("has a name for every state", () => {
  for (const state of RECORD_STATES) expect(stateLabel(state).label).not.toBe("");
});

it("tells what is only suggested as that, in the table's few words too", () => {
  for (const state of ["completed", "awaitingPairing", "awaitingSetup"] as const) {
    const record = { state, userId: "n" } as ResetRecord;
    const proven = stateText({ ...record, evidence: "proven" });
    const suggested = stateText({ ...record, evidence: "suggested" });
    expect(`${proven.label} ${proven.sentence}`).not.toMatch(/suggested/);
    expect(suggested.label).toBe(`${proven.label}, suggested`);
    expect(suggested.sentence).toContain("not proven");
    expect(suggested.sentence).not.toMatch(/was reset|Nothing more/);
  }
});

describe("a proposal that lacks a proof", () => {
  const lacking = (...proofs: Proof[][]) =>
    ({
      ...{ state: "proposed", id: "r", askedBy: "amara@x.example", userName: "Noor", userId: "n" },
      ...{ proofs: [], demands: { rules: [], proofs, secondPerson: true, waits: [], because: false } },
    }) as unknown as ResetRecord;

  it("that the manager alone can bring waits for them", () => {
    const record = lacking(["managerConfirmed"]);
    expect(canBeReleased(record)).toBe(false);
    expect(stateText(record)).toMatchObject({ label: "Waiting for the manager" });
    expect(stateText(record).awaited).toMatch(/yes or no\.$/);
  });

  it("that somebody else can state as well waits for either", () => {
    const record = lacking(["managerConfirmed", "videoCall"]);
    expect(canBeReleased(record)).toBe(true);
    expect(stateText(record).awaited).toContain("Or an admin other than amara@x.example releases it");
  });

  it("that nobody can bring any more is to be withdrawn", () => {
    const record = lacking(["codeMatched"], ["inPerson"]);
    expect(canBeReleased(record)).toBe(false);
    expect(stateText(record)).toMatchObject({ label: "Cannot be released" });
    expect(stateText(record).sentence).toContain("a matched code");
    expect(stateText(record).awaited).toContain("withdraws it");
  });

  it("that whoever releases can state waits for them", () => {
    expect(stateText(lacking(["inPerson"])).label).toBe("Waiting for release");
  });
});

it.each([
  ["SIGNER", "owner", /^The workspace's Owner approves .* Then Noor finishes/],
  ["SIGNER", undefined, /^The workspace's Owner approves/],
  ["SIGNER", "person", /^Noor finishes the set-up in the Fireblocks app\.$/],
  ["APPROVER", undefined, /^Noor finishes the set-up in the Fireblocks app\.$/],
  [undefined, undefined, /If they sign, the Owner/],
] as const)("after the pairing of a %s, while the %s is awaited, says who acts next", (userRole, awaited, words) => {
  const due = awaited && ({ awaited, since: 0, until: 1 } satisfies Due);
  const record = { state: "awaitingSetup", userName: "Noor", userId: "n", userRole, due } as unknown as ResetRecord;
  expect(stateText(record).awaited).toMatch(words);
});
