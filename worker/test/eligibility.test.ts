import type { ConsoleUser } from "fireblocks-reset-device";
import { beforeEach, describe, expect, it } from "vitest";
import { foldEmail } from "../src/access/people";
import type { UserList } from "../src/api";
import { CODES } from "../src/errors";
import { judgeFor, type Rules } from "../src/resets/eligibility";
import { approvals, cleanWorld, control, errorOf, gateway, people, upstreamLog, userId } from "./setup/world";

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

  it("folds no two people into one", () => {
    expect(foldEmail("ada@example.com")).not.toBe(foldEmail("adb@example.com"));
    expect(foldEmail("ada@example.com")).not.toBe(foldEmail("ada@example.org"));
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

  it("no service token, unless that is configured", () => {
    const by = { kind: "service" as const, name: "robot" };
    expect(judge(target, by).refusal?.code).toBe("serviceToken");
    expect(judge(target, by, { ...rules, resetsByServiceTokens: true })).toEqual({});
    expect(judge({ ...target, role: "OWNER" }, by, { ...rules, resetsByServiceTokens: true }).refusal?.code).toBe(
      "owner",
    );
  });
});

describe("on the worker", () => {
  beforeEach(cleanWorld);

  const list = async (email: string): Promise<UserList> => (await gateway().as({ email }).get("/api/users")).json();

  it("the page's list and the reset say the same of every user", async () => {
    const amara = gateway().as({ email: people.amara });
    const { users } = await list(people.amara);
    const blocked = users.filter((user) => user.blocked !== undefined);
    expect(new Set(blocked.map((user) => user.blocked?.code))).toEqual(
      new Set(["owner", "self", "apiUser", "roleWithoutDevice", "disabled", "notActivated"]),
    );
    for (const user of new Map(blocked.map((user) => [user.blocked?.code, user])).values()) {
      const response = await amara.reset(user.id);
      const body = await errorOf(response);
      expect(body.code).toBe(CODES[user.blocked?.code as keyof typeof CODES]);
      expect(body.message).toBe(user.blocked?.message);
      expect(body.outcome).toBe("refused");
    }
    expect(await upstreamLog("resetDevice")).toEqual([]);
  });

  it("an id that the list does not hold is refused", async () => {
    const response = await gateway().as({ email: people.amara }).reset(crypto.randomUUID());
    expect(response.status).toBe(404);
    expect((await errorOf(response)).code).toBe(CODES.unknownUser);
    expect(await approvals()).toEqual([]);
  });

  it("a self-reset by another spelling is refused", async () => {
    const ROLES = JSON.stringify({ resetter: ["amara.lindqvist+admin@northwind.example"] });
    const world = gateway({ ROLES });
    const response = await world
      .as({ email: "Amara.Lindqvist+Admin@Northwind.example" })
      .reset(await userId(people.amara));
    expect((await errorOf(response)).code).toBe(CODES.self);
    expect(await approvals()).toEqual([]);
  });

  it("a user who is pairing is reset, and the list warns", async () => {
    const { users } = await list(people.amara);
    const pairing = users.find((user) => user.status === "PENDING_DEVICE_PAIRING" && user.enabled);
    expect(pairing?.warning).toBeDefined();
    expect(
      (
        await gateway()
          .as({ email: people.amara })
          .reset(pairing?.id ?? "")
      ).status,
    ).toBe(200);
  });

  it("decides on a list that is at most 10 seconds old", async () => {
    let now = Date.now();
    const amara = gateway({}, { now: () => now }).as({ email: people.amara, expiresIn: 3_600 });
    const noor = await userId(people.noor);
    await amara.get("/api/users");
    await control("PATCH", `users/${noor}`, { enabled: false });
    now += 10_001;
    expect((await errorOf(await amara.reset(noor))).code).toBe(CODES.disabled);
    expect(await upstreamLog("resetDevice")).toEqual([]);
  });

  it("shares one fetch of the list among many at once, and tells its age in the record", async () => {
    const world = gateway();
    const amara = world.as({ email: people.amara });
    await amara.token;
    const noor = await userId(people.noor);
    await control("DELETE", "faults");
    const before = (await upstreamLog("getConsoleUsers")).length;
    const answers = await Promise.all(Array.from({ length: 50 }, () => amara.get("/v1/management/users")));
    expect(answers.map((answer) => answer.status)).toEqual(Array(50).fill(200));
    expect((await upstreamLog("getConsoleUsers")).length - before).toBe(1);

    const reset = await amara.reset(noor);
    const record = await amara.record(reset.headers.get("X-Reset-Record") ?? "");
    expect(record.listAgeMs).toBeGreaterThanOrEqual(0);
    expect(record.listAgeMs).toBeLessThanOrEqual(10_000);
    expect(record.events?.[0]?.detail?.listAgeMs).toBe(record.listAgeMs);
  });

  it("sends nothing where the list cannot be read", async () => {
    await control("POST", "faults", { match: { operation: "getConsoleUsers" }, times: 5, status: 500 });
    const noor = await userIdFromElsewhere();
    const response = await gateway().as({ email: people.amara }).reset(noor);
    expect(response.status).toBe(502);
    expect((await errorOf(response)).outcome).toBe("refused");
    expect(await upstreamLog("resetDevice")).toEqual([]);
  });
});

async function userIdFromElsewhere(): Promise<string> {
  await control("DELETE", "faults");
  const id = await userId(people.noor);
  await control("POST", "faults", { match: { operation: "getConsoleUsers" }, times: 5, status: 500 });
  return id;
}
