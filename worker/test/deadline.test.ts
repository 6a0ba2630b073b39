import { beforeEach, describe, expect, it } from "vitest";
import { CODES } from "../src/errors";
import { READ_DEADLINE_MS } from "../src/fireblocks/upstream";
import { DEADLINE_MS } from "../src/resets/deadline";
import { faultyDatabase } from "./setup/faulty-database";
import {
  cleanWorld,
  control,
  db,
  errorOf,
  gateway,
  note,
  people,
  type Settings,
  upstreamLog,
  userId,
} from "./setup/world";

beforeEach(cleanWorld);

describe("the worker's own deadline", () => {
  it("that passes during the checks is told in time, and nothing is sent afterwards", async () => {
    const noor = await userId(people.noor);
    await control("POST", "faults", { match: { operation: "getConsoleUsers" }, delayMs: 2_500 });
    // The request arrived long ago, as if the sign-in had taken most of the time.
    let asked = 0;
    const world = gateway({}, { now: () => Date.now() + (asked++ === 0 ? 0 : DEADLINE_MS - 1_000) });
    const amara = world.as({ email: people.amara, expiresIn: 3_600 });
    const started = Date.now();
    const response = await amara.reset(noor);
    expect(Date.now() - started).toBeLessThan(2_400);
    expect(response.status).toBe(503);
    expect(await errorOf(response)).toMatchObject({ code: CODES.noTime, outcome: "notSent" });
    await world.settled();
    expect(await db.prepare("SELECT * FROM resets").first()).toBeNull();
    expect(await upstreamLog("resetDevice")).toEqual([]);
  });

  it("that passes before the key was looked up says nothing of what came of its first use", async () => {
    const noor = await userId(people.noor);
    const world = slowlyLimited();
    const response = await world.as({ email: people.amara, expiresIn: 3_600 }).reset(noor);
    expect(response.status).toBe(503);
    expect(await errorOf(response)).toMatchObject({ code: CODES.noTime, outcome: "unknown" });
    await world.settled();
    expect(await upstreamLog("resetDevice")).toEqual([]);
  });

  it("that passes while a limit is asked leaves nothing that is recorded or sent afterwards", async () => {
    const noor = await userId(people.noor);
    const world = slowlyLimited();
    const path = `/v1/management/users/${noor}/reset_device`;
    const response = await world.as({ email: people.amara, expiresIn: 3_600 }).post(path, note);
    expect(response.status).toBe(503);
    expect(await errorOf(response)).toMatchObject({ code: CODES.noTime, outcome: "notSent" });
    await world.settled();
    expect(await upstreamLog("resetDevice")).toEqual([]);
    expect((await db.prepare("SELECT id FROM resets").all()).results).toEqual([]);
  });

  it.each([
    ["the limit", (late: () => void) => ({ RATE_LIMITS: "on", RESET_LIMIT: limitAfter(late) })],
    ["the records", (late: () => void) => ({ DB: faultyDatabase(db, (sql) => void (/today/.test(sql) && late())) })],
  ])("is looked at again after %s, however slow it was", async (_, binding) => {
    const noor = await userId(people.noor);
    let now = Date.now();
    const world = gateway(binding(() => (now += DEADLINE_MS - 5_000)) as Settings, { now: () => now });
    const response = await world.as({ email: people.amara, expiresIn: 3_600 }).reset(noor);
    expect(await errorOf(response)).toMatchObject({ code: CODES.noTime, outcome: "notSent" });
    await world.settled();
    expect(await upstreamLog("resetDevice")).toEqual([]);
    expect((await db.prepare("SELECT id FROM resets").all()).results).toEqual([]);
  });

  function limitAfter(wait: () => unknown): RateLimit {
    return { limit: async () => ({ success: (await wait()) !== "never" }) } as RateLimit;
  }

  /** The limit answers when the deadline has passed. */
  function slowlyLimited() {
    const RESET_LIMIT = limitAfter(() => new Promise((resolve) => setTimeout(resolve, 1_500)));
    let asked = 0;
    // The request arrived long ago, as if the sign-in had taken most of the time. No check of the time sees it pass.
    return gateway(
      { RATE_LIMITS: "on", RESET_LIMIT },
      { now: () => Date.now() + (asked++ === 0 ? 0 : DEADLINE_MS - 200) },
    );
  }
});

describe("a look at Fireblocks before a reset", () => {
  it("that does not come is given up, and nothing is sent", async () => {
    const noor = await userId(people.noor);
    // Not by the simulator, whose log would tell of it in a later test.
    const silent = ((input: RequestInfo | URL, init?: RequestInit) => {
      const request = new Request(input as RequestInfo, init);
      if (!request.url.endsWith("/management/users")) return fetch(request);
      return new Promise((_, reject) => request.signal.addEventListener("abort", () => reject(request.signal.reason)));
    }) as typeof fetch;
    const started = Date.now();
    const response = await gateway({}, { fetch: silent }).as({ email: people.amara }).reset(noor);
    expect(Date.now() - started).toBeLessThan(READ_DEADLINE_MS + 2_000);
    expect(response.status).toBe(504);
    expect((await errorOf(response)).outcome).toBe("refused");
    expect(await upstreamLog("resetDevice")).toEqual([]);
  });

  it("that Fireblocks puts off for longer than it may take is not waited for", async () => {
    const noor = await userId(people.noor);
    await control("POST", "faults", {
      match: { operation: "getConsoleUsers" },
      status: 429,
      retryAfter: "40",
      body: "{}",
    });
    const started = Date.now();
    const response = await gateway().as({ email: people.amara }).reset(noor);
    expect(Date.now() - started).toBeLessThan(2_000);
    expect(response.status).toBe(429);
    expect(response.headers.get("Retry-After")).toBe("40");
  });
});
