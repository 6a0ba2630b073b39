import type { UserRow } from "fireblocks-reset-device/gateway-api";
import { describe, expect, it } from "vitest";
import { answerProblems, emergencyProblems, fieldTexts, noteOf } from "./reset-form.ts";

const user = { id: "u-1", email: "Noor.Haddad@x.example" } as UserRow;
const given = { verifiedBy: "Video call", reason: "Phone lost", email: " noor.haddad@X.example " };

describe("what is asked before a reset", () => {
  it("is enough once everything is given, whatever the e-mail's case", () => {
    expect(answerProblems(given, user, true)).toEqual({});
    expect(answerProblems({ email: given.email }, user, false)).toEqual({});
  });

  it("is missed by name", () => {
    expect(Object.keys(answerProblems({ verifiedBy: "  " }, user, true))).toEqual(["verifiedBy", "reason", "email"]);
    expect(answerProblems({ ...given, email: "noor@x.example" }, user, true).email).toContain("not the e-mail");
    expect(answerProblems({ ...given, email: "" }, user, true).email).toContain("Type the e-mail");
  });

  it("takes the id of somebody without an e-mail", () => {
    for (const nobody of [{ id: "u-1" }, { id: "u-1", email: "" }] as UserRow[]) {
      expect(fieldTexts(nobody, true).email.label).toBe("Type u-1 to confirm");
      expect(answerProblems({ ...given, email: "u-1" }, nobody, true)).toEqual({});
      expect(answerProblems({ ...given, email: "" }, nobody, true).email).toBe("Type the id of the user above.");
      expect(answerProblems({ ...given, email: "u-2" }, nobody, true).email).toContain("not the id");
    }
  });

  it("is sent without what was left empty, and never with what confirmed it", () => {
    expect(noteOf({ ...given, verifiedBy: " Video call ", reference: " " })).toEqual({
      verifiedBy: "Video call",
      reason: "Phone lost",
    });
  });

  it("takes a chosen proof for the words, and asks for what the policy still needs", () => {
    const chosen = { reason: "Phone lost", email: given.email, proofs: { videoCall: " Badge " } };
    expect(answerProblems(chosen, user, true)).toEqual({});
    const demands = {
      rules: ["R"],
      proofs: [["inPerson" as const], ["videoCall" as const]],
      secondPerson: false,
      waits: [],
      because: true,
      met: [],
      breakGlass: false,
      managerAsked: false,
      quorum: { admins: { ready: 3, left: 2 }, signers: { ready: 2, left: 1 } },
    };
    expect(answerProblems(chosen, user, true, demands)).toEqual({
      because: "Say what happened to the phone.",
      proofs: "Still needed: a meeting in person.",
    });
    const all = { ...chosen, because: "lost" as const, proofs: { videoCall: " Badge ", inPerson: "" } };
    expect(answerProblems(all, user, true, demands)).toEqual({});
    expect(noteOf(all)).toEqual({
      reason: "Phone lost",
      because: "lost",
      proofs: [{ proof: "inPerson" }, { proof: "videoCall", text: "Badge" }],
    });
  });

  it("takes what was seen already, and leaves to the manager what is asked of them", () => {
    const answers = { reason: "Phone lost", email: given.email };
    const needs = (proof: "codeMatched" | "managerConfirmed", more: object) => ({
      ...{ rules: ["R"], proofs: [[proof]], secondPerson: false, waits: [], because: false },
      ...{ met: [], breakGlass: false, managerAsked: false, ...more },
      quorum: { admins: { ready: 3, left: 2 }, signers: { ready: 2, left: 1 } },
    });
    expect(answerProblems(answers, user, true, needs("codeMatched", {})).proofs).toBe("Still needed: a matched code.");
    expect(answerProblems(answers, user, true, needs("codeMatched", { met: ["codeMatched"] }))).toEqual({});
    expect(answerProblems(answers, user, false, needs("managerConfirmed", {})).proofs).toBeDefined();
    expect(answerProblems(answers, user, false, needs("managerConfirmed", { managerAsked: true }))).toEqual({});
    expect(noteOf(answers, false, "h1")).toEqual({ reason: "Phone lost", helpRequest: "h1" });
  });

  it("is nothing but why and whom in an emergency, which nothing else is sent as", () => {
    const urgent = { breakGlass: "No time", email: given.email };
    expect(emergencyProblems(urgent, user)).toEqual({});
    expect(Object.keys(emergencyProblems({ breakGlass: "  " }, user))).toEqual(["breakGlass", "email"]);
    expect(noteOf(urgent, true)).toEqual({ breakGlass: "No time" });
    expect(noteOf(urgent)).toEqual({});
  });
});
