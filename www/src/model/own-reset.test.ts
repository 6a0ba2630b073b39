import type { Due, Me, MyReset, Proof } from "fireblocks-reset-device/gateway-api";
import { describe, expect, it } from "vitest";
import { comesFirst, ownResetText } from "./own-reset.ts";

const HOUR = 3_600_000;
const reset = (state: MyReset["state"], awaited?: Due["awaited"], more: Partial<MyReset> = {}): MyReset => ({
  ...{ id: "r", state, open: true, createdAt: 0, updatedAt: 0, askedBy: "amara@x", proofs: [], events: [] },
  ...(awaited && { due: { awaited, since: 0, until: 10 * HOUR } }),
  ...more,
});

describe("one's own reset says who is awaited until when, and what happens then", () => {
  it.each([
    [
      "proposed",
      "secondPerson",
      "Somebody else has to agree first: another admin, or your manager.",
      "nothing is sent",
    ],
    ["approvalRequested", "approvers", "The workspace's approvers decide", "your device is not reset"],
    ["awaitingSetup", "owner", "The workspace's Owner approves your new key shares", "does not say what happens then"],
    ["awaitingSetup", "person", "Finish the set-up in the Fireblocks app.", "does not say what happens then"],
  ] as const)("%s: %s", (state, awaited, next, then) => {
    const text = ownResetText(reset(state, awaited), 0);
    expect(`${text.sentence} ${text.next}`).toContain(next);
    expect(text.end).toContain("in 10 hours");
    expect(text.end).toContain(then);
    expect(ownResetText(reset(state, awaited), 11 * HOUR).end).toContain("Its time ran out");
  });

  it("waiting: from when on it may be sent, and that it can be stopped until it is", () => {
    const waiting = reset("waiting", "departure");
    expect(ownResetText(waiting, 0).end).toMatch(
      /^Not before .*, in 10 hours\. Until it is sent you can stop it here\.$/,
    );
    expect(ownResetText(waiting, 11 * HOUR).end).toMatch(/^Its time came /);
  });

  it("nothing where nobody knows, and nothing of what has ended", () => {
    expect(ownResetText(reset("awaitingPairing"), 0)).toMatchObject({
      next: expect.stringContaining("scan the QR code"),
    });
    expect(ownResetText(reset("awaitingPairing"), 0)).not.toHaveProperty("end");
    const over = ownResetText(reset("proposed", "secondPerson", { open: false }), 0);
    expect(over).not.toHaveProperty("next");
    expect(over).not.toHaveProperty("end");
  });
});

it("a proof of a newer worker is named as it is", () => {
  const { facts } = ownResetText(reset("approved", undefined, { proofs: ["voiceId" as Proof, "inPerson"] }), 0);
  expect(facts.at(-1)?.[1]).toBe("“voiceId”; they met you in person");
});

it("what is only suggested of one's own reset is told as that", () => {
  const text = ownResetText(reset("completed", undefined, { open: false, evidence: "suggested" }), 0);
  expect(text).toMatchObject({ label: "Ready again, suggested", sentence: expect.stringContaining("not proven") });
});

it("an open reset comes before the way to ask for one, but not while two people talk about it", () => {
  const help = { state: "open" } as Me["help"] & object;
  expect(comesFirst({ resets: [] })).toBe(false);
  expect(comesFirst({ resets: [reset("completed", undefined, { open: false })] })).toBe(false);
  expect(comesFirst({ resets: [reset("proposed")] })).toBe(true);
  expect(comesFirst({ resets: [reset("proposed")], help: { ...help, state: "used" } })).toBe(true);
  expect(comesFirst({ resets: [reset("proposed")], help })).toBe(false);
});
