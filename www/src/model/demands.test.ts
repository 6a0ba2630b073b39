import type { Demands, Proof } from "fireblocks-reset-device/gateway-api";
import { describe, expect, it } from "vitest";
import { blockedTexts, isDemanding, needsText, rulesText, seenAlone, shorterWaits, waitText } from "./demands.ts";

const nothing: Demands = { rules: [], proofs: [], secondPerson: false, waits: [], because: false };
const note: Demands["proofs"][number] = [
  "codeMatched",
  "managerConfirmed",
  "inPerson",
  "videoCall",
  "calledBack",
  "other",
];

describe("what a reset needs, in words", () => {
  it.each<[Partial<Demands>, string]>([
    [
      { proofs: [["codeMatched"]], secondPerson: true, waits: [{ minutes: 60 }] },
      "For Elena: a matched code, a second person, then one hour's wait.",
    ],
    [
      { proofs: [["inPerson", "videoCall"], ["calledBack"]] },
      "For Elena: a meeting in person or a video call, a call back on a known number.",
    ],
    [{ proofs: [note], because: true }, "For Elena: the answer above, a proof of identity."],
    [{ waits: [{ minutes: 0.1 }] }, "For Elena: 6 seconds' wait."],
    [{ forbidden: true, secondPerson: true }, "The policy allows no reset of Elena's device now."],
  ])("%o", (more, sentence) => expect(needsText("Elena", { ...nothing, ...more })).toBe(sentence));

  it("a proof of a newer worker by its own word", () => {
    const proofs = [["voiceId" as Proof, "inPerson" as const]];
    expect(needsText("Elena", { ...nothing, proofs })).toBe("For Elena: “voiceId” or a meeting in person.");
  });

  it.each([
    [1_000, "one second's wait"],
    [90_000, "2 minutes' wait"],
    [90 * 60_000, "90 minutes' wait"],
    [3_600_000, "one hour's wait"],
    [2 * 86_400_000, "2 days' wait"],
  ])("%i ms is %s", (ms, text) => expect(waitText(ms)).toBe(text));

  it("tells which proof makes the wait shorter, and uses it once it is given", () => {
    const demands = { ...nothing, waits: [{ minutes: 60, with: { inPerson: 0, codeMatched: 10 } }] };
    expect(shorterWaits(demands)).toEqual([
      "With a matched code: 10 minutes' wait.",
      "With a meeting in person: no wait.",
    ]);
    expect(needsText("Elena", demands, ["codeMatched"])).toBe("For Elena: 10 minutes' wait.");
    expect(shorterWaits({ ...nothing, waits: [...demands.waits, { minutes: 60 }] })).toEqual([]);
  });

  it("is said only where it is more than the form asks for anyway", () => {
    expect(isDemanding(nothing)).toBe(false);
    expect(isDemanding({ ...nothing, proofs: [note], rules: ["REQUIRE_NOTE"] })).toBe(false);
    expect(isDemanding({ ...nothing, secondPerson: true, rules: ["REQUIRE_SECOND_PERSON"] })).toBe(false);
    expect(isDemanding({ ...nothing, secondPerson: true, rules: ["Admins"] })).toBe(true);
    expect(isDemanding({ ...nothing, waits: [{ minutes: 0 }] })).toBe(false);
    expect(isDemanding({ ...nothing, because: true })).toBe(true);
  });

  it("says where nobody can state it", () => {
    expect(seenAlone({ ...nothing, proofs: [["codeMatched", "managerConfirmed"]] })).toBe(true);
    expect(seenAlone({ ...nothing, proofs: [["codeMatched", "inPerson"], note] })).toBe(false);
  });
});

describe("what would be refused now", () => {
  const quorum = { admins: { ready: 4, left: 3 }, signers: { ready: 9, left: 9 }, minReadyAdmins: 4 };
  const blocked = { code: "tooFewAdmins", message: "The worker's sentence.", recordId: "r" };

  it("is told with what comes first: the other reset, by its record or else in the Console", () => {
    const texts = blockedTexts("Elena", { blocked, quorum });
    expect(texts?.what).toContain("a reset of Elena's device would leave fewer than 4 admins with a device");
    const one = blockedTexts("Elena", { blocked, quorum: { ...quorum, minReadyAdmins: 1 } });
    expect(one?.what).toContain("would leave no admin with a device");
    expect(texts?.next).toBe("See it through first, or end it. Then ask for this one again.");
    const { recordId: _, ...elsewhere } = blocked;
    expect(blockedTexts("Elena", { blocked: elsewhere, quorum })?.next).toContain("Fireblocks Console");
  });

  it("for a reason that this page does not know is told in the worker's words", () => {
    expect(blockedTexts("Elena", { blocked: { code: "new", message: "Not now." }, quorum })).toEqual({
      title: "Not possible now",
      what: "Not now.",
    });
    expect(blockedTexts("Elena", { quorum })).toBeUndefined();
  });
});

it("rules are told by their names, and settings as what they are", () => {
  expect(rulesText({ rules: ["Admins", "REQUIRE_NOTE", "REQUIRE_SECOND_PERSON"] })).toBe(
    "Rules that apply: Admins, the settings of this service.",
  );
  expect(rulesText({ rules: ["Admins"] })).toBe("Rules that apply: Admins.");
});
