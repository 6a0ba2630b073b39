import { describe, expect, it } from "vitest";
import { dueOf } from "./due";

const HOUR = 3_600_000;
const windows = { keySharesWithinMs: 48 * HOUR, setupWithinMs: 48 * HOUR };
const row = {
  state: "approvalRequested",
  created_at: 0,
  updated_at: HOUR,
  answered_at: 5,
  proposal_expires_at: null,
  leaves_at: null,
  request_expires_at: null,
  statuses: "[]",
  user_role: "SIGNER",
} as const;
const paired = JSON.stringify([
  { status: "PENDING_DEVICE_PAIRING", at: HOUR },
  { status: "PENDING_DEVICE_SETUP", at: 2 * HOUR },
]);

describe("who is awaited, until when", () => {
  it.each([
    ["a proposal", { state: "proposed", proposal_expires_at: 24 * HOUR }, 0, ["secondPerson", 0, 24 * HOUR]],
    ["a reset that waits", { state: "waiting", leaves_at: 3 * HOUR }, 0, ["departure", HOUR, 3 * HOUR]],
    ["one whose wait has not begun", { state: "waiting" }, 0, undefined],
    ["a request whose end is known", { request_expires_at: 50 * HOUR }, 0, ["approvers", 5, 50 * HOUR]],
    ["a request whose end nobody can read", {}, 0, undefined],
    ["a pairing that is awaited", { state: "awaitingPairing" }, 0, undefined],
    [
      "a paired phone, in the Owner's time",
      { state: "awaitingSetup", statuses: paired },
      10 * HOUR,
      ["owner", 2 * HOUR, 50 * HOUR],
    ],
    [
      "a paired phone, past the Owner's time",
      { state: "awaitingSetup", statuses: paired },
      50 * HOUR,
      ["person", 50 * HOUR, 98 * HOUR],
    ],
    [
      "a paired phone of somebody who does not sign",
      { state: "awaitingSetup", statuses: paired, user_role: "APPROVER" },
      10 * HOUR,
      undefined,
    ],
    ["a paired phone that nobody saw paired", { state: "awaitingSetup" }, 10 * HOUR, undefined],
    ["an end", { state: "completed" }, 0, undefined],
  ] as const)("%s", (_, change, now, expected) => {
    const due = dueOf({ ...row, ...change }, windows, now);
    expect(due && [due.awaited, due.since, due.until]).toEqual(expected);
  });
});
