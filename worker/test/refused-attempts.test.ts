import type { RefusedAttemptPage } from "fireblocks-reset-device/gateway-api";
import { beforeEach, describe, expect, it } from "vitest";
import { CODES } from "../src/errors";
import { cleanWorld, db, gateway, people, recordIdOf, userId } from "./setup/world";

beforeEach(cleanWorld);

const list = async (query = ""): Promise<RefusedAttemptPage> =>
  (await gateway().as({ email: people.tomas }).get(`/api/refused-attempts${query}`)).json();

async function attempt(email: string, path: string, settings = {}): Promise<void> {
  const world = gateway(settings);
  await world.as({ email }).post(path, { reason: "why", verifiedBy: "how" });
  await world.settled();
}

const resetOf = async (email: string) => `/v1/management/users/${await userId(email)}/reset_device`;

describe("what was refused is kept", () => {
  it("to whom, what and why: no role, oneself, the Owner, another's record, over a limit", async () => {
    const body = { reason: "why", verifiedBy: "how" };
    await attempt(people.eli, await resetOf(people.noor));
    await attempt(people.amara, await resetOf(people.amara));
    await attempt(people.amara, await resetOf(people.owner));
    await attempt(people.priya, `/api/resets/${crypto.randomUUID()}/settle`);
    const full = {
      RATE_LIMITS: "on",
      RESET_LIMIT: { limit: async () => ({ success: false }) } as unknown as RateLimit,
    };
    await attempt(people.amara, await resetOf(people.noor), full);
    const { attempts } = await list();
    expect(attempts.map(({ actor, action, code }) => [actor, action, code])).toEqual([
      [people.amara, "reset", CODES.rateLimited],
      [people.priya, "settle", CODES.noRole],
      [people.amara, "reset", CODES.owner],
      [people.amara, "reset", CODES.self],
      [people.eli, "reset", CODES.noRole],
    ]);
    expect(attempts[4]).toMatchObject({ subject: await userId(people.noor), count: 1 });
    // A note may hold anything: nothing of it is kept.
    expect(JSON.stringify(attempts)).not.toContain(body.verifiedBy);
  });

  it("also where whoever tries is told that there is nothing: another's stop, and an answer for a manager", async () => {
    const world = gateway();
    const id = recordIdOf(await world.as({ email: people.amara }).reset(await userId(people.noor)));
    await world.as({ email: people.eli }).post(`/api/me/resets/${id}/stop`);
    await world.as({ email: people.amara }).post(`/api/confirmations/${id}`, { confirm: true, reason: "It is them" });
    const borrowed = { reason: "why", helpRequest: crypto.randomUUID() };
    await world.as({ email: people.amara }).reset(await userId(people.jonas), "key-1", borrowed);
    await world.settled();
    const { attempts } = await list();
    expect(new Set(attempts.map(({ actor, action, subject, code }) => [actor, action, subject, code].join()))).toEqual(
      new Set([
        [people.eli, "stop", id, CODES.notFound].join(),
        [people.amara, "confirm", id, CODES.notFound].join(),
        [people.amara, "reset", await userId(people.jonas), CODES.unknownHelpRequest].join(),
      ]),
    );
  });

  it("also to a service token that nobody has named, which gets no further than the sign-in", async () => {
    const world = gateway();
    const noor = await userId(people.noor);
    const token = world.as({ commonName: "other.access" });
    expect((await token.bare("POST", `/v1/management/users/${noor}/reset_device`)).status).toBe(403);
    await world.settled();
    const told = { actor: "other.access", action: "reset", subject: noor, code: CODES.noRole };
    expect((await list()).attempts).toMatchObject([told]);
  });

  it("counts the same again, and has a bounded number of rows for each person and day", async () => {
    const world = gateway();
    const eli = world.as({ email: people.eli });
    const noor = await userId(people.noor);
    for (let index = 0; index < 5; index++) await eli.reset(noor);
    await world.settled();
    expect((await list()).attempts).toMatchObject([{ count: 5 }]);
    for (let index = 0; index < 130; index++) await eli.reset(`user-${index}`);
    await world.settled();
    expect(await db.prepare("SELECT COUNT(*) AS rows FROM refused_attempts").first()).toEqual({ rows: 100 });
    const before = await list("?limit=100");
    expect([before.attempts.length, before.next]).toEqual([100, undefined]);
    // And another person's are kept all the same.
    await attempt(people.priya, await resetOf(people.noor));
    const after = await list("?limit=100");
    expect(after.attempts[0]?.actor).toBe(people.priya);
    expect(after.next).toBeDefined();
    expect((await list(`?limit=100&before=${after.next}`)).attempts).toHaveLength(1);
  });

  it("for auditors alone, and in their export", async () => {
    await attempt(people.eli, await resetOf(people.noor));
    for (const email of [people.amara, people.priya, people.eli]) {
      expect((await gateway().as({ email }).get("/api/refused-attempts")).status).toBe(403);
    }
    const exported = async (format: string) => {
      const response = await gateway().as({ email: people.tomas }).get(`/api/resets/export?format=${format}`);
      return new TextDecoder("utf-8", { fatal: false, ignoreBOM: true }).decode(await response.arrayBuffer());
    };
    const [line = ""] = (await exported("jsonl")).trimEnd().split("\n");
    expect(JSON.parse(line)).toMatchObject({ refusedAttempt: { actor: people.eli, code: CODES.noRole, count: 1 } });
    const csv = await exported("csv");
    expect(csv.startsWith("\uFEFFrecordId,")).toBe(true);
    expect(csv.trimEnd().split("\r\n")[1]).toContain(`refusedAttempt,worker,${people.eli}`);
    // What is no record's id does not stand where records' ids do.
    const alarm = crypto.randomUUID();
    await attempt(people.priya, `/api/alarms/${alarm}/close`);
    const tried = (await exported("csv")).split("\r\n").find((line) => line.includes("closeAlarm"));
    expect(tried).toContain(alarm);
    expect(tried).toMatch(/^,/);
  });

  it("and neither changed nor removed", async () => {
    await attempt(people.eli, await resetOf(people.noor));
    for (const statement of [
      "UPDATE refused_attempts SET actor = 'x'",
      "UPDATE refused_attempts SET count = 0",
      "DELETE FROM refused_attempts",
      "INSERT OR REPLACE INTO refused_attempts SELECT * FROM refused_attempts",
    ]) {
      await expect(db.prepare(statement).run(), statement).rejects.toThrow(/never change|are kept|exists/);
    }
  });

  it("but not what was answered, or was no attempt", async () => {
    const world = gateway();
    const amara = world.as({ email: people.amara });
    await amara.reset(await userId(people.noor));
    await amara.reset(await userId(people.noor));
    await amara.post("/v1/management/users/x/reset_device", { nonsense: 1 });
    await world.as({ email: people.eli }).get("/api/users");
    await world.settled();
    expect((await list()).attempts).toEqual([]);
  });
});
