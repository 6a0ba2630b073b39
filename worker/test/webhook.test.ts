import type { ElsewherePage, HealthReport } from "fireblocks-reset-device/gateway-api";
import { beforeEach, describe, expect, it } from "vitest";
import { CODES } from "../src/errors";
import { LEASE_MS } from "../src/resets/attempt";
import { cutting, faultyDatabase } from "./setup/faulty-database";
import { Mailbox } from "./setup/mailbox";
import {
  Client,
  cleanWorld,
  control,
  db,
  errorOf,
  gateway,
  note,
  origin,
  people,
  recordIdOf,
  type Settings,
  upstreamLog,
  userId,
  type World,
} from "./setup/world";

const path = "/api/webhooks/fireblocks";
const secret = "0123456789abcdef".repeat(4);
const next = "fedcba9876543210".repeat(4);
const set: Settings = { FIREBLOCKS_WEBHOOK_SECRET: secret };

let now: number;
const at = { now: () => now };
const MINUTE = 60_000;

beforeEach(async () => {
  await cleanWorld();
  now = Date.now();
});

/** As Fireblocks sends it: with no sign-in, and no header of a browser's. */
async function notify(world: World, headers: Record<string, string> = { "X-Webhook-Secret": secret }, body = "{}") {
  const response = await new Client(world, undefined).bare("POST", path, {
    headers: { "Content-Type": "application/json", ...headers },
    body,
  });
  await world.settled();
  return response;
}

const worlds = (count: number, settings = set) => Array.from({ length: count }, () => gateway(settings, at));
const runs = (...all: World[]) => all.flatMap(({ log }) => log).filter(({ event }) => event === "earlySweep").length;

const inConsole = async () => control("POST", "approvals", { userId: await userId(people.noor) });

async function found(): Promise<ElsewherePage["resets"]> {
  const response = await gateway({}, at).as({ email: people.tomas, expiresIn: 3_600 }).get("/api/elsewhere");
  return ((await response.json()) as ElsewherePage).resets;
}

describe("without its secret a notification", () => {
  it.each([
    ["with none", {}],
    ["with an empty one", { "X-Webhook-Secret": "" }],
    ["with another", { "X-Webhook-Secret": next }],
    ["with a beginning of it", { "X-Webhook-Secret": secret.slice(0, -1) }],
    ["with more than it", { "X-Webhook-Secret": `${secret}0` }],
    ["with it in capitals", { "X-Webhook-Secret": secret.toUpperCase() }],
    ["with it twice", { "X-Webhook-Secret": `${secret}, ${secret}` }],
    ["with it in another header", { Authorization: `Bearer ${secret}`, Cookie: `X-Webhook-Secret=${secret}` }],
  ])("wakes nothing: %s", async (_, headers) => {
    const [world] = worlds(1) as [World];
    await inConsole();
    const asked = (await upstreamLog()).length;
    const response = await notify(world, headers);
    expect(response.status).toBe(403);
    expect(response.headers.get("Cache-Control")).toBe("no-store");
    const error = await errorOf(response);
    expect(error).toMatchObject({ code: CODES.webhookSecret, outcome: "refused", error: { type: "FORBIDDEN" } });
    expect(JSON.stringify([error, world.log])).not.toContain(secret.slice(0, 8));
    expect(await upstreamLog()).toHaveLength(asked);
    expect(await db.prepare("SELECT early_until FROM sweep_mark").first()).toEqual({ early_until: 0 });
  });

  it("is not helped by a sign-in", async () => {
    const response = await gateway(set, at).as({ email: people.tomas }).post(path, {});
    expect([response.status, (await errorOf(response)).code]).toEqual([403, CODES.webhookSecret]);
  });
});

describe("where no secret is set", () => {
  it("there is no such address, whatever is sent", async () => {
    for (const headers of [{}, { "X-Webhook-Secret": "" }, { "X-Webhook-Secret": "undefined" }]) {
      const [world] = worlds(1, {}) as [World];
      const response = await notify(world, headers);
      expect([response.status, (await errorOf(response)).code]).toEqual([404, CODES.notFound]);
      expect(runs(world)).toBe(0);
    }
  });
});

it("nothing but a notification gets past the sign-in there", async () => {
  const nobody = new Client(gateway(set, at), undefined);
  const headers = { "X-Webhook-Secret": secret };
  for (const [method, address] of [
    ["GET", path],
    ["PUT", path],
    ["OPTIONS", path],
    ["POST", `${path}/`],
    ["POST", `${path}/x`],
    ["POST", "/api/webhooks"],
    ["GET", "/api/elsewhere"],
  ] as const) {
    expect((await nobody.bare(method, address, { headers })).status, `${method} ${address}`).toBe(401);
  }
});

describe("a notification", () => {
  it("has what was made elsewhere found and told before the minute is over", async () => {
    const mailbox = new Mailbox();
    const [world] = worlds(1, { ...mailbox.settings, ...set, ALERT_TO: "soc@northwind.example" }) as [World];
    await inConsole();
    const response = await notify(world);
    expect([response.status, await response.text()]).toEqual([200, ""]);
    expect(await found()).toHaveLength(1);
    expect(mailbox.to("soc@northwind.example")).toHaveLength(1);
  });

  it("has an open reset followed", async () => {
    const [world] = worlds(1) as [World];
    const id = recordIdOf(await world.as({ email: people.amara }).reset(await userId(people.noor)));
    const [approval] = (await control<{ approvals: { id: string }[] }>("GET", "approvals")).approvals;
    await control("PATCH", "settings", { pairAfterSeconds: null });
    await control("POST", `approvals/${approval?.id}/approve`);
    // The list of users that the reset was decided on would do for ten seconds, and does not show it.
    now += 1;
    await notify(world);
    expect((await world.as({ email: people.priya }).record(id)).state).toBe("awaitingPairing");
  });

  it("is known by the old secret and the new one while it is rotated", async () => {
    const FIREBLOCKS_WEBHOOK_SECRET = `${secret}\n${next}`;
    for (const given of [secret, next]) {
      const [world] = worlds(1, { FIREBLOCKS_WEBHOOK_SECRET }) as [World];
      expect((await notify(world, { "X-Webhook-Secret": given })).status).toBe(200);
      expect(runs(world)).toBe(1);
      now += 11_000;
    }
  });

  it("is not read, however much it holds", async () => {
    const world = gateway(set, at);
    let pulled = 0;
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          pulled += 1;
          if (pulled <= 64) controller.enqueue(new Uint8Array(1024 * 1024));
          else controller.close();
        },
      },
      { highWaterMark: 0 },
    );
    const headers = { "X-Webhook-Secret": secret };
    const response = await world.send(new Request(`${origin}${path}`, { method: "POST", headers, body }));
    await world.settled();
    expect([response.status, runs(world), pulled]).toEqual([200, 1, 0]);
  });

  it("that lies changes nothing: only Fireblocks' own answers count", async () => {
    const [world] = worlds(1) as [World];
    const noor = await userId(people.noor);
    const id = recordIdOf(await world.as({ email: people.amara }).reset(noor));
    const before = await world.as({ email: people.priya }).record(id);
    const lie = { subject: "Re-enroll mobile device", event: "Request approved", userId: noor, status: "APPROVED" };
    await notify(world, { "X-Webhook-Secret": secret }, JSON.stringify({ data: [lie, { user: "<b>mallory</b>" }] }));
    expect(runs(world)).toBe(1);
    const { state, open, approvals } = await world.as({ email: people.priya }).record(id);
    expect([state, open, approvals?.current ?? 0]).toEqual([before.state, true, 0]);
    expect(await found()).toEqual([]);
    expect(JSON.stringify(world.log)).not.toContain("mallory");
  });

  it("sends nothing: neither what a crash left open nor what waits", async () => {
    const POLICY = JSON.stringify([{ name: "Waits", when: { because: ["lost"] }, demand: { wait: { minutes: 1 } } }]);
    const [world] = worlds(1, { ...new Mailbox().settings, ...set, POLICY }) as [World];
    const amara = world.as({ email: people.amara, expiresIn: 3_600 });
    await control("POST", "faults", { match: { operation: "resetDevice" }, cut: "beforeEffect" });
    const crashed = recordIdOf(await amara.reset(await userId(people.noor), "k1", { ...note, because: "changed" }));
    const waiting = recordIdOf(await amara.reset(await userId(people.jonas), "k2", { ...note, because: "lost" }));
    await world.settled();
    now += LEASE_MS + MINUTE;
    const sent = (await upstreamLog("resetDevice")).length;
    await notify(world);
    expect(runs(world)).toBe(1);
    expect([(await amara.record(crashed)).state, (await amara.record(waiting)).state]).toEqual(["sending", "waiting"]);
    expect(await upstreamLog("resetDevice")).toHaveLength(sent);
    await world.sweep();
    expect(await upstreamLog("resetDevice")).toHaveLength(sent + 2);
  });

  it("hides neither that the sweep is dead nor that there was a gap", async () => {
    const [world] = worlds(1) as [World];
    now += 11 * MINUTE;
    await notify(world);
    expect(runs(world)).toBe(1);
    const health = await gateway({}, at).as({ email: people.priya, expiresIn: 3_600 }).get("/api/health");
    expect(((await health.json()) as HealthReport).checks.sweep.ok).toBe(false);
    await world.sweep();
    expect(world.log.map(({ event }) => event)).toContain("sweepGap");
  });
});

describe("many notifications", () => {
  it("at once, in many isolates, make one run; the next comes some seconds after it", async () => {
    const all = worlds(5);
    await Promise.all(all.flatMap((world) => Array.from({ length: 10 }, () => notify(world))));
    expect(runs(...all)).toBe(1);
    now += 9_000;
    const [early, later] = worlds(2) as [World, World];
    await notify(early);
    now += 2_000;
    await notify(later);
    expect([runs(early), runs(later)]).toEqual([0, 1]);
  });

  it("make one run also where the isolates' clocks are some milliseconds apart", async () => {
    const all = Array.from({ length: 5 }, (_, ms) => gateway(set, { now: () => now - ms }));
    await Promise.all(all.map((world) => notify(world)));
    expect(runs(...all)).toBe(1);
  });

  it("do not double a run that goes on, and one that has died keeps no other from beginning", async () => {
    const [first, second, third] = worlds(3) as [World, World, World];
    // Its end was never written.
    const wire = cutting(/early_until = \? WHERE early_until = \?$/, "before");
    const dying = gateway({ ...set, DB: faultyDatabase(db, wire) }, at);
    await notify(dying);
    expect(dying.log.map(({ event }) => event)).toContain("earlySweepFailed");
    now += 50_000;
    await notify(first);
    now += 11_000;
    await notify(second);
    expect([runs(first), runs(second)]).toEqual([0, 1]);
    // Nor does one whose clock was ahead.
    now -= 10 * MINUTE;
    await notify(third);
    expect(runs(third)).toBe(1);
  });

  it("beside the sweep itself find everything once", async () => {
    await inConsole();
    const all = worlds(3);
    await Promise.all([...all.map((world) => notify(world)), ...all.map((world) => world.sweep())]);
    expect(await found()).toHaveLength(1);
  });
});
