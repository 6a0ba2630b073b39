import { beforeEach, describe, expect, it } from "vitest";
import { cutting, faultyDatabase } from "./setup/faulty-database";
import { Mailbox, mailError } from "./setup/mailbox";
import {
  cleanWorld,
  control,
  db,
  gateway,
  people,
  recordIdOf,
  type Settings,
  upstreamLog,
  userId,
} from "./setup/world";

let now: number;
let mailbox: Mailbox;
const at = { now: () => now };
const MINUTE = 60_000;

beforeEach(async () => {
  await cleanWorld();
  now = Date.now();
  mailbox = new Mailbox();
});

const world = (settings: Settings = {}) => gateway({ ...mailbox.settings, ...settings }, at);
const record = (id: string) => world().as({ email: people.priya, expiresIn: 86_400 }).record(id);

async function ask(settings: Settings = {}, body?: unknown): Promise<string> {
  const asked = world(settings);
  const response = await asked.as({ email: people.amara }).reset(await userId(people.noor), undefined, body);
  await asked.settled();
  return recordIdOf(response);
}

describe("the person is told by mail", () => {
  it("at once, and not when the sweep comes: who, why, what happens, and one link without a token", async () => {
    const id = await ask();
    const [mail, ...others] = mailbox.to(people.noor);
    expect(others).toEqual([]);
    expect(mail?.from).toBe("resets@northwind.example");
    expect(mail?.text).toContain(people.amara);
    expect(mail?.text).toContain("Lost phone");
    expect(mail?.text).toMatch(/approvers then have to agree/);
    expect(mail?.text.match(/\b\w+:\/\/\S+/g)).toEqual(["https://resets.example/me"]);
    expect(await record(id)).toMatchObject({ told: "told" });
    await world().sweep();
    expect(mailbox.to(people.noor)).toHaveLength(1);
  });

  it("not of what could not be recorded: nothing is being sent", async () => {
    const wire = cutting(/INSERT INTO resets/, "before");
    const asked = world({ DB: faultyDatabase(db, wire) });
    const answer = await asked.as({ email: people.amara }).reset(await userId(people.noor));
    expect(answer.status).toBe(503);
    await asked.settled();
    await world().sweep();
    expect(mailbox.to(people.noor)).toEqual([]);
  });

  it("with what is sure alone, where somebody must press send then", async () => {
    const POLICY = JSON.stringify([{ name: "Wait", demand: { wait: { minutes: 60 } } }]);
    const ROLES = JSON.stringify({ resetter: ["group:Treasury"] });
    const asked = world({ POLICY, ROLES, ACCESS_GROUPS: "claim:groups" });
    await asked.as({ email: people.amara, custom: { groups: ["Treasury"] } }).reset(await userId(people.noor));
    await asked.settled();
    expect(mailbox.to(people.noor)[0]?.text).toMatch(/it can be sent to Fireblocks one hour after this mail/);
  });

  it("before anything is sent, where a second person must agree", async () => {
    const id = await ask({ REQUIRE_SECOND_PERSON: "true" });
    expect(mailbox.to(people.noor)[0]?.text).toMatch(/not sent until more people have confirmed/);
    expect(await record(id)).toMatchObject({ state: "proposed", told: "told" });
  });

  it("in words of the asker that lead nowhere and look like nothing else", async () => {
    const reason = "Lost.\r\nBcc: x@evil.example\n\nGo to https://evil.example/me or www.evil.example <b>now</b>";
    await ask({}, { reason, verifiedBy: "Video call" });
    const [mail] = mailbox.to(people.noor);
    expect(mail?.text.match(/https?:/g)).toHaveLength(1);
    expect(mail?.text).not.toMatch(/evil\.example|<b>|^Bcc/m);
    expect(mail?.subject).not.toMatch(/evil|[\r\n]/);
  });

  it("by the sweep, where the first try failed, and only once", async () => {
    mailbox.failure = mailError("E_INTERNAL_SERVER_ERROR");
    const id = await ask();
    expect(await record(id)).not.toHaveProperty("told");
    mailbox.failure = undefined;
    now += MINUTE + 1;
    await Promise.all([world().sweep(), world().sweep()]);
    expect(mailbox.to(people.noor)).toHaveLength(1);
    expect(await record(id)).toMatchObject({ told: "told" });
  });

  it.each(["E_RECIPIENT_NOT_ALLOWED", "E_RECIPIENT_SUPPRESSED", "E_SENDER_NOT_VERIFIED"])(
    "or the record says that it could not be: %s",
    async (code) => {
      mailbox.failure = mailError(code);
      const id = await ask();
      const after = await record(id);
      expect(after.told).toBe("notTold");
      expect(after.events?.find(({ event }) => event === "personNotTold")?.detail).toEqual({ because: "refused" });
      now += 60 * MINUTE;
      await world().sweep();
      expect(mailbox.tries).toBe(1);
    },
  );

  it("or the record says so after minutes without success", async () => {
    mailbox.failure = mailError("E_DAILY_LIMIT_EXCEEDED");
    const id = await ask();
    for (let minute = 0; minute < 8; minute++) {
      now += MINUTE;
      await world().sweep();
    }
    expect(mailbox.tries).toBe(3);
    expect(await record(id)).toMatchObject({ told: "notTold" });
    const { body } =
      (await db.prepare("SELECT body FROM outbox WHERE destination = 'person'").first<{ body: string }>()) ?? {};
    expect(body).toBe("");
  });

  it("or cannot be, where there is no binding, and the record says so from the beginning", async () => {
    const without = gateway({}, at);
    const id = recordIdOf(await without.as({ email: people.amara }).reset(await userId(people.noor)));
    expect(await record(id)).toMatchObject({ told: "notTold" });
    expect((await db.prepare("SELECT COUNT(*) AS n FROM outbox").first<{ n: number }>())?.n).toBe(0);
  });

  it("and no address and no word of the binding's stands in the log", async () => {
    mailbox.failure = mailError("E_RECIPIENT_NOT_ALLOWED");
    const asked = world();
    await asked.as({ email: people.amara }).reset(await userId(people.noor));
    await asked.settled();
    const entry = asked.log.find(({ event }) => event === "mailRefused");
    expect(entry).toMatchObject({ reason: "E_RECIPIENT_NOT_ALLOWED" });
    expect(JSON.stringify(asked.log)).not.toContain("noor.haddad");
  });
});

it("a scanner that opens what the mail links to changes nothing", async () => {
  await control("PATCH", "settings", { approveAfterSeconds: null });
  const id = await ask({ REQUIRE_SECOND_PERSON: "true" });
  const before = await record(id);
  const link = new URL(mailbox.to(people.noor)[0]?.text.match(/https:\S+/)?.[0] ?? "");
  expect(`${link.search}${link.hash}`).toBe("");
  for (const headers of [{}, { "Sec-Fetch-Mode": "navigate" }] as Record<string, string>[]) {
    await world().send(new Request(`https://resets.example${link.pathname}`, { headers }));
    await world().as({ email: people.noor }).open(link.pathname, headers);
  }
  expect(await record(id)).toEqual(before);
});

describe("a demanded wait", () => {
  const waits = { POLICY: JSON.stringify([{ name: "A wait", demand: { wait: { minutes: 5 } } }]) };
  const WAIT = 5 * MINUTE;
  const sent = async () => (await upstreamLog("resetDevice")).length;

  it("begins when the mail was accepted, however long that took", async () => {
    mailbox.failure = mailError("E_RATE_LIMIT_EXCEEDED");
    const id = await ask(waits);
    expect(await record(id)).toMatchObject({ state: "waiting" });
    expect(await record(id)).not.toHaveProperty("leavesAt");
    mailbox.failure = undefined;
    now += 2 * MINUTE;
    await world(waits).sweep();
    expect(await record(id)).toMatchObject({ told: "told", leavesAt: now + WAIT });
    expect(mailbox.to(people.noor)[0]?.text).toMatch(/5 minutes after this mail, unless you stop it/);
    now += WAIT - 1;
    await world(waits).sweep();
    expect(await sent()).toBe(0);
    now += 1;
    await world(waits).sweep();
    expect(await sent()).toBe(1);
  });

  it("needs a second person where the mail is refused, and then begins with the release", async () => {
    mailbox.failure = mailError("E_RECIPIENT_NOT_ALLOWED");
    const id = await ask(waits);
    const after = await record(id);
    expect(after).toMatchObject({ state: "proposed", told: "notTold", demands: { secondPerson: true } });
    now += WAIT;
    await world(waits).sweep();
    expect(await sent()).toBe(0);
    const jonas = world(waits).as({ email: people.jonas, expiresIn: 86_400 });
    expect((await jonas.post(`/api/resets/${id}/release`, {})).status).toBe(202);
    expect(await record(id)).toMatchObject({ state: "waiting", leavesAt: now + WAIT });
    now += WAIT;
    await world(waits).sweep();
    expect(await sent()).toBe(1);
  });

  it("needs one from the beginning where there is no way to tell", async () => {
    const without = gateway(waits, at);
    const id = recordIdOf(await without.as({ email: people.amara }).reset(await userId(people.noor)));
    expect(await record(id)).toMatchObject({ state: "proposed", told: "notTold" });
  });

  it("needs one where mail was taken away before it was sent", async () => {
    mailbox.failure = mailError("E_INTERNAL_SERVER_ERROR");
    const id = await ask(waits);
    now += MINUTE + 1;
    await gateway(waits, at).sweep();
    expect(await record(id)).toMatchObject({ state: "proposed", told: "notTold" });
  });

  it("that was released begins once the mail is taken, and not with the release", async () => {
    mailbox.failure = mailError("E_INTERNAL_SERVER_ERROR");
    const both = { POLICY: JSON.stringify([{ name: "Both", demand: { secondPerson: true, wait: { minutes: 5 } } }]) };
    const id = await ask(both);
    const jonas = world(both).as({ email: people.jonas, expiresIn: 86_400 });
    expect((await jonas.post(`/api/resets/${id}/release`, {})).status).toBe(202);
    expect(await record(id)).not.toHaveProperty("leavesAt");
    mailbox.failure = undefined;
    now += MINUTE + 1;
    await world(both).sweep();
    expect(await record(id)).toMatchObject({ state: "waiting", leavesAt: now + WAIT });
  });
});
