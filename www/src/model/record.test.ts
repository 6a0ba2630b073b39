import type { Due, ResetRecord } from "fireblocks-reset-device/gateway-api";
import { expect, it } from "vitest";
import { RECORD_STATES, stateLabel, stateText } from "./record.ts";

it("has a name for every state", () => {
  for (const state of RECORD_STATES) expect(stateLabel(state).label).not.toBe("");
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
