import { createClient } from "fireblocks-reset-device";
import type { ElsewherePage, ElsewhereReset } from "fireblocks-reset-device/gateway-api";
import { beforeEach, describe, expect, it } from "vitest";
import { faultyDatabase } from "./setup/faulty-database";
import {
  approvals,
  cleanWorld,
  control,
  db,
  errorOf,
  gateway,
  people,
  recordIdOf,
  type Settings,
  simulator,
  userId,
} from "./setup/world";

let now: number;
const at = { now: () => now };
const MINUTE = 60_000;

beforeEach(async () => {
  await cleanWorld();
  now = Date.now();
  await sweep();
});

/** A minute later. */
async function sweep(settings: Settings = {}): Promise<void> {
  now = Math.max(now, Date.now());
  await gateway(settings, at).sweep();
}

async function found(query = "", settings: Settings = {}): Promise<ElsewhereReset[]> {
  const response = await gateway(settings, at).as({ email: people.tomas }).get(`/api/elsewhere${query}`);
  expect(response.status).toBe(200);
  return ((await response.json()) as ElsewherePage).resets;
}

const inConsole = async (email: string, by?: string) =>
  control<{ id: string }>("POST", "approvals", {
    userId: await userId(email),
    ...(by !== undefined && { by: await userId(by) }),
  });

/** The approvers agree, and the user's device is reset. */
const approve = (id: string) => control("POST", `approvals/${id}/approve`);

async function ours(email: string): Promise<string> {
  const response = await gateway({}, at)
    .as({ email: people.amara })
    .reset(await userId(email));
  expect(response.status).toBe(200);
  return recordIdOf(response);
}

describe("a reset that was asked for in the Console", () => {
  it("is found with who asked, and no target, though nothing is open here", async () => {
    await inConsole(people.noor, people.jonas);
    await sweep();
    const [entry, ...others] = await found();
    expect(others).toEqual([]);
    expect(entry?.request).toMatchObject({ actorId: await userId(people.jonas), byOurKey: false });
    expect(entry?.fall).toBeUndefined();
  });

  it("is one entry when the device is reset: whose it was is told beside it", async () => {
    const { id } = await inConsole(people.noor);
    await sweep();
    await approve(id);
    now += 11_000;
    await sweep();
    await sweep();
    const entries = await found();
    expect(entries).toHaveLength(1);
    expect(entries[0]?.fall).toMatchObject({ userId: await userId(people.noor), userEmail: people.noor });
  });

  it("is one entry also where both are seen at once, and where the log comes last", async () => {
    await control("PATCH", "settings", { pairAfterSeconds: null });
    const { id } = await inConsole(people.noor);
    await approve(id);
    now += 11_000;
    await sweep();
    expect(await found()).toHaveLength(1);
    const other = await inConsole(people.jonas);
    await approve(other.id);
    await control("POST", "faults", { match: { operation: "getAuditLogs" }, times: 5, status: 503 });
    now += 11_000;
    await sweep();
    expect((await found())[0]).toMatchObject({ fall: { userEmail: people.jonas } });
    await control("DELETE", "faults");
    now += 11_000;
    await sweep();
    const entries = await found();
    expect(entries).toHaveLength(2);
    expect(entries.every(({ request, fall }) => request !== undefined && fall !== undefined)).toBe(true);
  });

  it("is found by the user's status alone where the log cannot be read", async () => {
    await control("POST", "faults", { match: { operation: "getAuditLogs" }, times: 100, status: 403 });
    const { id } = await inConsole(people.noor);
    await approve(id);
    now += 11_000;
    await sweep();
    const entries = await found();
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({ fall: { userEmail: people.noor } });
    expect(entries[0]?.request).toBeUndefined();
  });

  it("is one entry also where another isolate looks next, by an older list of users", async () => {
    const [warm, cold] = [gateway({}, at), gateway({}, at)];
    const { id } = await inConsole(people.noor);
    await warm.sweep();
    await approve(id);
    now += 1_000;
    await cold.sweep();
    now += 1_000;
    await warm.sweep();
    now += MINUTE;
    await warm.sweep();
    const entries = await found();
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({ fall: { userEmail: people.noor } });
  });

  it("among ours is found, and none of ours is", async () => {
    const ids = [await ours(people.noor), await ours(people.jonas)];
    await inConsole(people.eli);
    await sweep();
    for (const approval of await approvals()) if (approval.requestId) await approve(approval.id);
    now += 11_000;
    await sweep();
    now += 11_000;
    await sweep();
    expect(ids).toHaveLength(2);
    const entries = await found();
    expect(entries).toHaveLength(1);
    expect(entries[0]?.request?.byOurKey).toBe(false);
  });

  it("is written once, whichever of two sweeps at once is first", async () => {
    await inConsole(people.noor);
    const world = gateway({}, at);
    await Promise.all([world.sweep(), gateway({}, at).sweep(), gateway({}, at).sweep()]);
    await world.sweep();
    expect(await found()).toHaveLength(1);
  });
});

/** The real network, but that the audit log's pages are others. */
function withLog(pageOf: (rows: object[], pageCursor: string | null) => { data: unknown[]; next?: string }) {
  return (async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input as RequestInfo, init);
    const { hostname, pathname, searchParams } = new URL(request.url);
    if (hostname === "hook.example") return new Response();
    const response = await fetch(request);
    if (!pathname.endsWith("/audit_logs") || searchParams.get("pageCursor") !== null) {
      return pathname.endsWith("/audit_logs") ? Response.json(pageOf([], searchParams.get("pageCursor"))) : response;
    }
    return Response.json(pageOf(((await response.json()) as { data: object[] }).data, null));
  }) as typeof fetch;
}

it("a row that comes on two pages is one request", async () => {
  await inConsole(people.noor, people.jonas);
  let rows: object[] = [];
  const log = withLog((data, pageCursor) => {
    if (pageCursor === null) rows = data;
    return { data: rows, ...(pageCursor === null && { next: "2" }) };
  });
  now += MINUTE;
  await gateway({}, { ...at, fetch: log }).sweep();
  expect(rows).toHaveLength(1);
  expect(await found()).toHaveLength(1);
});

it("rows of one moment and one actor without ids are each told, once", async () => {
  await inConsole(people.noor, people.jonas);
  const moment = now + 1_000;
  const log = withLog((data) => ({
    data: data.flatMap((row) => {
      const { id: _, ...rest } = { id: 0, ...row };
      return [1, 2].map(() => ({ ...rest, timestamp: moment, createdAt: moment }));
    }),
  }));
  now += MINUTE;
  await gateway({}, { ...at, fetch: log }).sweep();
  await gateway({}, { ...at, fetch: log }).sweep();
  expect(await found()).toHaveLength(2);
});

it("many at once are told with few statements of the database's", async () => {
  const moment = now;
  const all = Array.from({ length: 900 }, (_, index) => ({
    ...{ id: `row-${index}`, timestamp: moment + index, userId: "somebody", user: "Somebody" },
    ...{ subject: "Re-enroll mobile device", event: "Submitted request" },
  }));
  const log = withLog((_, pageCursor) =>
    pageCursor === null ? { data: all.slice(0, 500), next: "2" } : { data: all.slice(500) },
  );
  let statements = 0;
  const DB = faultyDatabase(db, (sql) => {
    statements += sql.split(";\n").length;
    return undefined;
  });
  const hook = { NOTIFY_URL: "https://hook.example", NOTIFY_SECRET: `whsec_${btoa("x".repeat(24))}` };
  now += MINUTE;
  await gateway({ ...hook, DB }, { ...at, fetch: log }).sweep();
  const count = (sql: string) => db.prepare(sql).first("n");
  expect(await count("SELECT COUNT(*) AS n FROM elsewhere")).toBe(900);
  expect(await count("SELECT COUNT(*) AS n FROM outbox WHERE id LIKE '%.found'")).toBe(900);
  expect(statements).toBeLessThan(200);
});

it("is found by the log alone where the users cannot be read, and their falls afterwards", async () => {
  const { id } = await inConsole(people.noor);
  await control("POST", "faults", { match: { operation: "getConsoleUsers" }, times: 100, status: 503 });
  now += 11_000;
  await sweep();
  expect(await found()).toHaveLength(1);
  await approve(id);
  await control("DELETE", "faults");
  now += 11_000;
  await sweep();
  const entries = await found();
  expect(entries).toHaveLength(1);
  expect(entries[0]).toMatchObject({ fall: { userEmail: people.noor } });
});

it("is found also after a clock has jumped ahead and back", async () => {
  const real = now;
  now += 45 * MINUTE;
  await gateway({}, at).sweep();
  now = real;
  await inConsole(people.noor);
  now += MINUTE;
  await gateway({}, at).sweep();
  expect(await found()).toHaveLength(1);
});

it("odd rows of the audit log hide no other one", async () => {
  const actorId = await userId(people.jonas);
  await inConsole(people.noor, people.jonas);
  const odd = async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input as RequestInfo, init);
    const response = await fetch(request);
    if (!new URL(request.url).pathname.endsWith("/audit_logs")) return response;
    const { data, next } = (await response.json()) as {
      data: { timestamp: number; createdAt: number }[];
      next: unknown;
    };
    const texts = data.map((row) => ({
      ...{ ...row, id: "half a character: \ud83d" },
      ...{ timestamp: String(row.timestamp), createdAt: String(row.createdAt) },
    }));
    const never = { userId: "x", timestamp: Number.MAX_SAFE_INTEGER };
    return Response.json({ data: [null, 7, {}, { userId: 7, timestamp: {} }, never, ...texts], next });
  };
  now += MINUTE;
  const world = gateway({}, { ...at, fetch: odd as typeof fetch });
  await world.sweep();
  await world.sweep();
  expect(world.log.filter(({ event }) => event === "sweepStepFailed")).toEqual([]);
  expect((await found()).map(({ request }) => request?.actorId)).toEqual([actorId]);
});

describe("our own key", () => {
  it("in other hands is found, though resets of ours are filed beside it", async () => {
    await ours(people.jonas);
    const { basePath, apiKey, secretKey } = simulator;
    await (await createClient({ basePath, apiKey, secretKey })).resetDevice(await userId(people.noor));
    await sweep();
    const entries = await found();
    expect(entries).toHaveLength(1);
    expect(entries[0]?.request).toMatchObject({ byOurKey: true, actorId: apiKey });
  });

  it("in other hands is found also while nobody knows what became of a reset of ours", async () => {
    await control("POST", "faults", { match: { operation: "resetDevice" }, cut: "beforeEffect" });
    await gateway({}, at)
      .as({ email: people.amara })
      .reset(await userId(people.noor));
    now += 30 * MINUTE;
    await sweep();
    expect((await db.prepare("SELECT state FROM resets").all()).results).toEqual([{ state: "unknown" }]);
    const row = { id: "row", timestamp: now, userId: simulator.apiKey, user: "Gateway" };
    now += MINUTE;
    await gateway({}, { ...at, fetch: withLog(() => ({ data: [row] })) }).sweep();
    expect((await found()).map(({ request }) => request?.byOurKey)).toEqual([true]);
  });

  it("is not suspected for a reset of ours whose answer was lost", async () => {
    await control("POST", "faults", { match: { operation: "resetDevice" }, cut: "afterEffect" });
    await gateway({}, at)
      .as({ email: people.amara })
      .reset(await userId(people.noor));
    await sweep();
    now += 30 * MINUTE;
    await sweep();
    expect(await found()).toEqual([]);
  });

  it("is not suspected for a proposal, which files nothing, or for its release", async () => {
    const settings = { REQUIRE_SECOND_PERSON: "true" };
    const world = gateway(settings, at);
    const id = recordIdOf(await world.as({ email: people.amara }).reset(await userId(people.noor)));
    await sweep(settings);
    now += MINUTE;
    expect((await world.as({ email: people.jonas }).post(`/api/resets/${id}/release`)).status).toBe(200);
    await sweep(settings);
    expect(await found()).toEqual([]);
  });
});

it("a first pairing is none", async () => {
  const { id } = await control<{ id: string }>("POST", "users", {
    firstName: "Ines",
    lastName: "Roth",
    email: "ines.roth@northwind.example",
    role: "ADMIN",
    status: "PENDING_ACTIVATION",
  });
  now += 11_000;
  await sweep();
  await control("PATCH", `users/${id}`, { status: "PENDING_DEVICE_PAIRING" });
  now += 11_000;
  await sweep();
  expect(await found()).toEqual([]);
});

describe("a verdict", () => {
  const decide = async (email: string, id: string, body: unknown) =>
    gateway({}, at).as({ email }).post(`/api/elsewhere/${id}/decide`, body);

  async function entry(by: string): Promise<string> {
    await inConsole(people.noor, by);
    await sweep();
    const [one] = await found("?undecided=true");
    if (one === undefined) throw new Error("nothing was found");
    return one.id;
  }

  it("is given once, with a reason, by somebody else than who asked", async () => {
    const id = await entry(people.jonas);
    const known = { verdict: "known", reason: "Jonas did it for a colleague on call" };
    const own = await decide(people.jonas, id, known);
    expect(own.status).toBe(403);
    expect((await errorOf(own)).code).toBe(1307);
    expect((await decide(people.priya, id, known)).status).toBe(403);
    expect((await decide(people.amara, id, { verdict: "known" })).status).toBe(400);
    expect((await decide(people.amara, id, known)).status).toBe(204);
    // Its answer was lost, and it is given again.
    expect((await decide(people.amara, id, known)).status).toBe(204);
    expect((await decide(people.tomas, id, { verdict: "notKnown", reason: "I know nothing of it" })).status).toBe(409);
    expect(await found("?undecided=true")).toEqual([]);
    expect((await found())[0]?.decision).toMatchObject({ ...known, by: people.amara });
  });

  it("is a person's: a service token gives none, whatever its role", async () => {
    const id = await entry(people.jonas);
    const ROLES = JSON.stringify({ auditor: ["service:robot.access"] });
    const robot = gateway({ ROLES }, at).as({ commonName: "robot.access" });
    const body = { verdict: "known", reason: "I know everything" };
    expect(
      (
        await robot.bare("POST", `/api/elsewhere/${id}/decide`, {
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify(body),
        })
      ).status,
    ).toBe(403);
    expect(await found("?undecided=true")).toHaveLength(1);
  });

  it("is in the auditors' export, with what was seen", async () => {
    const id = await entry(people.jonas);
    await inConsole(people.eli, people.jonas);
    now += MINUTE;
    await sweep();
    const verdict = { verdict: "notKnown", reason: "=1+1, says Jonas" };
    expect((await decide(people.amara, id, verdict)).status).toBe(204);
    const exported = async (format: string) => {
      const answer = await gateway({}, at).as({ email: people.tomas }).get(`/api/resets/export?format=${format}`);
      return (await answer.text()).trimEnd().split(/\r?\n/);
    };
    const lines = (await exported("jsonl")).map((line) => JSON.parse(line) as { elsewhere?: ElsewhereReset });
    expect(lines.flatMap(({ elsewhere }) => elsewhere ?? []).map(({ decision }) => decision?.verdict)).toEqual([
      "notKnown",
      undefined,
    ]);
    const told = (await exported("csv")).filter((line) => line.includes(",elsewhere."));
    expect(told).toHaveLength(3);
    expect(told.find((line) => line.includes("elsewhere.decided"))).toMatch(
      new RegExp(`^,,notKnown,.*elsewhere.decided,person,${people.amara},.*${id}`),
    );
  });

  it("is for an entry that is there", async () => {
    const response = await decide(people.tomas, crypto.randomUUID(), { verdict: "known", reason: "It was me" });
    expect(response.status).toBe(404);
  });

  it("lists are for resetters and auditors", async () => {
    expect((await gateway({}, at).as({ email: people.priya }).get("/api/elsewhere")).status).toBe(403);
    expect((await gateway({}, at).as({ email: people.tomas }).get("/api/elsewhere?limit=0")).status).toBe(400);
  });
});
