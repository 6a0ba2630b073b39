import type { Me } from "fireblocks-reset-device/gateway-api";
import { beforeEach, describe, expect, it } from "vitest";
import { Mailbox } from "./setup/mailbox";
import {
  approvals,
  cleanWorld,
  control,
  gateway,
  origin,
  people,
  recordIdOf,
  type Settings,
  userId,
} from "./setup/world";

let now: number;
let mailbox: Mailbox;
const at = { now: () => now };
const HOUR = 3_600_000;
const WAKES = "0123456789abcdef".repeat(4);

beforeEach(async () => {
  await cleanWorld();
  now = Date.now();
  mailbox = new Mailbox();
  await control("PATCH", "settings", { pairAfterSeconds: null, setupAfterSeconds: null });
});

const settings = (): Settings => ({ ...mailbox.settings, ESCALATE_TO: "boss@northwind.example" });
const world = (more: Settings = {}) => gateway({ ...settings(), ...more }, at);
const sweep = (more: Settings = {}) => world(more).sweep();
/** Those that remind, by whom they are to. */
const reminded = (to: string) => mailbox.to(to).filter(({ text }) => /until \d{4}-/.test(text));
const record = (id: string) =>
  world()
    .as({ email: people.priya, expiresIn: 30 * 86_400 })
    .record(id);

/** The same as the person reads it whose device it is. */
const ownDue = async (email: string) => {
  const me = await world()
    .as({ email, expiresIn: 30 * 86_400 })
    .get("/api/me");
  return ((await me.json()) as Me).resets[0]?.due;
};

async function ask(email: string, more: Settings = {}): Promise<string> {
  const asked = world(more);
  const response = await asked.as({ email: people.amara, expiresIn: 30 * 86_400 }).reset(await userId(email));
  await asked.settled();
  return recordIdOf(response);
}

const PROPOSING = { REQUIRE_SECOND_PERSON: "true" };

describe("a proposal", () => {
  it("has whoever may release it reminded at half of its time and before its end, and then those who come next", async () => {
    const id = await ask(people.noor, PROPOSING);
    expect((await record(id)).due).toMatchObject({ awaited: "secondPerson", until: now + 24 * HOUR });
    now += 11 * HOUR;
    await sweep(PROPOSING);
    expect(reminded(people.jonas)).toHaveLength(0);
    now += HOUR;
    await sweep(PROPOSING);
    await Promise.all([sweep(PROPOSING), sweep(PROPOSING)]);
    expect(reminded(people.jonas)).toHaveLength(1);
    expect(reminded(people.amara)).toHaveLength(0);
    expect(reminded("boss@northwind.example")).toHaveLength(0);
    now += 10 * HOUR;
    await sweep(PROPOSING);
    await sweep(PROPOSING);
    expect(reminded(people.jonas)).toHaveLength(2);
    expect(reminded("boss@northwind.example")).toHaveLength(1);
  });

  it("that is withdrawn has nobody reminded any more, also where a mail was left to be sent again", async () => {
    const id = await ask(people.noor, PROPOSING);
    now += 12 * HOUR;
    mailbox.failure = new Error("down");
    await sweep(PROPOSING);
    mailbox.failure = undefined;
    const jonas = world(PROPOSING).as({ email: people.jonas, expiresIn: 30 * 86_400 });
    expect((await jonas.post(`/api/resets/${id}/withdraw`, { reason: "Found it" })).status).toBe(204);
    now += 5 * 60_000;
    await sweep(PROPOSING);
    now += 11 * HOUR;
    await sweep(PROPOSING);
    expect(reminded(people.jonas)).toHaveLength(0);
    expect(reminded("boss@northwind.example")).toHaveLength(0);
  });

  it.each([
    ["a change of its own is told at once", {}, async () => undefined],
    [
      "the sweep is woken up early",
      { FIREBLOCKS_WEBHOOK_SECRET: WAKES },
      async (woken: ReturnType<typeof world>) => {
        const headers = { "X-Webhook-Secret": WAKES };
        await woken.send(new Request(`${origin}/api/webhooks/fireblocks`, { method: "POST", headers }));
        await woken.settled();
      },
    ],
  ])("that is over has nobody reminded by a mail that was left, where %s", async (_, more, wake) => {
    const set = { ...PROPOSING, ...more };
    const id = await ask(people.noor, set);
    now += 12 * HOUR;
    mailbox.failure = new Error("down");
    await sweep(set);
    mailbox.failure = undefined;
    now += 5 * 60_000;
    const noor = world(set).as({ email: people.noor, expiresIn: 30 * 86_400 });
    expect((await noor.post(`/api/me/resets/${id}/stop`)).status).toBe(200);
    await noor.world.settled();
    await wake(world(set));
    expect(reminded(people.jonas)).toHaveLength(0);
  });
});

it("a proposal that its person's manager is to confirm has them reminded, with where they do so", async () => {
  const boss = "kai.boss@northwind.example";
  const managed = {
    MANAGERS: JSON.stringify({ [people.noor]: boss }),
    POLICY: JSON.stringify([{ name: "Manager", demand: { proofs: ["managerConfirmed"] } }]),
  };
  const id = await ask(people.noor, managed);
  expect((await record(id)).due).toMatchObject({ awaited: "secondPerson" });
  now += 12 * HOUR;
  await sweep(managed);
  const [mail, ...others] = reminded(boss);
  expect(others).toEqual([]);
  expect(mail?.text).toMatch(/manager has to confirm it/);
  expect(mail?.text).toContain(`https://resets.example/confirm/${id}`);
  expect(reminded(people.jonas)[0]?.text).toMatch(/manager has to confirm it/);
});

describe("after the pairing", () => {
  it("first the Owner is awaited, then the person, each for as long as Fireblocks gives", async () => {
    const id = await ask(people.noor);
    const [approval] = await approvals();
    await control("POST", `approvals/${approval?.id}/approve`);
    const noor = await userId(people.noor);
    await control("POST", `users/${noor}/advance`);
    now += 11_000;
    await sweep();
    const paired = now;
    const { due, state } = await record(id);
    expect(state).toBe("awaitingSetup");
    expect(due?.awaited).toBe("owner");
    expect(Math.abs((due?.until ?? 0) - paired - 48 * HOUR)).toBeLessThan(60_000);
    expect(await ownDue(people.noor)).toEqual(due);
    now = paired + 25 * HOUR;
    await sweep();
    expect(reminded(people.owner)).toHaveLength(1);
    expect(reminded(people.noor)).toHaveLength(0);
    now = paired + 73 * HOUR;
    await sweep();
    expect((await record(id)).due?.awaited).toBe("person");
    expect((await ownDue(people.noor))?.awaited).toBe("person");
    expect(reminded(people.noor)).toHaveLength(1);
    // Their own screen: the record is not shown to whoever has no role.
    expect(reminded(people.noor)[0]?.text).toMatch(/https:\/\/resets\.example\/me$/m);
    expect(reminded(people.owner)).toHaveLength(1);
  });
});

it("a request runs out when the approvals say so, and what is due first stands first", async () => {
  await control("PATCH", "settings", { approvalLifetimeSeconds: 7_200 });
  const sooner = await ask(people.noor);
  now += 11_000;
  await sweep();
  await control("PATCH", "settings", { approvalLifetimeSeconds: 172_800 });
  const later = await ask(people.jonas, PROPOSING);
  const { due } = await record(sooner);
  expect(due?.awaited).toBe("approvers");
  expect(Math.abs((due?.until ?? 0) - now - 2 * HOUR)).toBeLessThan(60_000);
  const list = await world().as({ email: people.priya }).get("/api/resets/due");
  const { resets } = (await list.json()) as { resets: { id: string }[] };
  expect(resets.map(({ id }) => id)).toEqual([sooner, later]);
});
