import type { HelpGiven, Session } from "fireblocks-reset-device/gateway-api";
import { beforeEach, describe, expect, it } from "vitest";
import { todoStatement } from "../src/records/todo";
import { faultyDatabase } from "./setup/faulty-database";
import { cleanWorld, control, db, gateway, people, type Settings, userId } from "./setup/world";

beforeEach(cleanWorld);

/** Priya looks on, Tomas audits, Noor is whose device it is, and Amara is who asked. */
const ROLES = JSON.stringify({
  resetter: [people.amara, people.jonas, people.noor],
  viewer: [people.priya],
  auditor: [people.tomas],
});

const session = async (email: string, settings: Settings = {}): Promise<Session> =>
  (
    await gateway({ ROLES, ...settings })
      .as({ email })
      .get("/api/session")
  ).json();

/** What each is told, of those who may decide something. */
async function counts(settings: Settings = {}) {
  const [amara, jonas, noor, tomas] = await Promise.all(
    [people.amara, people.jonas, people.noor, people.tomas].map(async (email) => (await session(email, settings)).todo),
  );
  return { amara, jonas, noor, tomas };
}

const NOBODY = { amara: 0, jonas: 0, noor: 0, tomas: 0 };
const JONAS = { ...NOBODY, jonas: 1 };
const HOUR = 3_600_000;

/** Writes a row as it is: what counts does not care how it came to be. */
async function put(table: string, row: Record<string, string | number | null>): Promise<void> {
  const columns = Object.keys(row);
  await db
    .prepare(`INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`)
    .bind(...Object.values(row))
    .run();
}

const reset = async (state: string, more: Record<string, string | number | null> = {}) => {
  const id = crypto.randomUUID();
  const now = Date.now();
  await put("resets", {
    ...{ id, created_at: now, updated_at: now, state, open: 1, closed_at: null },
    ...{ asked_by: people.amara, asker_id: "amara", asker_kind: "person", role_by: "email" },
    ...{ user_id: `someone-${id}`, user_email: people.noor, list_age_ms: 0 },
    ...{ key_held: 0, binding: "b", upstream_key: id, attempts: 1, proposal_expires_at: now + HOUR, proofs: "[]" },
    ...more,
  });
  return id;
};

const alarm = (more: Record<string, string | null> = {}) =>
  put("alarms", {
    ...{ id: crypto.randomUUID(), at: Date.now(), user_id: "noor", user_email: people.noor },
    ...{ raised_by: people.noor, raised_by_id: "noor", text: "Somebody called", reset_id: null },
    ...more,
  });

const contested = { contested_at: 1, contested_by: people.noor };
const emergency = { break_glass: "The payroll" };
const managers = JSON.stringify({ proofs: [["managerConfirmed"]] });
const two = JSON.stringify({ proofs: [], secondPerson: true });
const stated = JSON.stringify({ proofs: [["managerConfirmed", "videoCall"]] });
const story = JSON.stringify({ proofs: [], because: true });
const forbidden = JSON.stringify({ proofs: [], forbidden: true });
const pressed = { leaves_at: 1, needs_press: "gap" };
const byGroup = { leaves_at: 1, needs_press: "group" };
const AMARA = { ...NOBODY, amara: 1 };

describe("a reset is to be decided", () => {
  it.each([
    ["that is proposed, by another than asked or is affected", "proposed", {}, JONAS],
    ["that is proposed, not once its time is over", "proposed", { proposal_expires_at: 1 }, NOBODY],
    ["that is proposed, not while a proof is missing", "proposed", { demands: managers }, NOBODY],
    [
      "that is proposed, once every proof is there",
      "proposed",
      { demands: managers, proofs: '[{"proof":"managerConfirmed"}]' },
      JONAS,
    ],
    ["that is proposed, and lacks what whoever releases it can state", "proposed", { demands: stated }, JONAS],
    ["that is proposed, not while nobody says what happened", "proposed", { demands: story }, NOBODY],
    ["that is proposed, once that is said", "proposed", { demands: story, because: "lost" }, JONAS],
    ["that is proposed, not where the policy forbids it", "proposed", { demands: forbidden }, NOBODY],
    ["that waits, not before its time", "waiting", { leaves_at: Date.now() + HOUR, needs_press: "gap" }, NOBODY],
    ["that waits, not where it leaves by itself", "waiting", { leaves_at: 1 }, NOBODY],
    ["that waits for anybody's press", "waiting", pressed, { ...JONAS, amara: 1 }],
    [
      "that waits for an asker by a group",
      "waiting",
      { ...byGroup, role_by: "group", released_by: people.jonas },
      AMARA,
    ],
    ["that waits for a releaser by a group", "waiting", { ...byGroup, released_by: people.jonas }, JONAS],
    ["that waits since a gap, by an asker by a group", "waiting", { ...pressed, role_by: "group" }, AMARA],
    ["that waits since a gap, by whoever released it", "waiting", { ...pressed, released_by: people.jonas }, JONAS],
    ["that is unknown, by every resetter", "unknown", {}, { amara: 1, jonas: 1, noor: 1, tomas: 0 }],
    ["that is contested", "approvalRequested", contested, JONAS],
    ["that is contested, not while an attempt is under way", "sending", contested, NOBODY],
    ["that is contested and unknown, by another, and once", "unknown", contested, JONAS],
    ["that is unknown, by another where two were to ask for it", "unknown", { demands: two }, JONAS],
    ["that passed the policy over", "completed", { ...emergency, open: 0, closed_at: 1 }, { ...JONAS, tomas: 1 }],
    [
      "that passed the policy over and is contested, once",
      "approvalRequested",
      { ...emergency, ...contested },
      { ...JONAS, tomas: 1 },
    ],
    ["that only goes on, by nobody", "approvalRequested", {}, NOBODY],
    ["that has ended, by nobody", "completed", { ...contested, open: 0, closed_at: 1 }, NOBODY],
  ] as const)("%s", async (_, state, more, expected) => {
    await reset(state, more);
    expect(await counts()).toEqual(expected);
  });

  it("that is unknown, by another person where two are asked for", async () => {
    await reset("unknown");
    expect(await counts({ REQUIRE_SECOND_PERSON: "true" })).toEqual(JONAS);
  });

  it("by the sign-in's id too, where records name somebody otherwise", async () => {
    const { actor } = await session(people.jonas);
    await reset("proposed", { asker_id: actor });
    expect(await counts()).toEqual(NOBODY);
  });

  it.each(["the setting", "a person"])("but nothing is to be sent while resets are paused by %s", async (by) => {
    await reset("proposed");
    await reset("waiting", pressed);
    expect((await session(people.jonas)).todo).toBe(2);
    if (by === "a person") await put("pauses", { at: 1, by: people.tomas, reason: "A laptop is gone" });
    expect(await counts(by === "a person" ? {} : { RESETS_PAUSED: "true" })).toEqual(NOBODY);
  });
});

describe("an alarm is to be closed", () => {
  it("by whoever has no part in it", async () => {
    await alarm();
    await alarm({ raised_by: "n.h@home.example", raised_by_id: "home", reset_id: "another" });
    expect(await counts()).toEqual({ amara: 2, jonas: 2, noor: 0, tomas: 2 });
  });

  it("not by whoever asked for the reset that it names", async () => {
    await alarm({ reset_id: await reset("withdrawn", { open: 0, closed_at: 1 }) });
    expect(await counts()).toEqual({ ...NOBODY, jonas: 1, tomas: 1 });
  });

  it("not by whoever asked for another of this person's", async () => {
    await reset("withdrawn", { open: 0, closed_at: 1, user_id: "noor" });
    await alarm();
    expect(await counts()).toEqual({ ...NOBODY, jonas: 1, tomas: 1 });
  });

  it("once", async () => {
    await alarm();
    await db.prepare("UPDATE alarms SET closed_at = ?, closed_by = 'x', reason = 'A test'").bind(Date.now()).run();
    expect(await counts()).toEqual(NOBODY);
  });
});

it("a reset made elsewhere is to be judged by another than filed it", async () => {
  const actor_id = await userId(people.jonas);
  await put("elsewhere", { id: crypto.randomUUID(), seen_at: 1, requested_at: 1, actor_id, actor: "Jonas Weber" });
  expect(await counts()).toEqual({ amara: 1, jonas: 0, noor: 1, tomas: 1 });
});

describe("whoever is no active user of the workspace", () => {
  const outsider = "audit@elsewhere.example";

  /** What they are told by a worker that has just begun, and by the same once it knows the workspace's users. */
  async function told(roles: object, settings: Settings = {}): Promise<Session["todo"]> {
    const world = gateway({ ROLES: JSON.stringify({ viewer: [people.priya], ...roles }), ...settings });
    const todo = async () => ((await (await world.as({ email: outsider }).get("/api/session")).json()) as Session).todo;
    const cold = await todo();
    await world.as({ email: people.priya }).get("/api/users");
    expect(await todo()).toBe(cold);
    return cold;
  }

  it("judges as an auditor what was made elsewhere, and nothing that takes another person", async () => {
    await alarm();
    await reset("completed", { ...emergency, open: 0, closed_at: 1 });
    const auditor = { auditor: [outsider] };
    expect(await told(auditor)).toBe(0);
    await put("elsewhere", { id: crypto.randomUUID(), seen_at: 1, requested_at: 1 });
    expect(await told(auditor)).toBe(1);
    const map = JSON.stringify({ [outsider]: people.tomas });
    expect(await told(auditor, { USER_MAP: map })).toBe(3);
  });

  it("settles as a resetter what is unknown, where one may", async () => {
    const resetter = { resetter: [outsider, people.jonas] };
    await Promise.all([reset("proposed"), reset("waiting", pressed), reset("approvalRequested", contested)]);
    await gateway({ ROLES }).as({ email: people.noor }).post("/api/me/help", { because: "lost" });
    expect(await told(resetter)).toBe(0);
    await reset("unknown");
    expect(await told(resetter)).toBe(1);
    expect(await told(resetter, { REQUIRE_SECOND_PERSON: "true" })).toBe(0);
  });
});

it("a request for help is for every resetter but the person, and for its helper alone after the person's yes", async () => {
  const person = gateway({ ROLES }).as({ email: people.noor });
  const asked = await person.post("/api/me/help", { because: "lost" });
  const { id, digits } = (await asked.json()) as HelpGiven;
  expect(await counts()).toEqual({ ...NOBODY, amara: 1, jonas: 1 });
  await gateway({ ROLES }).as({ email: people.amara }).post(`/api/help/${id}/match`, { code: digits });
  expect(await counts()).toEqual(NOBODY);
  await person.post("/api/me/help/confirm");
  expect(await counts()).toEqual(AMARA);
});

it("nothing is counted for whoever decides nothing", async () => {
  await alarm();
  expect(await session(people.priya)).not.toHaveProperty("todo");
  expect(await session(people.eli)).not.toHaveProperty("todo");
  const robot = gateway({ ROLES: JSON.stringify({ resetter: ["service:robot.access"] }) });
  expect(await (await robot.as({ commonName: "robot.access" }).get("/api/session")).json()).not.toHaveProperty("todo");
});

it.each([
  ["since D1 does not answer", async () => ({ DB: faultyDatabase(db, () => "before") })],
  [
    "since nobody can tell who they are",
    async () => {
      await control("POST", "faults", { match: { operation: "getConsoleUsers" }, status: 500, times: 5 });
      return {};
    },
  ],
])("the session is told also where nothing can be counted, %s", async (_, fail) => {
  const answer = await session(people.jonas, await fail());
  expect(answer).toMatchObject({ email: people.jonas, can: { settle: true } });
  expect(answer).not.toHaveProperty("todo");
});

it("no further than a hundred, in one statement that goes through what is open alone, and through no more of it", async () => {
  const statements: string[] = [];
  await Promise.all(Array.from({ length: 101 }, () => reset("unknown")));
  const { todo } = await session(people.jonas, { DB: faultyDatabase(db, (sql) => void statements.push(sql)) });
  expect(todo).toBe(100);
  expect(statements.filter((sql) => sql.includes("resets"))).toHaveLength(1);

  const decider = { name: people.jonas, id: "jonas", userIds: ["jonas"], resetter: true, active: true };
  const { sql, values } = todoStatement(decider, { requireSecondPerson: true, resetsPaused: false }, 1);
  const run = (statement: string) =>
    db
      .prepare(statement)
      .bind(...values)
      .all<{ detail: string }>();
  const { rows_read } = (await run(sql)).meta;
  await Promise.all(Array.from({ length: 100 }, () => reset("unknown")));
  expect((await run(sql)).meta.rows_read).toBe(rows_read);

  const plan = await run(`EXPLAIN QUERY PLAN ${sql}`);
  const read = plan.results
    .map(({ detail }) => detail)
    .filter((detail) => /(resets|alarms|elsewhere|help)/.test(detail));
  const scanned = read.filter((detail) => detail.startsWith("SCAN"));
  // Each of these indexes holds what is open alone.
  for (const detail of scanned) {
    expect(detail).toMatch(
      /USING (COVERING )?INDEX (alarms_one_open|resets_to_review|elsewhere_undecided|resets_open|help_requests_open)$/,
    );
  }
  expect(scanned).toHaveLength(5);
});
