import type { Proof, ResetRecord } from "fireblocks-reset-device/gateway-api";
import { describe, expect, it } from "vitest";
import { decisionsFor } from "./decision.ts";
import { countsOf, offerOf, releaseOf, releaseText, statementProblem } from "./release.ts";

const record = (
  proofs: Proof[][],
  given: Proof[] = [],
  waits: { minutes: number; with?: { inPerson: number } }[] = [],
) =>
  ({
    ...{ state: "proposed", open: true, askedBy: "amara@x.example", userId: "n", userName: "Noor Haddad" },
    proofs: given.map((proof) => ({ proof, at: 0, by: "amara@x.example", meaning: "" })),
    demands: { rules: [], proofs, secondPerson: true, waits, because: false },
  }) as unknown as ResetRecord;

describe("what whoever releases can state", () => {
  it("is asked for where it is lacking, and as far as it counts", () => {
    expect(offerOf(record([["inPerson", "videoCall"]], ["videoCall"]), false)).toBeUndefined();
    expect(offerOf(record([["managerConfirmed", "inPerson"], ["calledBack"]]), false)).toEqual({
      lacking: "It lacks the manager's confirmation or a meeting in person, and a call back on a known number.",
      chosen: ["inPerson", "calledBack"],
      words: false,
    });
    expect(offerOf(record([["codeMatched", "other"]]), false)).toMatchObject({ chosen: [], words: true });
  });

  it("is anything once the worker demands more than the record tells", () => {
    expect(offerOf(record([]), true)).toMatchObject({ chosen: ["inPerson", "videoCall", "calledBack"], words: true });
  });

  it("is said to be needed until each list has a proof", () => {
    const both = record([
      ["inPerson", "videoCall"],
      ["calledBack", "other"],
    ]);
    expect(statementProblem(both, {})).toBe("Say first what of it you have verified yourself.");
    expect(statementProblem(both, { proofs: { videoCall: "" } })).toBe(
      "Still needed: a call back on a known number or another proof in your words.",
    );
    expect(statementProblem(both, { proofs: { videoCall: "" }, verifiedBy: "Their lead vouched" })).toBe("");
  });

  it("is sent with what was said of it, and not at all where nothing was", () => {
    expect(releaseOf({})).toEqual({});
    expect(releaseOf({ proofs: { inPerson: " At the desk ", videoCall: "" }, verifiedBy: " She knows him " })).toEqual({
      proofs: [
        { proof: "inPerson", text: "At the desk" },
        { proof: "videoCall" },
        { proof: "other", text: "She knows him" },
      ],
    });
  });

  it("is no more than what is still offered, whatever was said before", () => {
    const said = { proofs: { inPerson: "At the desk", videoCall: "" }, verifiedBy: "She knows him" };
    const left = (proofs: Proof[][], given: Proof[] = []) => countsOf(said, offerOf(record(proofs, given), false));
    expect(left([["inPerson", "managerConfirmed"]])).toEqual({ proofs: { inPerson: "At the desk" } });
    expect(left([["inPerson", "managerConfirmed"]], ["managerConfirmed"])).toEqual({});
    expect(left([["codeMatched", "other"]])).toEqual({ verifiedBy: "She knows him" });
  });

  it("makes a wait shorter at once", () => {
    const waits = [{ minutes: 60, with: { inPerson: 0 } }];
    expect(releaseText(record([["inPerson"]], [], waits)).afterwards).toContain("one hour's wait");
    expect(releaseText(record([["inPerson"]], [], waits), { proofs: { inPerson: "" } }).afterwards).toBeUndefined();
  });

  it("lets them release what would else wait for the manager, and nothing that takes more", () => {
    const session = { email: "jonas@x.example", can: { reset: true, settle: true } } as Parameters<
      typeof decisionsFor
    >[1];
    expect(decisionsFor(record([["managerConfirmed", "inPerson"]]), session)).toEqual(["release", "withdraw"]);
    expect(decisionsFor(record([["managerConfirmed"]]), session)).toEqual(["withdraw"]);
    expect(decisionsFor(record([["inPerson"], ["codeMatched"]]), session)).toEqual(["withdraw"]);
  });
});
