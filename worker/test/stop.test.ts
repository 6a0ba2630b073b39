import { beforeEach, describe, expect, it } from "vitest";
import { CODES } from "../src/errors";
import { LEASE_MS } from "../src/resets/attempt";
import { cutting, faultyDatabase } from "./setup/faulty-database";
import { Mailbox } from "./setup/mailbox";
import {
  approvals,
  type Client,
  cleanWorld,
  control,
  db,
  errorOf,
  gateway,
  people,
  recordIdOf,
  type Settings,
  upstreamLog,
  userId,
} from "./setup/world";

let now: number;
const at = { now: () => now };

beforeEach(async () => {
  await cleanWorld();
  now = Date.now();
});

const secondPerson = { REQUIRE_SECOND_PERSON: "true" };
const as = (email: string, settings: Settings = {}) => gateway(settings, at).as({ email, expiresIn: 86_400 });
const record = (id: string) => as(people.priya).record(id);

async function ask(settings: Settings = {}): Promise<string> {
  return recordIdOf(await as(people.amara, settings).reset(await userId(people.noor)));
}

async function stop(id: string, who: Client = as(people.noor)): Promise<Response> {
  const response = await who.post(`/api/me/resets/${id}/stop`, {});
  await who.world.settled();
  return response;
}

describe("before anything was sent", () => {
  it("the person ends it, for good", async () => {
    const id = await ask(secondPerson);
    const answer = await stop(id);
    expect([answer.status, await answer.json()]).toEqual([200, { result: "stopped" }]);
    expect(await record(id)).toMatchObject({ state: "stopped", open: false, outcome: "notSent" });
    const release = await as(people.jonas, secondPerson).post(`/api/resets/${id}/release`, {});
    expect([release.status, (await errorOf(release)).code]).toEqual([409, CODES.wrongState]);
    expect(await upstreamLog("resetDevice")).toEqual([]);
    // The user is free for a reset of their own.
    expect((await as(people.jonas, secondPerson).reset(await userId(people.noor))).status).toBe(202);
  });

  it("said twice is said once", async () => {
    const id = await ask(secondPerson);
    await stop(id);
    const again = await stop(id);
    expect([again.status, await again.json()]).toEqual([200, { result: "stopped" }]);
    const events = (await record(id)).events?.filter(({ event }) => event === "stopped");
    expect(events).toHaveLength(1);
  });

  it("also while resets are paused, and while Fireblocks cannot be reached", async () => {
    const id = await ask(secondPerson);
    await control("POST", "faults", { match: {}, times: 50, status: 503 });
    expect((await stop(id, as(people.noor, { RESETS_PAUSED: "true" }))).status).toBe(200);
  });

  it("is told once though the answer of its write was lost", async () => {
    const id = await ask(secondPerson);
    const faulty = faultyDatabase(db, cutting(/UPDATE resets SET state/, "after"));
    expect((await stop(id, as(people.noor, { DB: faulty }))).status).toBe(200);
    expect((await record(id)).events?.filter(({ event }) => event === "stopped")).toHaveLength(1);
  });

  it("and a release at the same moment are decided once: it is sent and contested, or stopped and never sent", async () => {
    for (let round = 0; round < 6; round++) {
      const id = await ask(secondPerson);
      const release = () => as(people.jonas, secondPerson).post(`/api/resets/${id}/release`, {});
      const both = round % 2 === 0 ? [stop(id), release()] : [release(), stop(id)];
      const answers = await Promise.all(both);
      const sent = (await upstreamLog("resetDevice")).length;
      const { state, contested, open } = await record(id);
      if (state === "stopped") expect([sent, open]).toEqual([0, false]);
      else expect([sent, contested?.by]).toEqual([1, people.noor]);
      expect(answers.some(({ status }) => status === 200)).toBe(true);
      await cleanWorld();
    }
  });
});

describe("while it waits", () => {
  const mailbox = new Mailbox();
  const waits = { ...mailbox.settings, POLICY: JSON.stringify([{ name: "W", demand: { wait: { minutes: 5 } } }]) };
  const MINUTE = 60_000;

  async function waiting(): Promise<string> {
    const amara = as(people.amara, waits);
    const id = recordIdOf(await amara.reset(await userId(people.noor), "key-1"));
    await amara.world.settled();
    expect(await record(id)).toMatchObject({ state: "waiting" });
    return id;
  }

  it("the person stops it, it never leaves, and its key says that nothing was sent", async () => {
    const id = await waiting();
    expect(await (await stop(id, as(people.noor, waits))).json()).toEqual({ result: "stopped" });
    now += 6 * MINUTE;
    await gateway(waits, at).sweep();
    expect(await upstreamLog("resetDevice")).toEqual([]);
    const again = await as(people.amara, waits).reset(await userId(people.noor), "key-1");
    expect(again.status).toBe(409);
    expect((await errorOf(again)).message).toMatch(/[Nn]othing was sent/);
  });

  it.each([
    ["the stop before the departure", true],
    ["the departure before the stop", false],
  ])("the compare-and-set decides: %s", async (_, stopsFirst) => {
    const id = await waiting();
    now += 5 * MINUTE;
    // The one that comes second has read the record before the first has changed it.
    let done = false;
    const meanwhile = faultyDatabase(db, (sql) => {
      if (done || !/UPDATE resets SET/.test(sql)) return undefined;
      done = true;
      return stopsFirst ? () => stop(id, as(people.noor, waits)) : () => gateway(waits, at).sweep();
    });
    if (stopsFirst) await gateway({ ...waits, DB: meanwhile }, at).sweep();
    else await stop(id, as(people.noor, { ...waits, DB: meanwhile }));
    expect(done).toBe(true);
    const after = await record(id);
    const sent = (await upstreamLog("resetDevice")).length;
    if (stopsFirst) expect([after.state, after.open, sent]).toEqual(["stopped", false, 0]);
    else expect([after.contested?.by, sent]).toEqual([people.noor, 1]);
  });

  it("and a departure at the same moment: never both", async () => {
    for (let round = 0; round < 4; round++) {
      const id = await waiting();
      now += 5 * MINUTE;
      await Promise.all([stop(id, as(people.noor, waits)), gateway(waits, at).sweep()]);
      const { state, contested } = await record(id);
      const sent = (await upstreamLog("resetDevice")).length;
      expect([state === "stopped", contested !== undefined]).toEqual(sent === 0 ? [true, false] : [false, true]);
      await cleanWorld();
    }
  });
});

describe("nobody else stops it", () => {
  it.each([
    ["the asker", people.amara],
    ["another resetter", people.jonas],
    ["an auditor", people.tomas],
    ["somebody without a role", people.eli],
    ["somebody whose address only looks like the person's", "noor.haddad+me@northwind.example"],
    ["another spelling of it", "nóor.haddad@northwind.example"],
  ])("%s is told that there is no such record", async (_, email) => {
    const id = await ask(secondPerson);
    const answer = await stop(id, as(email));
    const unknown = await stop(crypto.randomUUID(), as(email));
    expect(answer.status).toBe(404);
    expect(await answer.text()).toBe(await unknown.text());
    expect(await record(id)).toMatchObject({ state: "proposed" });
  });

  it("nor a service token, a page of another site, or a link", async () => {
    const id = await ask(secondPerson);
    const path = `/api/me/resets/${id}/stop`;
    const roles = { ROLES: JSON.stringify({ resetter: ["service:robot.access", people.amara] }) };
    const robot = gateway(roles, at).as({ commonName: "robot.access" });
    expect((await robot.post(path, {})).status).toBe(403);
    const foreign = { Origin: "https://evil.example", "Sec-Fetch-Site": "cross-site" };
    expect((await as(people.noor).post(path, {}, foreign)).status).toBe(403);
    expect((await as(people.noor).get(path)).status).toBe(404);
    expect(await record(id)).toMatchObject({ state: "proposed" });
  });

  it("but the person whom USER_MAP makes known does", async () => {
    const id = await ask(secondPerson);
    const mapped = { USER_MAP: JSON.stringify({ "n.h@home.example": people.noor }) };
    expect((await stop(id, as("n.h@home.example", mapped))).status).toBe(200);
  });
});

describe("after it was sent it is contested", () => {
  it("while an attempt may be under way: it is not sent again", async () => {
    await control("POST", "faults", { match: { operation: "resetDevice" }, cut: "beforeEffect" });
    const id = await ask();
    const answer = await stop(id);
    expect([answer.status, await answer.json()]).toEqual([200, { result: "contested" }]);
    expect(await record(id)).toMatchObject({ state: "sending", contested: { by: people.noor } });
    now += LEASE_MS + 1_000;
    await gateway({}, at).sweep();
    expect(await record(id)).toMatchObject({ state: "unknown", open: true, attempts: 1 });
    expect(await upstreamLog("resetDevice")).toHaveLength(1);
  });

  it("and is not sent again where it was said while the sweep was looking", async () => {
    await control("POST", "faults", { match: { operation: "resetDevice" }, cut: "beforeEffect" });
    const id = await ask();
    now += LEASE_MS + 1_000;
    let said = false;
    const saidMeanwhile = (async (input: RequestInfo | URL, init?: RequestInit) => {
      const request = new Request(input as RequestInfo, init);
      if (!said && new URL(request.url).pathname.endsWith("/approvals")) {
        said = true;
        await stop(id);
      }
      return fetch(request);
    }) as typeof fetch;
    await gateway({}, { ...at, fetch: saidMeanwhile }).sweep();
    expect(said).toBe(true);
    expect(await upstreamLog("resetDevice")).toHaveLength(1);
    expect((await record(id)).attempts).toBe(1);
  });

  it("the request that is provably its own is rejected in Fireblocks, and following tells of the end", async () => {
    await control("PATCH", "settings", { apiUserEligible: true });
    const id = await ask();
    await stop(id);
    const contested = await record(id);
    expect(contested.contested).toMatchObject({ by: people.noor, rejection: "rejected" });
    expect((await approvals()).map(({ status }) => status)).toEqual(["REJECTED"]);
    const [sent] = await upstreamLog("rejectApproval");
    expect(sent?.jwt?.verified).toBe(true);
    now += 60_000;
    await gateway({}, at).sweep();
    expect(await record(id)).toMatchObject({ state: "rejected", open: false });
  });

  it("by the sweep, where it could not be looked for at once", async () => {
    await control("PATCH", "settings", { apiUserEligible: true });
    const id = await ask();
    await control("POST", "faults", { match: { operation: "getApprovals" }, times: 2, status: 503 });
    await stop(id);
    expect((await record(id)).contested).not.toHaveProperty("rejection");
    now += 60_000;
    await gateway({}, at).sweep();
    expect((await record(id)).contested?.rejection).toBe("rejected");
    expect((await approvals()).map(({ status }) => status)).toEqual(["REJECTED"]);
  });

  it("Fireblocks' no is said plainly, and it is not asked again", async () => {
    const id = await ask();
    await stop(id);
    const after = await record(id);
    expect(after.contested?.rejection).toBe("refused");
    const said = after.events?.find(({ event }) => event === "rejectionRefused");
    expect(said).toMatchObject({ source: "fireblocks", detail: { message: expect.stringMatching(/eligible/) } });
    now += 60_000;
    await gateway({}, at).sweep();
    expect(await upstreamLog("rejectApproval")).toHaveLength(1);
  });

  it("no clear answer is asked again with the same key, and told once", async () => {
    const id = await ask();
    await control("POST", "faults", { match: { operation: "rejectApproval" }, cut: "afterEffect" });
    await stop(id);
    expect((await record(id)).contested?.rejection).toBe("unknown");
    now += 60_000;
    await gateway({}, at).sweep();
    const told = (await record(id)).events?.filter(({ event }) => event === "rejectionUnclear");
    expect(told).toHaveLength(1);
  });

  it("somebody else's request for the same person is left alone", async () => {
    await control("POST", "faults", { match: { operation: "resetDevice" }, cut: "beforeEffect" });
    const id = await ask();
    await control("POST", "faults", { match: { operation: "getAuditLogs" }, times: 9, body: '{"data":[]}' });
    await control("POST", "approvals", { userId: await userId(people.noor) }).catch(() => undefined);
    await stop(id);
    expect(await upstreamLog("rejectApproval")).toEqual([]);
    expect((await record(id)).contested).not.toHaveProperty("rejection");
  });

  it("resetters and ALERT_TO are told at once, each by a mail of their own", async () => {
    const mailbox = new Mailbox();
    const settings = { ...mailbox.settings, ALERT_TO: "soc@northwind.example" };
    const id = await ask(settings);
    await stop(id, as(people.noor, settings));
    for (const address of ["soc@northwind.example", people.amara, people.jonas]) {
      const [mail] = mailbox.to(address);
      expect(mail?.subject).toMatch(/Noor Haddad.*contested/);
      expect(mail?.text).toContain(`https://resets.example/resets/${id}`);
    }
  });

  it("a reset that has ended is not stopped, and says what can be done instead", async () => {
    const id = await ask(secondPerson);
    await as(people.amara).post(`/api/resets/${id}/withdraw`, { reason: "found it" });
    const answer = await stop(id);
    expect(answer.status).toBe(409);
    expect((await errorOf(answer)).message).toMatch(/pretends to be you/);
  });
});
