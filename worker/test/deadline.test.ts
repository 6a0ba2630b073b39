import { beforeEach, describe, expect, it } from "vitest";
import { CODES, GatewayError } from "../src/errors";
import { READ_DEADLINE_MS } from "../src/fireblocks/upstream";
import { DEADLINE_MS, type Stage, withinDeadline } from "../src/resets/deadline";
import type { Services } from "../src/services";
import { cleanWorld, control, db, errorOf, gateway, people, upstreamLog, userId } from "./setup/world";

beforeEach(cleanWorld);

/** What the page waits before it gives up. */
const PAGE_TIMEOUT_MS = 30_000;

describe("the worker's own deadline", () => {
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

  /** What whoever asked is told, 100 ms before the deadline, of work that takes longer. */
  async function told(work: (stage: Stage) => Promise<unknown>) {
    const kept: Promise<unknown>[] = [];
    const services = { now: Date.now } as Services;
    const asking = {
      arrivedAt: Date.now() - DEADLINE_MS + 100,
      waitUntil: (promise: Promise<unknown>) => void kept.push(promise),
    };
    const error = await withinDeadline(services, asking, work).catch((thrown: unknown) => thrown);
    return { error: error as GatewayError, kept };
  }

  it("is below the page's", () => expect(DEADLINE_MS).toBeLessThan(PAGE_TIMEOUT_MS - 2_000));

  it("is answered with what is known: nothing is sent before there is a record", async () => {
    const { error } = await told(() => pause(400));
    expect(error).toBeInstanceOf(GatewayError);
    expect(error).toMatchObject({ status: 503, code: CODES.noTime, outcome: "notSent" });
  });

  it("is answered with what is known: nothing of a key that was not looked up", async () => {
    const { error } = await told((stage) => {
      stage.keyUnread = true;
      return pause(400);
    });
    expect(error).toMatchObject({ status: 503, code: CODES.noTime, outcome: "unknown" });
  });

  it("is answered with what is known: a record may be sent, and the work goes on", async () => {
    let ended = false;
    const { error, kept } = await told(async (stage) => {
      stage.recordId = "r1";
      await pause(400);
      ended = true;
    });
    expect(error).toMatchObject({ status: 504, outcome: "unknown", details: { recordId: "r1" } });
    expect(ended).toBe(false);
    await Promise.all(kept);
    expect(ended).toBe(true);
  });

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
    await control("POST", "faults", { match: { operation: "getConsoleUsers" }, delayMs: 1_500 });
    let asked = 0;
    const world = gateway({}, { now: () => Date.now() + (asked++ === 0 ? 0 : DEADLINE_MS - 200) });
    const response = await world.as({ email: people.amara, expiresIn: 3_600 }).reset(noor);
    expect(response.status).toBe(503);
    expect(await errorOf(response)).toMatchObject({ code: CODES.noTime, outcome: "unknown" });
    await world.settled();
    expect(await upstreamLog("resetDevice")).toEqual([]);
  });
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
