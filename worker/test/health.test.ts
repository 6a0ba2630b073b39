import { beforeEach, expect, it } from "vitest";
import type { HealthReport } from "../src/api";
import { faultyDatabase } from "./setup/faulty-database";
import { Client, cleanWorld, control, db, gateway, people, simulator, upstreamLog } from "./setup/world";

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
