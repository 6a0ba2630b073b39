import type { HealthReport } from "fireblocks-reset-device/gateway-api";
import { beforeEach, expect, it } from "vitest";
import { faultyDatabase } from "./setup/faulty-database";
import { Client, cleanWorld, control, db, gateway, people, simulator, upstreamLog, userId } from "./setup/world";

beforeEach(cleanWorld);

const anonymous = (world: ReturnType<typeof gateway>) => new Client(world, undefined).get("/api/health");
const viewer = async (world: ReturnType<typeof gateway>): Promise<HealthReport> =>
  (await world.as({ email: people.priya }).get("/api/health")).json();

it("anybody learns up, and nothing else", async () => {
  const response = await anonymous(gateway());
  expect([response.status, await response.json()]).toEqual([200, { status: "up" }]);
});

it("somebody without a role learns no more", async () => {
  const response = await gateway().as({ email: people.eli }).get("/api/health");
  expect(await response.json()).toEqual({ status: "up" });
});

it("a role learns what was checked", async () => {
  expect(await viewer(gateway())).toMatchObject({
    status: "up",
    checks: { d1: { ok: true }, fireblocks: { ok: true } },
  });
});

it.each([
  ["D1", () => gateway({ DB: faultyDatabase(db, () => "before") }), "d1"],
  ["the key", () => gateway({ FIREBLOCKS_API_KEY: crypto.randomUUID() }), "fireblocks"],
  ["the base path", () => gateway({ FIREBLOCKS_BASE_PATH: "http://127.0.0.1:9/v1" }), "fireblocks"],
] as const)("%s that does not work is down, with its sentence for a role", async (_, world, check) => {
  const response = await anonymous(world());
  expect([response.status, await response.json()]).toEqual([503, { status: "down" }]);
  const report = await viewer(world());
  expect(report.status).toBe("down");
  expect(report.checks[check].ok).toBe(false);
  expect(report.checks[check].problem).toMatch(/\.$/);
  expect(JSON.stringify(report)).not.toContain(simulator.apiKey);
});

it("is down while the sweep is dead, and says so", async () => {
  let now = Date.now();
  const world = gateway({}, { now: () => now });
  expect((await anonymous(world)).status).toBe(200);
  now += 6 * 60_000;
  expect((await anonymous(world)).status).toBe(503);
  const report = await viewer(world);
  expect(report.checks.sweep).toMatchObject({ ok: false, at: expect.any(Number) });
  expect(report.checks.sweep.problem).toMatch(/has not run/);
  await world.sweep();
  now += 61_000;
  expect((await viewer(world)).checks.sweep).toEqual({ ok: true, at: now - 61_000 });
  expect((await anonymous(world)).status).toBe(200);
});

it("is down where the sweep leaves an attempt unfinished, but for a pause", async () => {
  let now = Date.now();
  const world = gateway({}, { now: () => now });
  await control("POST", "faults", { match: { operation: "resetDevice" }, cut: "beforeEffect" });
  await world.as({ email: people.amara }).reset(await userId(people.noor));
  now += 8 * 60_000;
  await db.prepare("UPDATE sweep_mark SET at = ?").bind(now).run();
  expect((await viewer(world)).checks.sweep).toMatchObject({ ok: false, oldestLapsedLease: expect.any(Number) });
  await world.as({ email: people.amara, expiresIn: 3_600 }).post("/api/pause", { reason: "Look into it" });
  now += 61_000;
  expect((await viewer(world)).checks.sweep.ok).toBe(true);
});

it("writes nothing, whoever asks", async () => {
  const statements: string[] = [];
  const world = gateway({ DB: faultyDatabase(db, (sql) => void statements.push(sql)) });
  await anonymous(world);
  await viewer(world);
  expect(statements.length).toBeGreaterThan(0);
  expect(statements.filter((sql) => !/^\s*SELECT/.test(sql))).toEqual([]);
});

it("a worker that is wrongly configured is down", async () => {
  const response = await anonymous(gateway({ ROLES: "nonsense" }));
  expect([response.status, await response.json()]).toEqual([503, { status: "down" }]);
});

it("checks once a minute, however often it is asked", async () => {
  let now = Date.now();
  const world = gateway({}, { now: () => now });
  await Promise.all(Array.from({ length: 20 }, () => anonymous(world)));
  await anonymous(world);
  expect(await upstreamLog("getWorkspace")).toHaveLength(1);
  now += 61_000;
  await control("POST", "faults", { match: { operation: "getWorkspace" }, times: 3, status: 500 });
  expect((await anonymous(world)).status).toBe(503);
});
