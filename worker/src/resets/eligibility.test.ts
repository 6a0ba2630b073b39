import type { ConsoleUser } from "fireblocks-reset-device";
import { describe, expect, it } from "vitest";
import { judgeFor, type Rules } from "./eligibility";

const rules: Rules = { userMap: new Map(), resetsByUnmapped: false, resetsByServiceTokens: false };
const asker: ConsoleUser = { id: "a", email: "ada@example.com", role: "ADMIN", status: "READY", enabled: true };
const target: ConsoleUser = {
  id: "t",
  email: "tim@example.com",
  role: "SIGNER",
  status: "READY",
  enabled: true,
  userType: "CONSOLE",
};

const judge = (
  user: ConsoleUser,
  by = { kind: "person" as "person" | "service", name: "ada@example.com" },
  set = rules,
) => judgeFor(by, [asker, user], set)(user);

describe("who may be reset", () => {
  it("a ready signer", () => expect(judge(target)).toEqual({}));

  it.each([
    ["owner", { role: "OWNER" }],
    ["apiUser", { userType: "API" }],
    ["roleWithoutDevice", { role: "EDITOR" }],
    ["roleWithoutDevice", { role: "VIEWER" }],
    ["disabled", { enabled: false }],
    ["notActivated", { status: "PENDING_ACTIVATION" }],
  ])("not, with the sentence of %s: %o", (code, change) => {
    const { refusal } = judge({ ...target, ...change });
    expect(refusal?.code).toBe(code);
    expect(refusal?.message).toMatch(/^[A-Z].*\.$/);
  });

  it("one who is pairing, with a warning", () => {
    expect(judge({ ...target, status: "PENDING_DEVICE_PAIRING" })).toEqual({
      warning: expect.stringMatching(/paired/),
    });
  });

  it("one whose role and status are newer than this worker", () => {
    expect(judge({ ...target, role: "NEW_ROLE", status: "NEW_STATUS" })).toEqual({});
  });
});

describe("nobody resets their own device", () => {
  it.each([
    "ada@example.com",
    "ADA@EXAMPLE.COM",
    "Ada@Example.com",
    " ada@example.com ",
    "ada@example.com.",
    "ada+phone@example.com",
    "ａda@example.com",
    "áda@example.com",
    "a\u200Bda@example.com",
  ])("spelled %s", (email) => {
    expect(judge({ ...target, email }).refusal?.code).toBe("self");
  });

  it("by way of the configured map, to an e-mail or an id", () => {
    const by = { kind: "person" as const, name: "ada@idp.example" };
    for (const to of ["Tim@Example.com", "t"]) {
      expect(judge(target, by, { ...rules, userMap: new Map([["ada@idp.example", to]]) }).refusal?.code).toBe("self");
    }
  });

  it("by another spelling of an address in the map", () => {
    const mapped = { ...rules, resetsByUnmapped: true, userMap: new Map([["ada@idp.example", "t"]]) };
    for (const name of ["ada+x@idp.example", "áda@idp.example"]) {
      expect(judge(target, { kind: "person", name }, mapped).refusal?.code).toBe("self");
      // And nothing is given by it.
      expect(judge(target, { kind: "person", name }, { ...mapped, resetsByUnmapped: false }).refusal?.code).toBe(
        "self",
      );
      expect(
        judge({ ...target, id: "u" }, { kind: "person", name }, { ...mapped, resetsByUnmapped: false }).refusal?.code,
      ).toBe("askerUnknown");
    }
  });
});

describe("who may ask", () => {
  it("no stranger, unless that is configured", () => {
    const by = { kind: "person" as const, name: "stranger@example.com" };
    expect(judge(target, by).refusal?.code).toBe("askerUnknown");
    expect(judge(target, by, { ...rules, resetsByUnmapped: true })).toEqual({});
  });

  it.each(["ada+x@example.com", "áda@example.com", "ada@example.com."])(
    "nobody whose address is only like a user's: %s",
    (name) => {
      const by = { kind: "person" as const, name };
      expect(judge(target, by).refusal?.code).toBe("askerUnknown");
      // Who could be the target is refused as such before that.
      expect(judge({ ...target, email: "ada@example.com" }, by).refusal?.code).toBe("self");
    },
  );

  it("whoever the configured map knows, case aside", () => {
    const by = { kind: "person" as const, name: "ada@idp.example" };
    for (const to of ["ADA@example.com", "a"]) {
      expect(judge(target, by, { ...rules, userMap: new Map([["ada@idp.example", to]]) })).toEqual({});
    }
    const alike = new Map([["ada@idp.example", "ada+x@example.com"]]);
    expect(judge(target, by, { ...rules, userMap: alike }).refusal?.code).toBe("askerUnknown");
  });

  it("nobody who is disabled in the workspace, also beside an API user of the same address", () => {
    const disabled = { ...asker, enabled: false };
    const api: ConsoleUser = { ...asker, id: "api", userType: "API" };
    const verdict = judgeFor({ kind: "person", name: "ada@example.com" }, [disabled, api, target], rules)(target);
    expect(verdict.refusal?.code).toBe("askerInactive");
  });

  it("no service token, unless that is configured", () => {
    const by = { kind: "service" as const, name: "robot" };
    expect(judge(target, by).refusal?.code).toBe("serviceToken");
    expect(judge(target, by, { ...rules, resetsByServiceTokens: true })).toEqual({});
    expect(judge({ ...target, role: "OWNER" }, by, { ...rules, resetsByServiceTokens: true }).refusal?.code).toBe(
      "owner",
    );
  });
});
