import type { Alarm, AlarmList, Me } from "fireblocks-reset-device/gateway-api";
import { beforeEach, describe, expect, it } from "vitest";
import { CODES } from "../src/errors";
import { openAlarmOf } from "../src/records/alarms";
import { faultyDatabase } from "./setup/faulty-database";
import { Mailbox } from "./setup/mailbox";
import { cleanWorld, db, errorOf, gateway, people, recordIdOf, type Settings, userId } from "./setup/world";

beforeEach(cleanWorld);

const as = (email: string, settings: Settings = {}) => gateway(settings).as({ email });
const text = "Somebody called me and asked for a code.";

async function raise(body: object = { text }, email = people.noor, settings: Settings = {}): Promise<Alarm> {
  const person = as(email, settings);
  const response = await person.post("/api/me/alarm", body);
  await person.world.settled();
  expect(response.status).toBe(200);
  return response.json();
}

const close = (id: string, email: string, settings: Settings = {}, reason = "Called back: a test") =>
  as(email, settings).post(`/api/alarms/${id}/close`, { reason });
const alarmed = async () => openAlarmOf(db, await userId(people.noor));

describe("an alarm", () => {
  it("is raised by anybody for themselves, without a role, and seen by whoever looks after resets", async () => {
    const alarm = await raise();
    expect(alarm).toMatchObject({ userId: await userId(people.noor), raisedBy: people.noor, text });
    expect(await alarmed()).toBe(true);
    const list = (await (await as(people.priya).get("/api/alarms")).json()) as AlarmList;
    expect(list.alarms).toEqual([alarm]);
    expect((await as(people.noor).get("/api/alarms")).status).toBe(403);
    const own = async (email: string) => ((await (await as(email).get("/api/me")).json()) as Me).alarms;
    expect(await own(people.noor)).toEqual([alarm]);
    expect(await own(people.eli)).toEqual([]);
  });

  it("said again is the same alarm, and told once", async () => {
    const mailbox = new Mailbox();
    const settings = { ...mailbox.settings, ALERT_TO: "soc@northwind.example" };
    const first = await raise({ text }, people.noor, settings);
    const again = await raise({ text: "And again" }, people.noor, settings);
    expect(again).toEqual(first);
    expect(mailbox.to("soc@northwind.example")).toHaveLength(1);
    expect(mailbox.to("soc@northwind.example")[0]?.text).toContain("https://resets.example/queue");
    expect(JSON.stringify(mailbox.taken)).not.toContain("asked for a code");
  });

  it("may be about a reset that has ended, and is shown beside it", async () => {
    const amara = as(people.amara, { REQUIRE_SECOND_PERSON: "true" });
    const id = recordIdOf(await amara.reset(await userId(people.noor)));
    await amara.post(`/api/resets/${id}/withdraw`, { reason: "found it" });
    const alarm = await raise({ text, resetId: id });
    expect(alarm.recordId).toBe(id);
    expect((await as(people.priya).record(id)).alarms).toEqual([alarm]);
  });

  it("about somebody else's reset is refused like one about none", async () => {
    const id = recordIdOf(await as(people.amara).reset(await userId(people.noor)));
    for (const resetId of [id, crypto.randomUUID()]) {
      const answer = await as(people.eli).post("/api/me/alarm", { text, resetId });
      expect([answer.status, (await errorOf(answer)).code]).toEqual([404, CODES.notFound]);
    }
  });

  it.each([
    ["no text", {}],
    ["a text that says nothing", { text: "…" }],
    ["an id that is none", { text, resetId: "../resets" }],
    ["more than is asked for", { text, userId: "another" }],
  ])("with %s is refused", async (_, body) => {
    expect((await as(people.noor).post("/api/me/alarm", body)).status).toBe(400);
    expect(await alarmed()).toBe(false);
  });

  it("by somebody who is nobody in the workspace, or a service token, is refused", async () => {
    expect((await as("stranger@elsewhere.example").post("/api/me/alarm", { text })).status).toBe(403);
    const roles = { ROLES: JSON.stringify({ resetter: ["service:robot.access"] }) };
    const robot = gateway(roles).as({ commonName: "robot.access" });
    expect((await robot.post("/api/me/alarm", { text })).status).toBe(403);
  });
});

describe("an alarm is closed", () => {
  it("with a reason, by a resetter or an auditor who has no part in it, once", async () => {
    const { id } = await raise();
    expect((await close(id, people.tomas)).status).toBe(204);
    expect(await alarmed()).toBe(false);
    // Its answer may have been lost.
    expect((await close(id, people.tomas)).status).toBe(204);
    expect((await close(id, people.jonas)).status).toBe(409);
    const [alarm] = ((await (await as(people.priya).get("/api/alarms")).json()) as AlarmList).alarms;
    expect(alarm?.closed).toMatchObject({ by: people.tomas, reason: "Called back: a test" });
    // The next one is another alarm.
    expect((await raise()).id).not.toBe(id);
  });

  it("never by the person, under any spelling or sign-in", async () => {
    const everybody = (resetter: string[]) => ({ ROLES: JSON.stringify({ resetter, auditor: resetter }) });
    const { id } = await raise();
    const spellings = [people.noor, "noor.haddad+soc@northwind.example"];
    for (const email of spellings) {
      const answer = await close(id, email, everybody(spellings));
      expect([answer.status, (await errorOf(answer)).code]).toEqual([403, CODES.secondPerson]);
    }
    const mapped = {
      ...everybody(["n.h@home.example"]),
      USER_MAP: JSON.stringify({ "n.h@home.example": people.noor }),
    };
    expect((await close(id, "n.h@home.example", mapped)).status).toBe(403);
    expect(await alarmed()).toBe(true);
  });

  it.each([
    ["that it names", true],
    ["of this person that it may be about", false],
  ])("never by whoever asked for the reset %s", async (_, names) => {
    const resetId = recordIdOf(await as(people.amara).reset(await userId(people.noor)));
    const { id } = await raise(names ? { text, resetId } : { text });
    const answer = await close(id, people.amara);
    expect([answer.status, (await errorOf(answer)).code]).toEqual([403, CODES.secondPerson]);
    expect((await close(id, people.jonas)).status).toBe(204);
  });

  it("never by a viewer, by nobody, or by somebody unknown to the workspace", async () => {
    const { id } = await raise();
    expect((await close(id, people.priya)).status).toBe(403);
    expect((await close(id, people.eli)).status).toBe(403);
    const roles = { ROLES: JSON.stringify({ auditor: ["outside@elsewhere.example"] }) };
    expect((await close(id, "outside@elsewhere.example", roles)).status).toBe(403);
    expect(await alarmed()).toBe(true);
  });

  it("and stays as it was said: the database changes nothing of it, and removes none", async () => {
    const { id } = await raise();
    for (const sql of [
      "UPDATE alarms SET text = 'never mind' WHERE id = ?",
      "UPDATE alarms SET user_id = 'another' WHERE id = ?",
      "DELETE FROM alarms WHERE id = ?",
      "INSERT OR REPLACE INTO alarms (id, at, user_id, raised_by, raised_by_id, text) VALUES (?, 1, 'u', 'b', 'b', 't')",
    ]) {
      await expect(db.prepare(sql).bind(id).run()).rejects.toThrow(/alarm/);
    }
    await close(id, people.tomas);
    await expect(db.prepare("UPDATE alarms SET reason = 'x' WHERE id = ?").bind(id).run()).rejects.toThrow(/alarm/);
    await expect(
      db.prepare("UPDATE alarms SET closed_at = NULL, closed_by = NULL, reason = NULL WHERE id = ?").bind(id).run(),
    ).rejects.toThrow(/alarm/);
  });
});

it("retention removes an alarm that was closed long ago, and no open one", async () => {
  const then = Date.now() - 91 * 86_400_000;
  const alarm = db.prepare(
    `INSERT INTO alarms (id, at, user_id, raised_by, raised_by_id, text, closed_at, closed_by, reason)
     VALUES (?1, ?2, ?1, 'a@b.example', 'sub', 'Somebody called', ?3, ?4, ?4)`,
  );
  await db.batch([
    alarm.bind("closed", then, then, "c@d.example"),
    alarm.bind("open", then, null, null),
    alarm.bind("young", then, Date.now(), "c@d.example"),
  ]);
  await gateway({ RETENTION_DAYS: "100" }).sweep();
  expect((await db.prepare("SELECT id FROM alarms").all()).results).toHaveLength(3);
  await gateway({ RETENTION_DAYS: "90" }).sweep();
  const left = (await db.prepare("SELECT id FROM alarms ORDER BY id").all<{ id: string }>()).results;
  expect(left.map(({ id }) => id)).toEqual(["open", "young"]);
});

describe("an auditor's export", () => {
  const exported = async (query: string): Promise<string[]> =>
    (await (await as(people.tomas).get(`/api/resets/export?${query}`)).text()).trimEnd().split(/\r?\n/);

  it("has each alarm, who raised it, about which reset, and who closed it and why", async () => {
    const recordId = recordIdOf(await as(people.amara).reset(await userId(people.noor)));
    const closed = await raise({ text: "=1+1 was said", resetId: recordId });
    expect((await close(closed.id, people.tomas)).status).toBe(204);
    const open = await raise();

    const lines = (await exported("format=jsonl")).map((line) => JSON.parse(line) as { id?: string; alarm?: Alarm });
    expect(lines[0]?.id).toBe(recordId);
    expect(lines.slice(1)).toEqual([
      {
        alarm: {
          ...closed,
          raisedById: expect.stringMatching(/./),
          closed: { at: expect.any(Number), by: people.tomas, reason: "Called back: a test" },
        },
      },
      { alarm: { ...open, raisedById: expect.stringMatching(/./) } },
    ]);

    const rows = (await exported("format=csv")).filter((row) => /,alarm\.(raised|closed),person,/.test(row));
    expect(rows).toHaveLength(3);
    expect(rows.map((row) => row.split(",")[0])).toEqual([recordId, recordId, ""]);
    for (const part of [`alarm.raised,person,${people.noor}`, "=1+1 was said"]) expect(rows[0]).toContain(part);
    for (const part of [`alarm.closed,person,${people.tomas}`, "Called back"]) expect(rows[1]).toContain(part);
    expect(rows.every((row, index) => row.includes([closed, closed, open][index]?.id ?? "none"))).toBe(true);
  });

  it("has them all whatever the page, by when they were raised, with one read for each 500", async () => {
    await db
      .prepare(
        `INSERT INTO alarms (id, at, user_id, raised_by, raised_by_id, text)
         WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < 1100)
         SELECT printf('%08x', i), i / 3, printf('u%d', i), 'a@b.example', 'sub', 'Somebody called' FROM n`,
      )
      .run();
    const reads: string[] = [];
    const watched = faultyDatabase(db, (sql) => void (sql.includes("FROM alarms") && reads.push(sql)));
    const response = await as(people.tomas, { DB: watched }).get("/api/resets/export?format=jsonl");
    const ids = (await response.text())
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).alarm.id as string);
    expect(ids).toHaveLength(1_100);
    expect(ids).toEqual([...new Set(ids)].sort());
    expect(reads.length).toBeLessThanOrEqual(4);
    expect(await exported("format=jsonl&from=10&to=20")).toHaveLength(33);
  });
});

describe("while an alarm is open", () => {
  const reset = async (settings: Settings = {}, body?: object) =>
    as(people.amara, settings).reset(await userId(people.noor), undefined, body);

  it("new resets of this person need two persons, and nobody else's do", async () => {
    const { id } = await raise();
    const response = await reset();
    expect(response.status).toBe(202);
    const { state, demands } = await as(people.priya).record(recordIdOf(response));
    expect([state, demands?.secondPerson]).toEqual(["proposed", true]);
    expect((await as(people.amara).reset(await userId(people.jonas))).status).toBe(200);
    const release = await as(people.jonas).post(`/api/resets/${recordIdOf(response)}/release`, {});
    expect(release.status).toBe(200);
    expect((await close(id, people.tomas)).status).toBe(204);
  });

  it("an emergency does not pass it over", async () => {
    await raise();
    const settings = { BREAK_GLASS: people.amara };
    const response = await reset(settings, { breakGlass: "The vault is being emptied." });
    expect(response.status).toBe(202);
    expect((await as(people.priya).record(recordIdOf(response))).state).toBe("proposed");
  });

  it("what waits already goes back to be released, and does not leave", async () => {
    let now = Date.now();
    const at = { now: () => now };
    const policy = JSON.stringify([{ name: "W", demand: { wait: { minutes: 5 } } }]);
    const waits = { ...new Mailbox().settings, POLICY: policy };
    const amara = gateway(waits, at).as({ email: people.amara });
    const id = recordIdOf(await amara.reset(await userId(people.noor)));
    await amara.world.settled();
    await raise();
    now += 6 * 60_000;
    await gateway(waits, at).sweep();
    expect(await as(people.priya).record(id)).toMatchObject({ state: "proposed", open: true });
  });
});
