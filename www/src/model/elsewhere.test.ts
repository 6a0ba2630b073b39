import type { ElsewhereReset } from "fireblocks-reset-device/gateway-api";
import { describe, expect, it } from "vitest";
import { elsewhereSeen, elsewhereTitle, seesElsewhere } from "./elsewhere.ts";

const request = { at: 1_000, actor: "jonas@x", actorId: "j", byOurKey: false };
const fall = { userId: "n", userEmail: "noor@x", readyAt: 0, at: 2_000 };
const entry = (more: Partial<ElsewhereReset>): ElsewhereReset => ({ id: "e", seenAt: 3_000, ...more });

describe("what was seen is said, and no more", () => {
  it("of a request alone: who, and that nobody knows whose device", () => {
    const seen = elsewhereSeen(entry({ request })).join(" ");
    expect(seen).toContain("jonas@x asked for the reset of a device");
    expect(seen).toContain("The log does not say whose.");
    expect(seen).not.toMatch(/likely|had a device/);
  });

  it("of a device that is gone beside it: likely, not proven", () => {
    const seen = elsewhereSeen(entry({ request, fall })).join(" ");
    expect(seen).toContain("noor@x had a device");
    expect(seen).toContain("likely, not proven");
  });

  it("of a device that is gone alone: nobody is named for it", () => {
    const reset = entry({ fall });
    expect(elsewhereTitle(reset)).toBe("A device that is gone: noor@x");
    expect(elsewhereSeen(reset).join(" ")).toContain("No request for it was found");
  });

  it("of our own key, before all else", () => {
    const reset = entry({ request: { ...request, byOurKey: true, actor: "" } });
    expect(elsewhereTitle(reset)).toBe("A request with this service's own key");
    expect(elsewhereSeen(reset).join(" ")).toContain("this service's API user, j asked");
  });
});

it("resetters and auditors say whether it is known", () => {
  expect(seesElsewhere({ roles: ["auditor"] })).toBe(true);
  expect(seesElsewhere({ roles: ["viewer"] })).toBe(false);
});
