import { beforeEach, describe, expect, it } from "vitest";
import { approvals, cleanWorld, errorOf, gateway, people, simulator, userId } from "./setup/world";

beforeEach(cleanWorld);

const rolesOf = async (response: Response) => ((await response.json()) as { roles: string[] }).roles;

describe("nobody has a role by default", () => {
  it("is told so, and learns nothing", async () => {
    const eli = gateway().as({ email: people.eli });
    const session = await eli.get("/api/session");
    const told = (await session.json()) as Record<string, unknown>;
    expect(told).toMatchObject({ roles: [], can: { read: false, reset: false, export: false, settle: false } });
    expect(told).not.toHaveProperty("workspace");
    for (const path of [
      "/api/users",
      "/api/resets",
      "/api/resets/export?format=csv",
      "/v1/management/users",
      "/v1/workspace",
    ]) {
      const response = await eli.get(path);
      expect(response.status, path).toBe(403);
      expect((await errorOf(response)).message).toContain("no role");
    }
  });
});

describe("each role does its own", () => {
  it.each([
    ["viewer", people.priya, { users: 200, list: 200, export: 403, reset: 403 }],
    ["auditor", people.tomas, { users: 200, list: 200, export: 200, reset: 403 }],
    ["resetter", people.amara, { users: 200, list: 200, export: 403, reset: 200 }],
  ])("%s", async (_, email, expected) => {
    const person = gateway().as({ email });
    expect((await person.get("/api/users")).status).toBe(expected.users);
    expect((await person.get("/api/resets")).status).toBe(expected.list);
    expect((await person.get("/api/resets/export?format=csv")).status).toBe(expected.export);
    expect((await person.reset(await userId(people.noor))).status).toBe(expected.reset);
    expect(await approvals()).toHaveLength(expected.reset === 200 ? 1 : 0);
  });

  it.each(["release", "withdraw", "settle"])("a viewer may not %s", async (action) => {
    const response = await gateway()
      .as({ email: people.priya })
      .post(`/api/resets/${crypto.randomUUID()}/${action}`, { reason: "why" });
    expect(response.status).toBe(403);
  });
});

describe("an e-mail in the role list", () => {
  it("is compared without case", async () => {
    const world = gateway({ ROLES: JSON.stringify({ viewer: ["Eli.Brandt@Northwind.Example"] }) });
    expect(await rolesOf(await world.as({ email: "ELI.brandt@northwind.example" }).get("/api/session"))).toEqual([
      "viewer",
    ]);
  });

  it.each([
    "amara.lındqvist@northwind.example",
    "amara.lindqvist+x@northwind.example",
    " amara.lindqvist@northwind.example",
    "ａmara.lindqvist@northwind.example",
  ])("gives nothing to a look-alike: %s", async (email) => {
    const response = await gateway().as({ email }).get("/api/users");
    expect([401, 403]).toContain(response.status);
  });
});

it("a sign that becomes an ASCII letter in lower case gives no role", async () => {
  const world = gateway({ ROLES: JSON.stringify({ viewer: ["kim@northwind.example"] }) });
  expect((await world.as({ email: "KIM@northwind.example" }).get("/api/users")).status).toBe(200);
  expect((await world.as({ email: "\u212Aim@northwind.example" }).get("/api/users")).status).toBe(403);
});

describe("groups", () => {
  const ROLES = JSON.stringify({ resetter: ["group:Treasury Admins"], viewer: [people.priya] });

  it("come from a custom claim", async () => {
    const world = gateway({ ROLES, ACCESS_GROUPS: "claim:groups" });
    const inside = world.as({ email: people.eli, custom: { groups: ["Treasury Admins"] } });
    const outside = world.as({ email: people.eli, custom: { groups: ["treasury admins", "Treasury"] } });
    expect(await rolesOf(await inside.get("/api/session"))).toEqual(["resetter"]);
    expect(await rolesOf(await outside.get("/api/session"))).toEqual([]);
  });

  it("come from the identity endpoint", async () => {
    const world = gateway({ ROLES, ACCESS_GROUPS: "identity" });
    const inside = world.as({ email: people.eli, groups: ["Treasury Admins"] });
    const outside = world.as({ email: people.tomas, groups: ["Others"] });
    expect(await rolesOf(await inside.get("/api/session"))).toEqual(["resetter"]);
    expect(await rolesOf(await outside.get("/api/session"))).toEqual([]);
  });

  const object = { id: "0f5e2c1a-group", name: "Treasury Admins" };

  it("that have an id give roles by the id alone: whoever makes a group of the same name has none", async () => {
    const byName = gateway({ ROLES, ACCESS_GROUPS: "claim:groups" }).as({
      email: people.eli,
      custom: { groups: [object] },
    });
    const session = await byName.get("/api/session");
    expect(await session.json()).toMatchObject({
      roles: [],
      lostRoles: [{ role: "resetter", groupName: "Treasury Admins", groupId: object.id }],
    });
    const refused = await byName.reset(await userId(people.noor));
    expect(refused.status).toBe(403);
    expect((await errorOf(refused)).message).toContain(`group-id:${object.id}`);

    const byId = JSON.stringify({ resetter: [`group-id:${object.id}`], viewer: [people.priya] });
    const world = gateway({ ROLES: byId, ACCESS_GROUPS: "claim:groups" });
    const rolesOfGroups = async (groups: unknown) =>
      rolesOf(await world.as({ email: people.eli, custom: { groups } }).get("/api/session"));
    expect(await rolesOfGroups([object])).toEqual(["resetter"]);
    // Not the id as a text, nor as a name, nor an object that has none.
    expect(await rolesOfGroups([object.id, { id: "other", name: object.id }, { name: object.id }])).toEqual([]);
  });

  it("that have an id give roles by it from the identity endpoint too", async () => {
    const byId = JSON.stringify({ resetter: [`group-id:${object.id}`], viewer: ["group:Treasury Admins"] });
    const answer = async () => Response.json({ email: people.eli, groups: [object] });
    const world = gateway(
      { ROLES: byId, ACCESS_GROUPS: "identity" },
      { fetch: replacing("/cdn-cgi/access/get-identity", answer) },
    );
    expect(await rolesOf(await world.as({ email: people.eli }).get("/api/session"))).toEqual(["resetter"]);
  });

  it.each([
    ["a text", "Treasury Admins", ROLES],
    ["an object", object, JSON.stringify({ resetter: [`group-id:${object.id}`] })],
  ])("may be one alone, without a list around it: %s", async (_, groups, roles) => {
    const claim = gateway({ ROLES: roles, ACCESS_GROUPS: "claim:groups" });
    expect(await rolesOf(await claim.as({ email: people.eli, custom: { groups } }).get("/api/session"))).toEqual([
      "resetter",
    ]);
    const answer = async () => Response.json({ email: people.eli, groups });
    const identity = gateway(
      { ROLES: roles, ACCESS_GROUPS: "identity" },
      { fetch: replacing("/cdn-cgi/access/get-identity", answer) },
    );
    expect(await rolesOf(await identity.as({ email: people.eli }).get("/api/session"))).toEqual(["resetter"]);
  });

  it("named by a text are warned of when the worker starts", async () => {
    const world = gateway({ ROLES, ACCESS_GROUPS: "identity" });
    await world.as({ email: people.priya }).get("/api/session");
    expect(world.log.filter(({ event }) => event === "configurationWarning")).toHaveLength(1);
    const silent = gateway();
    await silent.as({ email: people.priya }).get("/api/session");
    expect(silent.log.filter(({ event }) => event === "configurationWarning")).toEqual([]);
  });

  it("of a failed look-up give no role, and names keep theirs", async () => {
    const failing: [string, () => Promise<Response>][] = [
      ["an error", async () => new Response("no", { status: 500 })],
      ["another person", async () => Response.json({ email: "other@northwind.example", groups: ["Treasury Admins"] })],
      ["no JSON", async () => new Response("<html>")],
      ["nothing", async () => Promise.reject(new TypeError("refused"))],
      ["a redirect", async () => Response.redirect("https://evil.example", 302)],
    ];
    for (const [what, answer] of failing) {
      const world = gateway(
        { ROLES, ACCESS_GROUPS: "identity" },
        { fetch: replacing("/cdn-cgi/access/get-identity", answer) },
      );
      const eli = world.as({ email: people.eli, groups: ["Treasury Admins"] });
      expect(await rolesOf(await eli.get("/api/session")), what).toEqual([]);
      expect(await rolesOf(await world.as({ email: people.priya }).get("/api/session")), what).toEqual(["viewer"]);
    }
  });

  it("are not asked for again at once where they could not be looked up", async () => {
    let asked = 0;
    let now = Date.now();
    const world = gateway(
      { ROLES, ACCESS_GROUPS: "identity" },
      {
        now: () => now,
        fetch: replacing("/cdn-cgi/access/get-identity", async () => {
          asked++;
          if (asked === 1) return new Response("no", { status: 500 });
          return Response.json({ email: people.eli, groups: ["Treasury Admins"] });
        }),
      },
    );
    const eli = world.as({ email: people.eli, expiresIn: 3_600 });
    for (let index = 0; index < 4; index++) {
      expect(await rolesOf(await eli.get("/api/session"))).toEqual([]);
    }
    expect(asked).toBe(1);
    now += 5_001;
    expect(await rolesOf(await eli.get("/api/session"))).toEqual(["resetter"]);
  });

  it("are not asked for where only the page and its files are, which any sign-in gets", async () => {
    let asked = 0;
    const world = gateway(
      { ROLES, ACCESS_GROUPS: "identity" },
      {
        fetch: replacing("/cdn-cgi/access/get-identity", async () => {
          asked++;
          return Response.json({ email: people.eli, groups: ["Treasury Admins"] });
        }),
      },
    );
    const eli = world.as({ email: people.eli });
    expect((await eli.open("/")).status).toBe(200);
    expect((await eli.get("/favicon.svg")).status).toBe(200);
    expect(asked).toBe(0);
  });

  it("are looked up once in a minute for each sign-in", async () => {
    let asked = 0;
    let now = Date.now();
    const world = gateway(
      { ROLES, ACCESS_GROUPS: "identity" },
      {
        now: () => now,
        fetch: replacing("/cdn-cgi/access/get-identity", async () => {
          asked++;
          return Response.json({ email: people.eli, groups: ["Treasury Admins"] });
        }),
      },
    );
    const eli = world.as({ email: people.eli, expiresIn: 3_600 });
    for (let index = 0; index < 4; index++) await eli.get("/api/session");
    expect(asked).toBe(1);
    now += 61_000;
    await eli.get("/api/session");
    expect(asked).toBe(2);
  });
});

/** The real network, but for one address. */
function replacing(path: string, answer: () => Promise<Response>): typeof fetch {
  return (async (input: RequestInfo | URL, init?: RequestInit) => {
    const url = new URL(typeof input === "string" ? input : input instanceof URL ? input.href : input.url);
    return url.origin === new URL(simulator.teamDomain).origin && url.pathname === path
      ? answer()
      : fetch(input as RequestInfo, init);
  }) as typeof fetch;
}
