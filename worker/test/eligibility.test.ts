import type { UserList, UserRow } from "fireblocks-reset-device/gateway-api";
import { beforeEach, describe, expect, it } from "vitest";
import { CODES } from "../src/errors";
import { approvals, cleanWorld, control, errorOf, gateway, people, upstreamLog, userId } from "./setup/world";

describe("on the worker", () => {
  beforeEach(cleanWorld);

  const list = async (email: string): Promise<UserList> => (await gateway().as({ email }).get("/api/users")).json();

  it("the page's list and the reset say the same of users of each kind", async () => {
    const amara = gateway().as({ email: people.amara });
    const { users } = await list(people.amara);
    const blocked = users.filter((user) => user.blocked !== undefined);
    expect(new Set(blocked.map((user) => user.blocked?.code))).toEqual(
      new Set(["owner", "self", "apiUser", "roleWithoutDevice", "disabled", "notActivated"]),
    );
    const kinds = (list: UserRow[]) =>
      new Map(list.map((user) => [[user.role, user.status, user.blocked?.code].join(), user])).values();
    for (const user of kinds(blocked)) {
      const response = await amara.reset(user.id);
      const body = await errorOf(response);
      expect(body.code).toBe(CODES[user.blocked?.code as keyof typeof CODES]);
      expect(body.message).toBe(user.blocked?.message);
      expect(body.outcome).toBe("refused");
    }
    expect(await upstreamLog("resetDevice")).toEqual([]);
    const others = [...kinds(users.filter((user) => user.blocked === undefined))];
    expect(others.length).toBeGreaterThan(3);
    for (const user of others) expect((await amara.reset(user.id)).status, user.email).toBe(200);
    expect(await upstreamLog("resetDevice")).toHaveLength(others.length);
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

  it("goes on for everybody where one user of the list is odd", async () => {
    const noor = await userId(people.noor);
    const odd = (async (input: RequestInfo | URL, init?: RequestInit) => {
      const request = new Request(input as RequestInfo, init);
      if (!request.url.endsWith("/management/users")) return fetch(request);
      const { users } = (await (await fetch(request)).json()) as { users: object[] };
      const more = [null, 5, [], { id: 7, email: {} }, { id: "odd-1", email: 5, firstName: null, role: [] }, {}];
      return Response.json({ users: [...more, ...users] });
    }) as typeof fetch;
    const amara = gateway({}, { fetch: odd }).as({ email: people.amara });
    const answer = await amara.get("/api/users");
    expect(answer.status).toBe(200);
    const { users } = (await answer.json()) as UserList;
    expect(users.find(({ id }) => id === "odd-1")).toEqual({ id: "odd-1" });
    expect((await amara.get("/v1/management/users")).status).toBe(200);
    expect((await amara.reset(noor)).status).toBe(200);
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
