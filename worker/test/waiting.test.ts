import { beforeEach, describe, expect, it } from "vitest";
import { CODES } from "../src/errors";
import { LATE_MS } from "../src/resets/waiting";
import { faultyDatabase } from "./setup/faulty-database";
import { Mailbox } from "./setup/mailbox";
import {
  approvals,
  cleanWorld,
  control,
  db,
  elsewhere,
  endlessApprovals,
  errorOf,
  gateway,
  people,
  recordIdOf,
  type Settings,
  type Token,
  upstreamLog,
  userId,
} from "./setup/world";

let now: number;
const at = { now: () => now };
const MINUTE = 60_000;

beforeEach(async () => {
  await cleanWorld();
  now = Date.now();
});

const policy = (demand: object, ...more: object[]) =>
  JSON.stringify([{ name: "Always", demand }, ...more.map((other, n) => ({ name: `More ${n}`, demand: other }))]);
/** Somebody whom a mail would reach, so that a wait needs no second person. */
const told = new Mailbox().settings;
const waits: Settings = { ...told, POLICY: policy({ wait: { minutes: 5 } }) };
const both: Settings = { POLICY: policy({ secondPerson: true, wait: { minutes: 5 } }) };

const world = (settings: Settings = waits) => gateway(settings, at);
const person = (email: string, settings: Settings = waits, more: Token = {}) =>
  world(settings).as({ email, expiresIn: 60 * 86_400, ...more });
/** By the real time: the worker's may be one at which nobody has signed in yet. */
const record = (id: string) => gateway().as({ email: people.priya }).record(id);
const sent = () => upstreamLog("resetDevice");

async function asked(settings: Settings = waits, key = "key-1", more: Token = {}): Promise<string> {
  const amara = person(people.amara, settings, more);
  const response = await amara.reset(await userId(people.noor), key);
  // The wait begins when the person is told.
  await amara.world.settled();
  expect(response.status).toBe(202);
  return recordIdOf(response);
}

describe("a reset that waits", () => {
  it("leaves by the sweep when its time has come, and once", async () => {
    const id = await asked();
    expect(await record(id)).toMatchObject({ state: "waiting", open: true, attempts: 0, leavesAt: now + 5 * MINUTE });
    now += 5 * MINUTE - 1;
    await world().sweep();
    expect(await sent()).toEqual([]);
    now += 1;
    await Promise.all([world().sweep(), world().sweep(), world().sweep()]);
    await world().sweep();
    const after = await record(id);
    expect(after).toMatchObject({ state: "approvalRequested", attempts: 1 });
    expect(after.events?.map(({ event, source }) => [event, source])).toEqual([
      ["recorded", "person"],
      ["waiting", "worker"],
      ["personTold", "worker"],
      ["left", "sweep"],
      ["attempt", "sweep"],
      ["approvalRequested", "fireblocks"],
    ]);
    expect(await approvals()).toHaveLength(1);
  });

  it("is what its key answers with: 202 while it waits, and Fireblocks' answer afterwards", async () => {
    const noor = await userId(people.noor);
    const id = await asked();
    const again = await person(people.amara).reset(noor, "key-1");
    expect([again.status, recordIdOf(again), again.headers.get("X-Reset-Replayed")]).toEqual([202, id, "true"]);
    now += 5 * MINUTE;
    await world().sweep();
    expect((await person(people.amara).reset(noor, "key-1")).status).toBe(200);
    expect(await sent()).toHaveLength(1);
  });

  it("holds its user's lock, and none of its key's", async () => {
    const id = await asked();
    const second = await person(people.jonas).reset(await userId(people.noor), "key-2");
    expect([second.status, recordIdOf(second)]).toEqual([409, id]);
  });

  it("is withdrawn with a reason, and never leaves then", async () => {
    const id = await asked();
    const response = await person(people.jonas).post(`/api/resets/${id}/withdraw`, { reason: "Phone found" });
    expect(response.status).toBe(204);
    now += 5 * MINUTE;
    await world().sweep();
    expect((await person(people.amara).post(`/api/resets/${id}/send`)).status).toBe(409);
    expect(await record(id)).toMatchObject({ state: "withdrawn", outcome: "notSent", open: false });
    expect(await sent()).toEqual([]);
    const again = await person(people.amara).reset(await userId(people.noor), "key-1");
    expect(again.status).toBe(409);
    expect((await errorOf(again)).message).toMatch(/withdrawn. Nothing was sent/);
  });

  it("that is stopped never leaves, and its key is told that nothing was sent", async () => {
    const id = await asked();
    await db
      .prepare("UPDATE resets SET state = 'stopped', open = 0, closed_at = ?, outcome = 'notSent' WHERE id = ?")
      .bind(now, id)
      .run();
    now += 5 * MINUTE;
    await world().sweep();
    expect((await person(people.amara).post(`/api/resets/${id}/send`)).status).toBe(409);
    const again = await person(people.amara).reset(await userId(people.noor), "key-1");
    expect(again.status).toBe(409);
    expect((await errorOf(again)).message).toMatch(/stopped by the person.*Nothing was sent/);
    expect(await sent()).toEqual([]);
  });

  it("is not settled, however old: it has an end of its own", async () => {
    const id = await asked({ ...told, POLICY: policy({ wait: { minutes: 3 * 24 * 60 } }) });
    now += 2 * 86_400_000;
    const response = await person(people.jonas, { ...waits, STALE_AFTER_DAYS: "1" }).post(`/api/resets/${id}/settle`, {
      reason: "Too old",
      lookedInConsole: true,
    });
    expect([response.status, (await errorOf(response)).code]).toEqual([409, CODES.wrongState]);
  });

  it("stays while resets are paused", async () => {
    const id = await asked();
    now += 5 * MINUTE;
    await world({ ...waits, RESETS_PAUSED: "true" }).sweep();
    expect(
      (await person(people.amara, { ...waits, RESETS_PAUSED: "true" }).post(`/api/resets/${id}/send`)).status,
    ).toBe(503);
    expect(await record(id)).toMatchObject({ state: "waiting" });
    await world().sweep();
    expect(await record(id)).toMatchObject({ state: "approvalRequested" });
  });
});

describe("after a second person", () => {
  it("the wait begins, and nothing leaves before its end", async () => {
    const id = await asked(both);
    now += 60 * MINUTE;
    const released = await person(people.jonas, both).post(`/api/resets/${id}/release`);
    expect(released.status).toBe(202);
    expect(await record(id)).toMatchObject({ state: "waiting", releasedBy: people.jonas, leavesAt: now + 5 * MINUTE });
    await world(both).sweep();
    expect(await sent()).toEqual([]);
    now += 5 * MINUTE;
    await world(both).sweep();
    expect(await record(id)).toMatchObject({ state: "approvalRequested", askedBy: people.amara });
  });

  it("two releases at once make one wait, and one departure", async () => {
    const id = await asked(both);
    const releases = await Promise.all(
      [1, 2, 3].map(() => person(people.jonas, both).post(`/api/resets/${id}/release`)),
    );
    expect(releases.map(({ status }) => status).sort()).toEqual([202, 409, 409]);
    now += 5 * MINUTE;
    await Promise.all([world(both).sweep(), world(both).sweep()]);
    expect(await approvals()).toHaveLength(1);
  });

  it.each([
    ["disabled", { enabled: false }, /jonas.weber.* is disabled/],
    ["made another person", { email: "somebody.else@northwind.example" }, /jonas.weber.* matches no user/],
  ])("nothing leaves for one who was %s since", async (_, change, sentence) => {
    const id = await asked(both);
    expect((await person(people.jonas, both).post(`/api/resets/${id}/release`)).status).toBe(202);
    const jonas = await userId(people.jonas);
    await control("PATCH", `users/${jonas}`, change);
    now += 11 * MINUTE;
    await world(both).sweep();
    await control("PATCH", `users/${jonas}`, { enabled: true, email: people.jonas });
    const after = await record(id);
    expect(after).toMatchObject({ state: "withdrawn", outcome: "notSent" });
    expect(after.message).toMatch(sentence);
    expect(await sent()).toEqual([]);
  });

  it("is needed for a wait where the person cannot be told of it", async () => {
    const id = await asked({ POLICY: policy({ wait: { minutes: 5 } }) });
    expect(await record(id)).toMatchObject({ state: "proposed", demands: { secondPerson: true } });
  });
});

/** What may have come in the way since, with the settings of the departure, and how it is told. */
const OBSTACLES: [string, Settings, (() => Promise<unknown>) | undefined, RegExp][] = [
  [
    "the person was disabled",
    {},
    async () => control("PATCH", `users/${await userId(people.noor)}`, { enabled: false }),
    /disabled/,
  ],
  [
    "the person became the Owner",
    {},
    async () => control("PATCH", `users/${await userId(people.noor)}`, { role: "OWNER" }),
    /Owner/,
  ],
  [
    "the asker was disabled",
    {},
    async () => control("PATCH", `users/${await userId(people.amara)}`, { enabled: false }),
    /disabled/,
  ],
  ["the asker has lost the role", { ROLES: JSON.stringify({ resetter: [people.jonas] }) }, undefined, /may not ask/],
  ["a rule forbids it by now", { POLICY: policy({ forbid: true }) }, undefined, /forbids/],
  [
    "the day's number was lowered",
    { DAILY_RESET_LIMIT: "1", WORKSPACE_DAILY_RESET_LIMIT: "4" },
    async () => {
      await person(people.amara, {}).reset(await userId(people.jonas), "other");
    },
    /day's number/,
  ],
  ["another reset of the person waits in Fireblocks", {}, elsewhere, /waits for approval/],
];

describe("a reset whose time has come", () => {
  it.each(OBSTACLES)("is told as not sent where %s", async (_, settings, happen, sentence) => {
    const id = await asked();
    await happen?.();
    const before = (await sent()).length;
    now += 5 * MINUTE;
    await world({ ...waits, ...settings, NOTIFY_URL: "https://h.example", NOTIFY_SECRET: SECRET }).sweep();
    const after = await record(id);
    expect(after).toMatchObject({ state: "withdrawn", outcome: "notSent", open: false, attempts: 0 });
    expect(after.message).toMatch(sentence);
    expect(await sent()).toHaveLength(before);
    const statement = db.prepare("SELECT body FROM outbox WHERE reset_id = ? AND destination = 'notify'").bind(id);
    const { results } = await statement.all<{ body: string }>();
    expect(results.map(({ body }) => JSON.parse(body))).toMatchObject([
      { type: "reset.withdrawn", data: { outcome: "notSent", message: after.message } },
    ]);
    await world().sweep();
    expect(await sent()).toHaveLength(before);
  });

  it("waits on where the checks cannot be made, and is told as not sent after an hour", async () => {
    const id = await asked();
    now += 5 * MINUTE;
    const blind = gateway(waits, { ...at, fetch: endlessApprovals() });
    await blind.sweep();
    expect(await record(id)).toMatchObject({ state: "waiting" });
    now += LATE_MS + 1;
    await blind.sweep();
    expect(await record(id)).toMatchObject({
      state: "withdrawn",
      outcome: "notSent",
      message: expect.stringContaining("60 minutes"),
    });
    expect(await sent()).toEqual([]);
  });

  it.each([
    ["a second person", { secondPerson: true }, /a second person/],
    ["a longer wait", { wait: { minutes: 6 } }, /a longer wait/],
    ["another proof", { proofs: ["inPerson"] }, /proofs/],
  ])("is proposed again where the policy demands %s by now", async (_, more, because) => {
    const id = await asked();
    now += 5 * MINUTE;
    const stricter = { ...told, POLICY: policy({ wait: { minutes: 5 } }, more) };
    await world(stricter).sweep();
    const after = await record(id);
    expect(after).toMatchObject({ state: "proposed", open: true });
    expect(after).not.toHaveProperty("leavesAt");
    expect(after.events?.at(-1)).toMatchObject({ event: "proposed", source: "sweep" });
    expect(String(after.events?.at(-1)?.detail?.because)).toMatch(because);
    expect(await sent()).toEqual([]);
  });

  it("leaves where the policy demands less by now", async () => {
    const id = await asked();
    now += 5 * MINUTE;
    await world({}).sweep();
    expect(await record(id)).toMatchObject({ state: "approvalRequested" });
  });

  it("goes by the time of the asking where a rule is about hours", async () => {
    const hour = (time: number) => new Date(time).toISOString().slice(11, 16);
    const night = [{ from: hour(now + 2 * MINUTE), to: hour(now + 20 * MINUTE) }];
    const POLICY = JSON.stringify([
      { name: "Wait", demand: { wait: { minutes: 5 } } },
      { name: "Night", when: { times: { zone: "UTC", windows: night } }, demand: { forbid: true } },
    ]);
    const id = await asked({ ...told, POLICY });
    now += 5 * MINUTE;
    await world({ ...told, POLICY }).sweep();
    expect(await record(id)).toMatchObject({ state: "approvalRequested" });
  });
});

describe("a reset that needs a press", () => {
  const ROLES = JSON.stringify({ resetter: ["group:Treasury", people.jonas], viewer: [people.priya] });
  const grouped: Settings = { ...waits, ROLES, ACCESS_GROUPS: "claim:groups" };
  const member = { custom: { groups: ["Treasury"] } };

  it("since the asker's role is a group's: it leaves by the asker's own press alone", async () => {
    const id = await asked(grouped, "key-1", member);
    expect(await record(id)).toMatchObject({ state: "waiting", needsPress: "group" });
    const press = (email: string, more: Token = {}) => person(email, grouped, more).post(`/api/resets/${id}/send`);
    expect((await press(people.amara, member)).status).toBe(409);
    now += 5 * MINUTE;
    await world(grouped).sweep();
    await world(grouped).sweep();
    const waiting = await record(id);
    expect(waiting).toMatchObject({ state: "waiting" });
    expect(waiting.events?.filter(({ event }) => event === "needsPress")).toHaveLength(1);
    expect((await press(people.jonas)).status).toBe(403);
    expect((await press(people.amara)).status).toBe(403);
    expect(await sent()).toEqual([]);
    const presses = await Promise.all([press(people.amara, member), press(people.amara, member)]);
    expect(presses.map(({ status }) => status).sort()).toEqual([200, 409]);
    await world(grouped).sweep();
    expect(await approvals()).toHaveLength(1);
  });

  it("since the releaser's role is a group's", async () => {
    const settings = { ...both, ROLES, ACCESS_GROUPS: "claim:groups" };
    const jonas = person(people.jonas, settings);
    const id = recordIdOf(await jonas.reset(await userId(people.noor)));
    expect((await person(people.amara, settings, member).post(`/api/resets/${id}/release`)).status).toBe(202);
    now += 5 * MINUTE;
    await world(settings).sweep();
    expect(await record(id)).toMatchObject({ state: "waiting", needsPress: "group" });
    expect((await jonas.post(`/api/resets/${id}/send`)).status).toBe(403);
    expect((await person(people.amara, settings, member).post(`/api/resets/${id}/send`)).status).toBe(200);
  });

  it.each([
    ["by name", { resetter: ["group:Treasury", people.jonas] }, people.jonas, {}],
    ["by a group", { resetter: ["group:Treasury", "group:Desk"] }, people.jonas, { custom: { groups: ["Desk"] } }],
  ])("does not leave by the asker's where the releaser, %s, is none any more", async (_, roles, by, token) => {
    const settings = { ...both, ...grouped, POLICY: both.POLICY, ROLES: JSON.stringify(roles) };
    const id = await asked(settings, "key-1", member);
    expect((await person(by, settings, token).post(`/api/resets/${id}/release`)).status).toBe(202);
    now += 5 * MINUTE;
    const fewer = { ...settings, ROLES: JSON.stringify({ resetter: ["group:Treasury"] }) };
    const refused = await person(people.amara, fewer, member).post(`/api/resets/${id}/send`);
    expect([refused.status, (await errorOf(refused)).code]).toEqual([403, CODES.noRole]);
    expect(await sent()).toEqual([]);
    expect((await person(people.amara, settings, member).post(`/api/resets/${id}/send`)).status).toBe(200);
  });

  it("is told without more than is known: who must press, and not why their role cannot be seen", async () => {
    const mailbox = new Mailbox();
    const soc = { kind: "email", name: "soc", to: ["soc@northwind.example"], events: ["reset.needsPress"] };
    const settings = { ...both, ...mailbox.settings, DESTINATIONS: JSON.stringify([soc]) };
    const id = await asked(settings);
    expect((await person(people.jonas, settings).post(`/api/resets/${id}/release`)).status).toBe(202);
    now += 5 * MINUTE;
    const fewer = { ...settings, ROLES: JSON.stringify({ resetter: [people.amara, people.eli] }) };
    await world(fewer).sweep();
    expect(mailbox.to("soc@northwind.example")[0]?.subject).toMatch(/does not leave by itself/);
    const refused = await person(people.amara, fewer).post(`/api/resets/${id}/send`);
    expect([refused.status, (await errorOf(refused)).message]).toEqual([
      403,
      expect.stringMatching(/^Whether jonas\.weber@.* still has the role is only seen at their own sign-in/),
    ]);
  });

  it("is told of, however many wait for theirs at once", async () => {
    const row = (index: number) => ({
      ...{ id: `waits-${index}`, created_at: now, updated_at: now, state: "waiting", open: 1, asked_by: people.amara },
      ...{ asker_id: "x", asker_kind: "person", role_by: "group", role_entry: "group:Treasury", user_id: `u-${index}` },
      ...{ list_age_ms: 0, key_held: 0, binding: "b", upstream_key: `waits-${index}`, attempts: 0, leaves_at: now },
      ...{ needs_press: "group", told: "told", told_at: now },
    });
    const insert = (values: object) => {
      const names = Object.keys(values);
      const places = names.map(() => "?").join(", ");
      return db.prepare(`INSERT INTO resets (${names.join(", ")}) VALUES (${places})`).bind(...Object.values(values));
    };
    await db.batch(Array.from({ length: 25 }, (_, index) => insert(row(index))));
    for (let run = 0; run < 3; run++) {
      now += 1_000;
      await world(grouped).sweep();
    }
    const told = await db.prepare("SELECT COUNT(*) AS n FROM events WHERE event = 'needsPress'").first("n");
    expect(told).toBe(25);
  });

  it("that never comes is told as not sent", async () => {
    const id = await asked(grouped, "key-1", member);
    now += 5 * MINUTE + LATE_MS + 1;
    await world(grouped).sweep();
    expect(await record(id)).toMatchObject({ state: "withdrawn", outcome: "notSent" });
    expect((await person(people.amara, grouped, member).post(`/api/resets/${id}/send`)).status).toBe(409);
    expect(await sent()).toEqual([]);
  });

  it("after a gap of the sweep, whoever asked", async () => {
    await db
      .prepare("UPDATE sweep_mark SET at = ?")
      .bind(now + 1)
      .run();
    const id = await asked();
    now += 30 * MINUTE;
    await world().sweep();
    expect(await record(id)).toMatchObject({ state: "waiting", needsPress: "gap" });
    now += MINUTE;
    await world().sweep();
    expect(await sent()).toEqual([]);
    expect((await person(people.jonas).post(`/api/resets/${id}/send`)).status).toBe(200);
    expect(await record(id)).toMatchObject({ state: "approvalRequested", attempts: 1 });
  });

  it("does all checks again", async () => {
    const id = await asked(grouped, "key-1", member);
    await control("PATCH", `users/${await userId(people.noor)}`, { enabled: false });
    now += 5 * MINUTE;
    const refused = await person(people.amara, grouped, member).post(`/api/resets/${id}/send`);
    expect((await errorOf(refused)).code).toBe(CODES.disabled);
    expect(await sent()).toEqual([]);
  });
});

describe("a clock that jumps", () => {
  it("far ahead ends what waits as not sent, or leaves it to a person", async () => {
    await db
      .prepare("UPDATE sweep_mark SET at = ?")
      .bind(now + 1)
      .run();
    const id = await asked();
    now += 20 * MINUTE;
    await world().sweep();
    expect(await record(id)).toMatchObject({ state: "waiting", needsPress: "gap" });
    now += 5 * 3_600_000;
    await world().sweep();
    expect(await record(id)).toMatchObject({ state: "withdrawn", outcome: "notSent" });
    expect(await sent()).toEqual([]);
  });

  it("back keeps what waits from leaving, and doubles nothing", async () => {
    const id = await asked();
    const start = now;
    now -= 86_400_000;
    await world().sweep();
    expect(await record(id)).toMatchObject({ state: "waiting" });
    now = start + 5 * MINUTE;
    await world().sweep();
    now -= 30 * MINUTE;
    await world().sweep();
    expect(await record(id)).toMatchObject({ state: "approvalRequested" });
    expect(await approvals()).toHaveLength(1);
  });
});

/** Any order of what people, the sweep, the clock and a wire that breaks may do. */
describe("in whatever order things happen", () => {
  const STORIES = Array.from({ length: 12 }, (_, seed) => seed + 1);
  it.each(STORIES)("a waiting reset leaves once, or is told as not sent: story %i", async (seed) => {
    const random = dice(seed);
    let broken = false;
    const DB = faultyDatabase(db, (sql) =>
      broken && /UPDATE resets/.test(sql) && random() < 0.4 ? (random() < 0.5 ? "before" : "after") : undefined,
    );
    const settings = { ...both, DB };
    const id = await asked(both);
    const steps: (() => Promise<unknown>)[] = [
      () => world(settings).sweep(),
      () => Promise.all([world(settings).sweep(), world(settings).sweep()]),
      () => person(people.jonas, settings).post(`/api/resets/${id}/release`),
      () => person(people.jonas, settings).post(`/api/resets/${id}/send`),
      async () => {
        now += Math.floor(random() * 8 * MINUTE);
      },
      async () => {
        now += Math.floor(random() * 8 * MINUTE);
      },
      async () => {
        broken = !broken;
      },
      () =>
        random() < 0.2
          ? person(people.amara, settings).post(`/api/resets/${id}/withdraw`, { reason: "Not needed" })
          : Promise.resolve(),
    ];
    const withdrawnAfter: number[] = [];
    for (let step = 0; step < 14; step++) {
      await steps[Math.floor(random() * steps.length)]?.();
      const { state } = await record(id);
      if (state === "withdrawn") withdrawnAfter.push((await sent()).length);
    }
    broken = false;
    for (let minute = 0; minute < 3; minute++) {
      now += 80 * MINUTE;
      await world(both).sweep();
    }
    const end = await record(id);
    const filed = await approvals();
    if (end.state === "withdrawn") {
      expect(end.outcome ?? "notSent").toBe("notSent");
      expect([filed.length, ...withdrawnAfter]).toEqual([0, ...withdrawnAfter.map(() => 0)]);
    } else if (end.state === "proposed") expect(filed).toHaveLength(0);
    else {
      expect(filed.length).toBeLessThanOrEqual(1);
      expect(["approvalRequested", "unknown", "sending", "expired", "refused"]).toContain(end.state);
    }
  });
});

/** The same numbers from 0 to 1 for the same seed. */
function dice(seed: number): () => number {
  let state = seed * 2_654_435_769;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const SECRET = `whsec_${btoa("x".repeat(32))}`;
