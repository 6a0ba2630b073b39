import type { Session } from "fireblocks-reset-device/gateway-api";
import { beforeEach, describe, expect, it } from "vitest";
import { CODES } from "../src/errors";
import { LEASE_MS } from "../src/resets/attempt";
import { cutting, faultyDatabase } from "./setup/faulty-database";
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

let now: number;
const at = { now: () => now };

beforeEach(async () => {
  await cleanWorld();
  now = Date.now();
});

const person = (email: string) => gateway({}, at).as({ email, expiresIn: 86_400 });
const pause = (email = people.amara, reason = "Something is wrong") => person(email).post("/api/pause", { reason });
const resume = (email = people.tomas) => person(email).post("/api/resume");
const session = async (email: string): Promise<Session> => (await person(email).get("/api/session")).json();

describe("a pause", () => {
  it("is set by any resetter or auditor, and taken away by an auditor alone", async () => {
    for (const email of [people.amara, people.tomas]) {
      expect((await pause(email)).status).toBe(204);
      expect((await session(people.priya)).pause).toEqual({ at: now, by: email, reason: "Something is wrong" });
      expect((await resume(people.amara)).status).toBe(403);
      expect((await resume(people.tomas)).status).toBe(204);
    }
    for (const email of [people.priya, people.eli]) expect((await pause(email)).status).toBe(403);
    const kept = await db.prepare("SELECT by, ended_by FROM pauses ORDER BY id").all();
    expect(kept.results).toEqual([
      { by: people.amara, ended_by: people.tomas },
      { by: people.tomas, ended_by: people.tomas },
    ]);
  });

  it("takes a reason, stays the first one's, and is not ended where there is none", async () => {
    expect((await pause(people.amara, "  ")).status).toBe(400);
    expect((await resume()).status).toBe(409);
    expect((await pause()).status).toBe(204);
    expect((await pause(people.jonas, "Another reason")).status).toBe(204);
    expect((await session(people.jonas)).pause).toMatchObject({ by: people.amara });
    const told = await session(people.jonas);
    expect(told).toMatchObject({ resetsPaused: true, can: { reset: false, pause: true, resume: false } });
  });

  it("is not ended by whoever has read of another, which was set before", async () => {
    const resumeThat = (pausedAt: number) => person(people.tomas).post("/api/resume", { pausedAt });
    expect((await pause()).status).toBe(204);
    const seen = now;
    now += 60_000;
    expect((await resume()).status).toBe(204);
    expect((await pause(people.jonas, "A key was stolen")).status).toBe(204);
    const late = await resumeThat(seen);
    expect([late.status, (await errorOf(late)).code]).toEqual([409, CODES.wrongState]);
    expect((await session(people.tomas)).pause).toMatchObject({ by: people.jonas, reason: "A key was stolen" });
    expect((await resumeThat(now)).status).toBe(204);
    for (const odd of [{ pausedAt: "now" }, { pausedAt: 1.5 }, "now"]) {
      expect((await person(people.tomas).post("/api/resume", odd)).status).toBe(400);
    }
  });

  it("stands in the export, with who set and who ended it", async () => {
    await pause(people.amara, "=A laptop was stolen");
    now += 60_000;
    await resume();
    now += 60_000;
    await pause(people.jonas, "Once more");
    const exported = async (query: string) =>
      (await (await person(people.tomas).get(`/api/resets/export?${query}`)).text()).trimEnd().split(/\r?\n/);
    const told = (await exported("format=jsonl")).flatMap((line) => JSON.parse(line).pause ?? []);
    expect(told).toMatchObject([
      { by: people.amara, reason: "=A laptop was stolen", endedAt: now - 60_000, endedBy: people.tomas },
      { at: now, by: people.jonas, reason: "Once more" },
    ]);
    expect(told[1]).not.toHaveProperty("endedAt");
    const lines = (await exported("format=csv")).filter((line) => line.includes(",pause."));
    expect(lines.map((line) => line.match(/pause\.\w+,person,[^,]+/)?.[0])).toEqual([
      `pause.set,person,${people.amara}`,
      `pause.ended,person,${people.tomas}`,
      `pause.set,person,${people.jonas}`,
    ]);
    expect((await exported(`format=jsonl&from=${now}`)).filter((line) => line.includes('"pause"'))).toHaveLength(1);
  });

  it("stops resets and releases, and no deployment undoes it", async () => {
    const both = { REQUIRE_SECOND_PERSON: "true" };
    const proposal = recordIdOf(
      await gateway(both, at)
        .as({ email: people.amara })
        .reset(await userId(people.noor)),
    );
    await pause();
    // Another isolate of another version, whose setting says nothing of a pause.
    const reset = await gateway({ RESETS_PAUSED: "false" }, at)
      .as({ email: people.amara })
      .reset(await userId(people.jonas));
    expect([reset.status, (await errorOf(reset)).code]).toEqual([503, CODES.paused]);
    const released = await gateway(both, at).as({ email: people.jonas }).post(`/api/resets/${proposal}/release`);
    expect([released.status, (await errorOf(released)).code]).toEqual([503, CODES.paused]);
    expect(await approvals()).toEqual([]);
    await resume();
    expect((await person(people.amara).reset(await userId(people.jonas))).status).toBe(200);
  });

  it.each([
    ["by a person", () => pause(), {}],
    ["by the setting", async () => undefined, { RESETS_PAUSED: "true" }],
  ])("%s stops the sweep's sending and removing, and nothing else of it", async (_, begin, settings) => {
    const followed = recordIdOf(await person(people.amara).reset(await userId(people.noor)));
    await gateway({}, at).sweep();
    now += 11_000;
    await control("POST", "faults", { match: { operation: "resetDevice" }, cut: "beforeEffect" });
    const crashed = recordIdOf(await person(people.amara).reset(await userId(people.jonas)));
    await begin();
    const [approval] = await approvals();
    await control("POST", `approvals/${approval?.id}/reject`);
    now += LEASE_MS + 1_000;
    const world = gateway(settings, at);
    await world.sweep();
    expect((await person(people.priya).record(crashed)).state).toBe("sending");
    expect((await person(people.priya).record(followed)).state).toBe("rejected");
    expect(await upstreamLog("resetDevice")).toHaveLength(2);
    expect(await db.prepare("SELECT at FROM sweep_mark").first()).toEqual({ at: now });
    const left = world.log.filter(({ event }) => event === "sweepPaused").map(({ step }) => step);
    expect(left).toEqual(["finished", "departed", "removed"]);
  });

  it.each([
    ["a reset", /INSERT INTO resets/],
    ["a release", /UPDATE resets SET/],
  ])("that is set while %s is looked at is held to: nothing is sent after it", async (what, statement) => {
    const noor = await userId(people.noor);
    const both = { REQUIRE_SECOND_PERSON: what === "a release" ? "true" : "false" };
    const amara = gateway(both, at).as({ email: people.amara });
    const proposal = what === "a release" ? recordIdOf(await amara.reset(noor)) : "";
    const begin = async () => expect((await pause(people.tomas)).status).toBe(204);
    const slow = { ...both, DB: faultyDatabase(db, cutting(statement, begin)) };
    const jonas = gateway(slow, at).as({ email: people.jonas });
    const answer = await (what === "a release" ? jonas.post(`/api/resets/${proposal}/release`) : jonas.reset(noor));
    const { code, outcome } = await errorOf(answer);
    expect([answer.status, code, outcome]).toEqual([503, CODES.paused, "refused"]);
    expect(await upstreamLog("resetDevice")).toEqual([]);
    const states = await db.prepare("SELECT state FROM resets").all();
    expect(states.results).toEqual(what === "a release" ? [{ state: "proposed" }] : []);
  });

  it("of which nobody can say whether it was set is told so, and set by asking again", async () => {
    const DB = faultyDatabase(db, cutting(/INSERT INTO pauses/, "after"));
    const answer = await gateway({ DB }, at).as({ email: people.amara }).post("/api/pause", { reason: "Odd requests" });
    const { outcome, message } = await errorOf(answer);
    expect([answer.status, outcome, message]).toEqual([503, "unknown", expect.stringContaining("is not known")]);
    expect((await pause()).status).toBe(204);
    expect((await session(people.priya)).pause?.reason).toBe("Odd requests");
  });

  it("stops also what the sweep has begun to look at", async () => {
    await control("POST", "faults", { match: { operation: "resetDevice" }, cut: "beforeEffect" });
    const crashed = recordIdOf(await person(people.amara).reset(await userId(people.noor)));
    now += LEASE_MS + 1_000;
    const begin = async () => expect((await pause(people.tomas)).status).toBe(204);
    await gateway({ DB: faultyDatabase(db, cutting(/UPDATE resets SET attempts/, begin)) }, at).sweep();
    expect((await person(people.priya).record(crashed)).state).toBe("sending");
    expect(await upstreamLog("resetDevice")).toHaveLength(1);
  });

  it("is not rewritten or removed, and there is never a second one", async () => {
    await pause();
    for (const statement of [
      "UPDATE pauses SET by = 'x'",
      "UPDATE pauses SET reason = 'x'",
      "DELETE FROM pauses",
      "INSERT INTO pauses (at, by, reason) VALUES (1, 'x', 'x')",
      "INSERT OR REPLACE INTO pauses (id, at, by, reason) SELECT id, 1, 'x', 'x' FROM pauses",
    ]) {
      await expect(db.prepare(statement).run(), statement).rejects.toThrow(/never changes|are kept|paused already/);
    }
  });
});
