import type { Confirmation, HelpGiven, HelpRequest, Me, ResetDemands } from "fireblocks-reset-device/gateway-api";
import { beforeEach, describe, expect, it } from "vitest";
import { CODES } from "../src/errors";
import {
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

const DAY = 86_400_000;
const boss = "kai.boss@northwind.example";
const ines = "ines.carvalho@northwind.example";

let now = 0;
beforeEach(async () => {
  await cleanWorld();
  now = Date.now();
});

const rules = (...demands: object[]): Settings => ({
  EMAIL: {} as SendEmail,
  POLICY: JSON.stringify(demands.map((demand, index) => ({ name: `Rule ${index + 1}`, demand }))),
});
const strict = rules({ proofs: ["codeMatched"] });
const world = (settings: Settings = {}) => gateway(settings, { now: () => now });
const as = (email: string, settings: Settings = {}) => world(settings).as({ email, expiresIn: 60 * 86_400 });
const sent = () => upstreamLog("resetDevice");

/** A request for help whose code this admin has typed, and which the person has confirmed unless it is to stay. */
async function matched(of = people.noor, by = people.amara, confirm = true): Promise<string> {
  const { id, digits } = (await (await as(of).post("/api/me/help")).json()) as HelpGiven;
  await as(by).post(`/api/help/${id}/match`, { code: digits });
  if (confirm) await as(of).post("/api/me/help/confirm");
  return id;
}

const ask = async (
  helpRequest: string,
  given: { by?: string; of?: string; settings?: Settings; key?: string } = {},
) => {
  const { by = people.amara, of = people.noor, settings = strict, key = crypto.randomUUID() } = given;
  return as(by, settings).reset(await userId(of), key, { reason: "Lost phone", helpRequest });
};

describe("a match that was confirmed", () => {
  it("is the proof codeMatched of the helper's reset, which ends the request and shows in its story", async () => {
    const id = await matched();
    const response = await ask(id);
    expect(response.status).toBe(200);
    const recordId = recordIdOf(response);
    const record = await as(people.priya).record(recordId);
    expect(record).toMatchObject({ helpRequestId: id, proofs: [{ proof: "codeMatched", by: people.amara }] });
    const help: HelpRequest = await (await as(people.tomas).get(`/api/help/${id}`)).json();
    expect(help).toMatchObject({ state: "used" });
    expect(help.events.at(-1)).toMatchObject({ event: "used", actor: people.amara, detail: { recordId } });
    const me: Me = await (await as(people.noor).get("/api/me")).json();
    expect([me.help?.state, me.resets[0]?.proofs]).toEqual(["used", ["codeMatched"]]);
  });

  it("stands in an auditor's export, event by event and without a code", async () => {
    const id = await matched();
    const recordId = recordIdOf(await ask(id));
    const exported = async (format: string) =>
      (await as(people.tomas).get(`/api/resets/export?format=${format}`)).text();
    const lines = (await exported("jsonl"))
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines[0]).toMatchObject({ id: recordId, helpRequestId: id, proofs: [{ proof: "codeMatched" }] });
    expect(lines[1].helpRequest).toMatchObject({
      id,
      person: people.noor,
      state: "used",
      helper: { by: people.amara },
    });
    expect(lines[1].helpRequest.helper.word).toBeUndefined();
    const rows = (await exported("csv")).trimEnd().split("\r\n");
    expect(rows.filter((row) => /,help\.(asked|codeGiven|matched|confirmed|used),/.test(row))).toHaveLength(5);
    const columns = new Set(rows.map((row) => row.replaceAll(/"(?:[^"]|"")*"/g, "").split(",").length));
    expect(columns.size).toBe(1);
  });

  it("tells what it meets before anything is asked for", async () => {
    const noor = await userId(people.noor);
    const demands = async (query: string, by = people.amara): Promise<ResetDemands> =>
      (await as(by, strict).get(`/api/users/${noor}/demands${query}`)).json();
    expect((await demands("")).met).toEqual([]);
    const id = await matched();
    expect((await demands(`?helpRequest=${id}`)).met).toEqual(["codeMatched"]);
    const others = await as(people.jonas, strict).get(`/api/users/${noor}/demands?helpRequest=${id}`);
    expect((await errorOf(others)).code).toBe(CODES.unknownHelpRequest);
  });

  it("is demanded where the policy does, and nothing else does in its place", async () => {
    const noor = await userId(people.noor);
    const response = await as(people.amara, strict).reset(noor, "k", {
      reason: "Lost",
      proofs: [{ proof: "inPerson" }],
    });
    expect([response.status, (await errorOf(response)).code]).toEqual([422, CODES.demandsUnmet]);
    expect(await sent()).toEqual([]);
  });

  const useless: [string, () => Promise<Response>][] = [
    ["that is none", () => ask(crypto.randomUUID())],
    [
      "whose code nobody typed",
      async () => ask(((await (await as(people.noor).post("/api/me/help")).json()) as HelpGiven).id),
    ],
    ["that the person has not confirmed", async () => ask(await matched(people.noor, people.amara, false))],
    ["whose code somebody else has typed", async () => ask(await matched(people.noor, people.jonas))],
    ["of another person", async () => ask(await matched(ines), { of: people.noor })],
    [
      "that the person has denied since",
      async () => {
        const id = await matched();
        await as(people.noor).post("/api/me/help/deny");
        return ask(id);
      },
    ],
    [
      "that was taken back",
      async () => {
        const id = await matched();
        await as(people.noor).post("/api/me/help/cancel");
        return ask(id);
      },
    ],
    [
      "whose day is over",
      async () => {
        const id = await matched();
        now += DAY + 1;
        return ask(id);
      },
    ],
  ];
  it.each(useless)("is not one %s", async (_, asking) => {
    const response = await asking();
    expect([response.status, (await errorOf(response)).code]).toEqual([422, CODES.unknownHelpRequest]);
    expect(await sent()).toEqual([]);
    expect(await db.prepare("SELECT COUNT(*) AS n FROM resets").first()).toEqual({ n: 0 });
  });

  it("is not replayed on another record, once its reset has ended", async () => {
    const id = await matched();
    await ask(id);
    await db.prepare("UPDATE resets SET open = 0, state = 'completed', closed_at = ?").bind(Date.now()).run();
    await control("POST", "clear");
    const again = await ask(id);
    expect([again.status, (await errorOf(again)).code]).toEqual([422, CODES.unknownHelpRequest]);
    expect(await sent()).toEqual([]);
  });

  it("serves one of several requests at once", async () => {
    const id = await matched();
    const answers = await Promise.all([ask(id), ask(id), ask(id)]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await sent()).toHaveLength(1);
  });

  it("serves the same key again", async () => {
    const id = await matched();
    const first = await ask(id, { key: "key-1" });
    const second = await ask(id, { key: "key-1" });
    expect([second.status, recordIdOf(second)]).toEqual([200, recordIdOf(first)]);
  });

  it("serves another reset where nothing was sent of the first", async () => {
    const id = await matched();
    await control("POST", "faults", { match: { operation: "resetDevice" }, status: 429 });
    expect((await ask(id)).status).toBe(429);
    now += 3 * 60_000;
    expect((await ask(id)).status).toBe(200);
    const help: HelpRequest = await (await as(people.tomas).get(`/api/help/${id}`)).json();
    expect(help.events.filter(({ event }) => event === "used")).toHaveLength(2);
  });

  it("is void where the person denies while the reset is being recorded", async () => {
    const id = await matched();
    const slow = (async (input: RequestInfo | URL, init?: RequestInit) => {
      const request = new Request(input as RequestInfo, init);
      if (new URL(request.url).pathname.endsWith("/approvals")) await as(people.noor).post("/api/me/help/deny");
      return fetch(request);
    }) as typeof fetch;
    const amara = gateway(strict, { now: () => now, fetch: slow }).as({ email: people.amara });
    const response = await amara.reset(await userId(people.noor), "k", { reason: "Lost phone", helpRequest: id });
    expect([response.status, (await errorOf(response)).code]).toEqual([422, CODES.unknownHelpRequest]);
    expect(await sent()).toEqual([]);
  });
});

describe("a person's manager", () => {
  const managed = (demand: object, managers: object = { [people.noor]: boss }): Settings => ({
    ...rules(demand),
    MANAGERS: JSON.stringify(managers),
  });
  const byManager = managed({ proofs: ["managerConfirmed"] });
  const propose = async (settings = byManager, by = people.amara) =>
    as(by, settings).reset(await userId(people.noor), crypto.randomUUID(), {
      reason: "Lost phone",
      proofs: [{ proof: "videoCall" }],
    });
  const asked = (id: string, email = boss, settings = byManager) => as(email, settings).get(`/api/confirmations/${id}`);
  const answer = (id: string, confirm: boolean, email = boss, settings = byManager) =>
    as(email, settings).post(`/api/confirmations/${id}`, { confirm, reason: "I met her at the office" });

  it("sees whom and why, confirms, and then it is sent by the sweep", async () => {
    const proposed = await propose();
    expect(proposed.status).toBe(202);
    const id = recordIdOf(proposed);
    expect(await sent()).toEqual([]);
    const question: Confirmation = await (await asked(id)).json();
    expect(question).toMatchObject({
      state: "asked",
      userEmail: people.noor,
      askedBy: people.amara,
      reason: "Lost phone",
    });
    const given: Confirmation = await (await answer(id, true)).json();
    expect(given.state).toBe("confirmed");
    const record = await as(people.priya, byManager).record(id);
    expect(record).toMatchObject({ state: "waiting" });
    expect(record.proofs.at(-1)).toMatchObject({
      proof: "managerConfirmed",
      by: boss,
      text: "I met her at the office",
    });
    await world(byManager).sweep();
    expect(await sent()).toHaveLength(1);
  });

  it("is told by a notification with a link", async () => {
    const settings = {
      ...byManager,
      NOTIFY_URL: "https://hook.example",
      NOTIFY_SECRET: `whsec_${btoa("x".repeat(32))}`,
    };
    const id = recordIdOf(await propose(settings));
    const { results } = await db.prepare("SELECT body FROM outbox").all<{ body: string }>();
    const bodies = results.map(({ body }) => JSON.parse(body));
    expect(bodies.find(({ type }) => type === "confirmation.asked")?.data.confirm).toEqual({
      path: `/confirm/${id}`,
      manager: boss,
    });
  });

  it("says no, and the request ends with nothing sent", async () => {
    const id = recordIdOf(await propose());
    expect(((await (await answer(id, false)).json()) as Confirmation).state).toBe("declined");
    const record = await as(people.priya, byManager).record(id);
    expect(record).toMatchObject({ state: "withdrawn", open: false, outcome: "notSent" });
    expect(record.events?.at(-1)).toMatchObject({ event: "withdrawn", actor: boss });
    await world(byManager).sweep();
    expect(await sent()).toEqual([]);
  });

  it("answers once: the same again is the same, the opposite is refused", async () => {
    const id = recordIdOf(await propose());
    await answer(id, true);
    expect((await answer(id, true)).status).toBe(200);
    expect((await answer(id, false)).status).toBe(409);
    expect(
      (await as(people.priya, byManager).record(id)).proofs.filter(({ proof }) => proof === "managerConfirmed"),
    ).toHaveLength(1);
  });

  it("is not enough where a second person is demanded too, who releases afterwards and not before", async () => {
    const settings = managed({ proofs: ["managerConfirmed"], secondPerson: true });
    const id = recordIdOf(await propose(settings));
    const release = () => as(people.jonas, settings).post(`/api/resets/${id}/release`);
    const early = await release();
    expect([early.status, (await errorOf(early)).code]).toEqual([409, CODES.demandsUnmet]);
    await answer(id, true, boss, settings);
    expect(await as(people.priya, settings).record(id)).toMatchObject({ state: "proposed" });
    expect((await release()).status).toBe(200);
  });

  it.each([
    ["the asker", people.amara],
    ["the person", people.noor],
    ["a resetter who is not the manager", people.jonas],
    ["somebody without a role", people.eli],
  ])("is not %s", async (_, email) => {
    const id = recordIdOf(await propose());
    expect((await asked(id, email)).status).toBe(404);
    expect((await answer(id, true, email)).status).toBe(404);
    expect((await asked(crypto.randomUUID())).status).toBe(404);
    expect((await as(people.priya, byManager).record(id)).state).toBe("proposed");
  });

  it.each<[string, object, Settings]>([
    ["who asks", { [people.noor]: people.amara }, {}],
    ["who asks, by another spelling", { [people.noor]: "amara.lindqvist+boss@northwind.example" }, {}],
    [
      "who asks, by another sign-in",
      { [people.noor]: "amara@idp.example" },
      { USER_MAP: JSON.stringify({ "amara@idp.example": people.amara }) },
    ],
    ["who is the person", { [people.noor]: "Noor.Haddad@northwind.example" }, {}],
    ["of nobody", {}, {}],
  ])("is none %s", async (_, managers, more) => {
    const settings = { ...managed({ proofs: ["managerConfirmed", "inPerson"] }, managers), ...more };
    const response = await propose(settings);
    expect([response.status, (await errorOf(response)).code]).toEqual([422, CODES.demandsUnmet]);
    expect(await sent()).toEqual([]);
  });

  it("is named by the person's own sign-in too, for the reset of their request for help", async () => {
    const settings = {
      ...rules({ proofs: ["codeMatched"] }, { proofs: ["managerConfirmed"] }),
      MANAGER_CLAIM: "manager",
    };
    const noor = world(settings).as({ email: people.noor, custom: { manager: "Kai.Boss@northwind.example" } });
    const { id, digits } = (await (await noor.post("/api/me/help")).json()) as HelpGiven;
    await as(people.amara, settings).post(`/api/help/${id}/match`, { code: digits });
    await noor.post("/api/me/help/confirm");
    const response = await ask(id, { settings });
    expect(response.status).toBe(202);
    expect(((await (await asked(recordIdOf(response), boss, settings)).json()) as Confirmation).state).toBe("asked");
  });

  it.each([[{ confirm: true }], [{ confirm: "yes", reason: "I know" }], [{ confirm: true, reason: "" }]])(
    "says why: %j",
    async (body) => {
      const id = recordIdOf(await propose());
      expect((await as(boss, byManager).post(`/api/confirmations/${id}`, body)).status).toBe(400);
    },
  );
});
