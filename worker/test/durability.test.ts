import { beforeEach, describe, expect, it } from "vitest";
import { CODES } from "../src/errors";
import { LEASE_MS } from "../src/resets/attempt";
import { DEADLINE_MS } from "../src/resets/deadline";
import { cutting, faultyDatabase, type Wire } from "./setup/faulty-database";
import {
  approvals,
  cleanWorld,
  control,
  db,
  errorOf,
  gateway,
  people,
  recordIdOf,
  upstreamLog,
  userId,
} from "./setup/world";

beforeEach(cleanWorld);

const RECORD = /INSERT INTO resets/;
const READ_BY_ID = /SELECT \* FROM resets WHERE id/;
const OUTCOME = /UPDATE resets/;

const withWire = (wire: Wire, settings = {}, options = {}) =>
  gateway({ DB: faultyDatabase(db, wire), ...settings }, options);
const all =
  (...wires: Wire[]): Wire =>
  (sql) =>
    wires.map((wire) => wire(sql)).find((cut) => cut !== undefined);
const rows = async () => (await db.prepare("SELECT * FROM resets").all<Record<string, unknown>>()).results;

describe("the record's write", () => {
  it("that fails sends nothing, and says so for certain", async () => {
    const noor = await userId(people.noor);
    const amara = withWire(cutting(RECORD, "before")).as({ email: people.amara });
    const response = await amara.reset(noor, "key-1");
    expect(response.status).toBe(503);
    expect(await errorOf(response)).toMatchObject({ code: CODES.notRecorded, outcome: "refused" });
    expect(await upstreamLog("resetDevice")).toEqual([]);
    // Its place is taken, so that the write cannot appear later and be taken for a request that was made.
    expect(await rows()).toMatchObject([
      { id: recordIdOf(response), state: "refused", open: 0, key_held: 0, outcome: "notSent" },
    ]);
    // And the same key may be used again.
    expect((await amara.reset(noor, "key-1")).status).toBe(200);
  });

  it("whose answer is lost is read again, and then sent once", async () => {
    const noor = await userId(people.noor);
    const response = await withWire(cutting(RECORD, "after")).as({ email: people.amara }).reset(noor);
    expect(response.status).toBe(200);
    expect(await rows()).toMatchObject([{ state: "approvalRequested", attempts: 1 }]);
    expect(await approvals()).toHaveLength(1);
  });

  it("whose answer is lost, and which cannot be read again, sends nothing and promises nothing", async () => {
    const noor = await userId(people.noor);
    const wire = all(cutting(RECORD, "after"), cutting(READ_BY_ID, "before", 99));
    const response = await withWire(wire).as({ email: people.amara }).reset(noor);
    expect(response.status).toBe(503);
    expect(await errorOf(response)).toMatchObject({
      code: CODES.notRecorded,
      outcome: "unknown",
      recordId: recordIdOf(response),
    });
    expect(await upstreamLog("resetDevice")).toEqual([]);
    expect(await rows()).toMatchObject([{ state: "sending", open: 1 }]);
  });

  it("that cannot even be made good sends nothing and promises nothing", async () => {
    const noor = await userId(people.noor);
    const response = await withWire(cutting(RECORD, "before", 99))
      .as({ email: people.amara })
      .reset(noor);
    expect((await errorOf(response)).outcome).toBe("unknown");
    expect(await upstreamLog("resetDevice")).toEqual([]);
    expect(await rows()).toEqual([]);
  });

  it("that comes too late finds its place taken", async () => {
    const noor = await userId(people.noor);
    let late: (() => Promise<unknown>) | undefined;
    const slow = new Proxy(db, {
      get(target, name) {
        if (name !== "batch") return Reflect.get(target, name).bind(target);
        return (statements: D1PreparedStatement[]) => {
          if (late !== undefined) return target.batch(statements);
          late = () => target.batch(statements);
          return Promise.reject(new Error("D1_ERROR: Network connection lost."));
        };
      },
    });
    const response = await gateway({ DB: slow }).as({ email: people.amara }).reset(noor);
    expect((await errorOf(response)).outcome).toBe("refused");
    await expect(late?.()).rejects.toThrow(/record exists/);
    expect(await rows()).toMatchObject([{ state: "refused", open: 0 }]);
  });

  it("that fails is not all that a key which was used before is told", async () => {
    const noor = await userId(people.noor);
    // Then only the records tell of the first time.
    await control("PATCH", "settings", { approvalsReadable: false });
    const first = await gateway().as({ email: people.amara }).reset(noor, "key-1");
    const again = await withWire(cutting(RECORD, "before")).as({ email: people.amara }).reset(noor, "key-1");
    expect([again.status, recordIdOf(again)]).toEqual([200, recordIdOf(first)]);
    expect(again.headers.get("X-Reset-Replayed")).toBe("true");
    const other = await withWire(cutting(RECORD, "before")).as({ email: people.amara }).reset(noor, "key-2");
    expect(await errorOf(other)).toMatchObject({ code: CODES.resetOpen, recordId: recordIdOf(first) });
    expect(await upstreamLog("resetDevice")).toHaveLength(1);
  });

  it("that cannot even be looked for sends nothing and promises nothing", async () => {
    const noor = await userId(people.noor);
    const response = await withWire(cutting(/SELECT/, "before", 99))
      .as({ email: people.amara })
      .reset(noor);
    expect(response.status).toBe(503);
    expect(await errorOf(response)).toMatchObject({ code: CODES.unavailable, outcome: "unknown" });
    expect(await upstreamLog("resetDevice")).toEqual([]);
  });
});

describe("a refusal", () => {
  it("that cannot be held against the records is none for a key that may have been used before", async () => {
    const noor = await userId(people.noor);
    const amara = withWire(cutting(/SELECT/, "before", 99)).as({ email: people.amara });
    const response = await amara.reset(noor, "key-1", {});
    expect(response.status).toBe(503);
    expect(await errorOf(response)).toMatchObject({ code: CODES.unavailable, outcome: "unknown" });
    const keyless = await amara.post(`/v1/management/users/${noor}/reset_device`, {});
    expect(await errorOf(keyless)).toMatchObject({ code: CODES.unavailable, outcome: "refused" });
    expect(await upstreamLog("resetDevice")).toEqual([]);
  });
});

describe("the outcome's write", () => {
  it("that fails once is made again", async () => {
    const noor = await userId(people.noor);
    const world = withWire(cutting(OUTCOME, "before"));
    expect((await world.as({ email: people.amara }).reset(noor)).status).toBe(200);
    await world.settled();
    expect(await rows()).toMatchObject([{ state: "approvalRequested" }]);
  });

  it("whose answer is lost is not made twice", async () => {
    const noor = await userId(people.noor);
    const world = withWire(cutting(OUTCOME, "after"));
    const amara = world.as({ email: people.amara });
    const response = await amara.reset(noor);
    await world.settled();
    const record = await amara.record(recordIdOf(response));
    expect(record.events?.map(({ event }) => event)).toEqual(["recorded", "attempt", "approvalRequested"]);
  });

  it.each<["before" | "after"]>([["before"], ["after"]])(
    "that fails for good (%s) leaves the admin the true answer, and the sweep the rest",
    async (cut) => {
      let now = Date.now();
      const noor = await userId(people.noor);
      const broken = withWire(cutting(OUTCOME, cut, 99), {}, { now: () => now });
      const response = await broken.as({ email: people.amara }).reset(noor);
      expect(response.status).toBe(200);
      await broken.settled();
      const written = cut === "before" ? "sending" : "approvalRequested";
      expect(await rows()).toMatchObject([{ state: written }]);

      now += LEASE_MS + 1_000;
      await gateway({}, { now: () => now }).sweep();
      expect(await rows()).toMatchObject([{ state: "approvalRequested", open: 1, outcome: "accepted" }]);
      expect(await approvals()).toHaveLength(1);
      expect(new Set((await upstreamLog("resetDevice")).map((call) => call.requestId)).size).toBeLessThanOrEqual(2);
    },
  );
});

describe("a refusal that cannot be written down", () => {
  it.each([
    [429, { status: 429, retryAfter: "7", body: "{}" }, "approvalRequested"],
    // Fireblocks answers the same key with the same 403, which after an unwritten answer decides nothing.
    [403, { status: 403, body: '{"error":{"type":"AUTHORIZATION","message":"nope"}}' }, "unknown"],
  ])("of %i is no promise that nothing is filed: the sweep sends again", async (status, fault, state) => {
    let now = Date.now();
    const noor = await userId(people.noor);
    await control("POST", "faults", { match: { operation: "resetDevice" }, ...fault });
    const broken = withWire(cutting(OUTCOME, "before", 99), {}, { now: () => now });
    const response = await broken.as({ email: people.amara }).reset(noor);
    expect(response.status).toBe(status);
    const body = await errorOf(response);
    expect(body).toMatchObject({ outcome: "unknown", recordId: recordIdOf(response) });
    expect(body.message).toContain("may send the request again");
    await broken.settled();
    expect(await rows()).toMatchObject([{ state: "sending", open: 1 }]);

    now += LEASE_MS + 1_000;
    await gateway({}, { now: () => now }).sweep();
    expect(await upstreamLog("resetDevice")).toHaveLength(2);
    expect(await rows()).toMatchObject([{ state, attempts: 2 }]);
  });
});

describe("leases", () => {
  it("outlast the worker's own deadline and what the runtime leaves to a request that has gone", () => {
    expect(LEASE_MS).toBeGreaterThan(DEADLINE_MS + 30_000);
  });

  it("what comes back late for an older attempt becomes an event and overwrites nothing", async () => {
    let now = Date.now();
    const noor = await userId(people.noor);
    // The first attempt files its request and is held on the way back.
    await control("POST", "faults", { match: { operation: "resetDevice" }, delayMs: 1_500, status: 403, body: "{}" });
    const world = gateway({}, { now: () => now });
    const amara = world.as({ email: people.amara, expiresIn: 3_600 });
    const first = amara.reset(noor);
    while ((await upstreamLog("resetDevice")).length === 0 && (await rows()).length === 0) await pause(30);
    await pause(200);
    now += LEASE_MS + 1_000;
    await gateway({}, { now: () => now }).sweep();
    expect(await rows()).toMatchObject([{ state: "approvalRequested", attempts: 2 }]);

    expect((await first).status).toBe(403);
    expect(await errorOf((await first).clone())).toMatchObject({ outcome: "unknown" });
    await world.settled();
    const record = await gateway()
      .as({ email: people.amara })
      .record(recordIdOf(await first));
    expect(record).toMatchObject({ state: "approvalRequested", open: true, outcome: "accepted", attempts: 2 });
    expect(record.events?.map(({ event, source }) => [event, source])).toEqual([
      ["recorded", "person"],
      ["attempt", "worker"],
      ["attempt", "sweep"],
      ["approvalRequested", "fireblocks"],
      ["lateAnswer", "fireblocks"],
    ]);
    expect(record.events?.at(-1)?.detail).toMatchObject({ attempt: 1, status: 403, kind: "refused" });
  });

  it("are taken by one of two sweeps at once", async () => {
    let now = Date.now();
    const noor = await userId(people.noor);
    await control("POST", "faults", { match: { operation: "resetDevice" }, cut: "beforeEffect" });
    await gateway({}, { now: () => now })
      .as({ email: people.amara })
      .reset(noor);
    // Long enough for the slower sweeps to look again while the faster one's attempt is under way.
    await control("POST", "faults", { match: { operation: "resetDevice" }, delayMs: 1_500 });
    now += LEASE_MS + 1_000;
    await Promise.all(Array.from({ length: 4 }, () => gateway({}, { now: () => now }).sweep()));
    expect(await upstreamLog("resetDevice")).toHaveLength(2);
    expect(await rows()).toMatchObject([{ state: "approvalRequested", attempts: 2 }]);
    expect(await approvals()).toHaveLength(1);
  });
});

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
