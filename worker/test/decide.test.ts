import { beforeEach, describe, expect, it } from "vitest";
import { CODES } from "../src/errors";
import { faultyDatabase } from "./setup/faulty-database";
import {
  approvals,
  cleanWorld,
  control,
  db,
  endlessApprovals,
  errorOf,
  gateway,
  origin,
  people,
  recordIdOf,
  type Settings,
  upstreamLog,
  userId,
} from "./setup/world";

let now: number;
const at = { now: () => now };
const DAY = 86_400_000;

beforeEach(async () => {
  await cleanWorld();
  now = Date.now();
});

const both: Settings = { REQUIRE_SECOND_PERSON: "true" };
const person = (email: string, settings: Settings = both) =>
  gateway(settings, at).as({ email, expiresIn: 60 * 86_400 });

describe("a second person", () => {
  const propose = async (key = "key-1") => person(people.amara).reset(await userId(people.noor), key);
  const release = (id: string, email = people.jonas, settings: Settings = both) =>
    person(email, settings).post(`/api/resets/${id}/release`);

  it("releases what the first proposed, and only then is it sent", async () => {
    const proposal = await propose();
    expect(proposal.status).toBe(202);
    const id = recordIdOf(proposal);
    expect(await upstreamLog("resetDevice")).toEqual([]);
    expect(await person(people.priya).record(id)).toMatchObject({ state: "proposed", open: true, attempts: 0 });

    const released = await release(id);
    expect(released.status).toBe(200);
    expect(recordIdOf(released)).toBe(id);
    const [approval] = await approvals();
    expect(released.headers.get("X-Request-ID")).toBe(approval?.requestId);
    const record = await person(people.priya).record(id);
    expect(record).toMatchObject({
      state: "approvalRequested",
      askedBy: people.amara,
      releasedBy: people.jonas,
      attempts: 1,
    });
    expect(record.events?.map(({ event, actor }) => [event, actor])).toEqual([
      ["proposed", people.amara],
      ["released", people.jonas],
      ["attempt", undefined],
      ["approvalRequested", undefined],
    ]);
    expect(await approvals()).toHaveLength(1);
  });

  it.each([
    ["a text", ["Treasury"], "group:Treasury"],
    ["an id", { id: "g1", name: "Treasury" }, "group-id:g1"],
  ])("does not release for a group that was taken from the role list since: %s", async (_, groups, entry) => {
    const named = (resetter: string[]) => ({
      ...both,
      ROLES: JSON.stringify({ resetter, viewer: [people.priya] }),
      ACCESS_GROUPS: "claim:groups",
    });
    const member = gateway(named([entry, people.jonas]), at).as({ email: people.amara, custom: { groups } });
    const id = recordIdOf(await member.reset(await userId(people.noor)));
    const refused = await release(id, people.jonas, named([people.jonas, people.priya]));
    expect(refused.status).toBe(403);
    expect((await errorOf(refused)).code).toBe(CODES.noRole);
    expect(await upstreamLog("resetDevice")).toEqual([]);
    expect((await release(id, people.jonas, named([entry, people.jonas]))).status).toBe(200);
  });

  it("is neither the proposer nor the target", async () => {
    const ROLES = JSON.stringify({
      resetter: [people.amara, people.jonas, people.noor, "amara.lindqvist+2@northwind.example"],
    });
    const settings = { ...both, ROLES };
    const id = recordIdOf(await propose());
    for (const email of [people.amara, people.noor, "Amara.Lindqvist+2@northwind.example"]) {
      const response = await release(id, email, settings);
      expect(response.status, email).toBe(403);
      expect((await errorOf(response)).code, email).toBe(CODES.secondPerson);
    }
    expect(await upstreamLog("resetDevice")).toEqual([]);
  });

  it("is not the proposer under another sign-in of the same console user", async () => {
    const ROLES = JSON.stringify({ resetter: [people.amara, "amara@idp.example", people.jonas] });
    const settings = { ...both, ROLES, USER_MAP: JSON.stringify({ "amara@idp.example": people.amara }) };
    const response = await release(recordIdOf(await propose()), "amara@idp.example", settings);
    expect((await errorOf(response)).code).toBe(CODES.secondPerson);
  });

  it("is neither a service token nor a sign-in that is no console user", async () => {
    const ROLES = JSON.stringify({ resetter: [people.amara, "stranger@idp.example", "service:robot.access"] });
    const settings = { ...both, ROLES, RESETS_BY_UNMAPPED: "true", RESETS_BY_SERVICE_TOKENS: "true" };
    const id = recordIdOf(await propose());
    const world = gateway(settings, at);
    for (const token of [{ email: "stranger@idp.example" }, { commonName: "robot.access" }]) {
      const response = await world.as({ ...token, expiresIn: 3_600 }).post(`/api/resets/${id}/release`);
      expect(response.status).toBe(403);
      const body = await errorOf(response);
      expect(body.code).toBe(CODES.secondPerson);
      expect(body.message).toContain("matches no user");
    }
    expect(await upstreamLog("resetDevice")).toEqual([]);
  });

  it("finds eligibility checked again", async () => {
    const id = recordIdOf(await propose());
    await control("PATCH", `users/${await userId(people.noor)}`, { enabled: false });
    now += 11_000;
    const response = await release(id);
    expect((await errorOf(response)).code).toBe(CODES.disabled);
    expect(await upstreamLog("resetDevice")).toEqual([]);
  });

  it("finds checked again whether the proposer may ask", async () => {
    const ROLES = JSON.stringify({ resetter: [people.jonas, "stranger@idp.example"] });
    const settings = { ...both, ROLES };
    const stranger = person("stranger@idp.example", { ...settings, RESETS_BY_UNMAPPED: "true" });
    const id = recordIdOf(await stranger.reset(await userId(people.noor)));
    const response = await release(id, people.jonas, settings);
    expect((await errorOf(response)).code).toBe(CODES.askerUnknown);
    expect(await upstreamLog("resetDevice")).toEqual([]);
  });

  it.each([
    ["disabled", { enabled: false }],
    ["not activated", { status: "PENDING_ACTIVATION" }],
  ])("is nobody whose own user is %s, neither to ask nor to release", async (_, change) => {
    const id = recordIdOf(await propose());
    await control("PATCH", `users/${await userId(people.jonas)}`, change);
    now += 11_000;
    const released = await release(id);
    expect([released.status, (await errorOf(released)).code]).toEqual([403, CODES.secondPerson]);
    const asked = await person(people.jonas, { RESETS_BY_UNMAPPED: "true" }).reset(await userId(people.amara));
    expect([asked.status, (await errorOf(asked)).code]).toEqual([403, CODES.askerInactive]);
    expect(await upstreamLog("resetDevice")).toEqual([]);
  });

  it("finds a reset that was asked for elsewhere meanwhile", async () => {
    const noor = await userId(people.noor);
    // Another deployment, whose database is not this one.
    await person(people.amara, {}).reset(noor);
    await db.prepare("UPDATE resets SET open = 0, closed_at = ?").bind(Date.now()).run();
    const id = recordIdOf(await person(people.amara, { ...both, APPROVALS_CHECK: "off" }).reset(noor));
    expect((await errorOf(await release(id))).code).toBe(CODES.pendingElsewhere);
    expect(await upstreamLog("resetDevice")).toHaveLength(1);
  });

  it("comes too late where the checks took the rest of the proposal's time", async () => {
    const id = recordIdOf(await propose());
    now += DAY - 1_000;
    const slow = (async (input: RequestInfo | URL, init?: RequestInit) => {
      const request = new Request(input as RequestInfo, init);
      if (new URL(request.url).pathname.endsWith("/approvals")) now += 2_000;
      return fetch(request);
    }) as typeof fetch;
    const jonas = gateway(both, { ...at, fetch: slow }).as({ email: people.jonas, expiresIn: 60 * 86_400 });
    expect((await jonas.post(`/api/resets/${id}/release`)).status).toBe(409);
    expect(await upstreamLog("resetDevice")).toEqual([]);
  });

  it("is held to the limit a minute", async () => {
    const id = recordIdOf(await propose());
    const full = { limit: async () => ({ success: false }) } as unknown as RateLimit;
    const response = await release(id, people.jonas, { ...both, RATE_LIMITS: "on", RESET_LIMIT: full });
    expect([response.status, (await errorOf(response)).code]).toEqual([429, CODES.rateLimited]);
    expect(await upstreamLog("resetDevice")).toEqual([]);
  });

  it("cannot release for a proposer who has lost the role", async () => {
    const id = recordIdOf(await propose());
    const response = await release(id, people.jonas, {
      ...both,
      ROLES: JSON.stringify({ resetter: [people.jonas, people.priya] }),
    });
    expect((await errorOf(response)).code).toBe(CODES.noRole);
  });

  it("cannot release twice, nor two at once", async () => {
    const id = recordIdOf(await propose());
    const answers = await Promise.all([release(id), release(id), release(id)]);
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect((await release(id)).status).toBe(409);
    expect(await approvals()).toHaveLength(1);
  });

  it("finds the proposal to be the user's open reset", async () => {
    const id = recordIdOf(await propose());
    const second = await person(people.jonas).reset(await userId(people.noor));
    expect(second.status).toBe(409);
    expect((await errorOf(second)).recordId).toBe(id);
  });

  it("finds the proposal gone when its time is over", async () => {
    const id = recordIdOf(await propose());
    now += DAY + 1_000;
    expect((await release(id)).status).toBe(409);
    await gateway(both, at).sweep();
    expect(await person(people.priya).record(id)).toMatchObject({ state: "withdrawn", open: false });
    expect((await person(people.amara).reset(await userId(people.noor))).status).toBe(202);
  });

  it("is not told of a proposal whose time is over as if it waited", async () => {
    const id = recordIdOf(await propose());
    now += DAY + 1_000;
    const again = await propose();
    expect([again.status, recordIdOf(again)]).toEqual([409, id]);
    expect(await errorOf(again)).toMatchObject({ code: CODES.wrongState, outcome: "refused" });
    const record = await person(people.priya).record(id);
    expect(record).toMatchObject({ state: "withdrawn", open: false });
    expect(record.events?.at(-1)).toMatchObject({ source: "worker", detail: { because: "the proposal expired" } });
  });

  it("finds the user free of a proposal whose time is over, before the sweep has come", async () => {
    const id = recordIdOf(await propose());
    now += DAY + 1_000;
    const next = await propose("key-2");
    expect(next.status).toBe(202);
    expect(recordIdOf(next)).not.toBe(id);
  });

  it("may decline, and the proposer may take it back", async () => {
    for (const email of [people.jonas, people.amara]) {
      const id = recordIdOf(await propose(`key-${email.length}-${email[0]}`));
      const response = await person(email).post(`/api/resets/${id}/withdraw`, { reason: "Not needed" });
      expect(response.status).toBe(204);
      const record = await person(people.priya).record(id);
      expect(record).toMatchObject({ state: "withdrawn", open: false });
      expect(record.events?.at(-1)).toMatchObject({
        event: "withdrawn",
        actor: email,
        detail: { reason: "Not needed" },
      });
      expect((await release(id)).status).toBe(409);
    }
    expect(await upstreamLog("resetDevice")).toEqual([]);
  });

  it("leaves the proposer's key bound to the proposal, and later to its answer", async () => {
    const id = recordIdOf(await propose());
    const again = await propose();
    expect([again.status, recordIdOf(again)]).toEqual([202, id]);
    await release(id);
    const after = await propose();
    expect([after.status, recordIdOf(after)]).toEqual([200, id]);
  });
});

describe("settling", () => {
  const settle = (
    id: string,
    email = people.amara,
    settings: Settings = {},
    body: unknown = { reason: "Seen in the Console" },
  ) => person(email, settings).post(`/api/resets/${id}/settle`, body);

  async function unknown(settings: Settings = {}): Promise<string> {
    await control("POST", "faults", { match: { operation: "resetDevice" }, status: 500 });
    return recordIdOf(await person(people.amara, settings).reset(await userId(people.noor)));
  }

  it("ends what is unknown, with a reason, and frees the user", async () => {
    const id = await unknown();
    const noor = await userId(people.noor);
    expect((await person(people.amara, {}).reset(noor)).status).toBe(409);
    expect((await settle(id)).status).toBe(204);
    const record = await person(people.priya, {}).record(id);
    expect(record).toMatchObject({ state: "settled", open: false, outcome: "unknown" });
    expect(record.events?.at(-1)).toMatchObject({
      event: "settled",
      source: "person",
      actor: people.amara,
      detail: { reason: "Seen in the Console", stateBefore: "unknown" },
    });
    expect((await person(people.amara, {}).reset(noor)).status).toBe(200);
  });

  it("is told once: a second reason is not taken, and not said to be", async () => {
    const id = await unknown();
    const reason = { reason: "Seen in the Console" };
    expect((await settle(id, people.amara, {}, reason)).status).toBe(204);
    // The same again is what it was: the first answer may have been lost.
    expect((await settle(id, people.amara, {}, reason)).status).toBe(204);
    expect((await settle(id, people.jonas, {}, reason)).status).toBe(409);
    expect((await settle(id, people.amara, {}, { reason: "Something else" })).status).toBe(409);
    const record = await person(people.priya, {}).record(id);
    expect(record.events?.filter(({ event }) => event === "settled")).toHaveLength(1);
  });

  it("is another person's where the policy, or an alarm, asked for two, whatever the setting says", async () => {
    const POLICY = JSON.stringify([{ name: "Two", demand: { secondPerson: true } }]);
    const proposal = recordIdOf(await person(people.amara, { POLICY }).reset(await userId(people.noor)));
    await control("POST", "faults", { match: { operation: "resetDevice" }, status: 500 });
    await person(people.jonas, { POLICY }).post(`/api/resets/${proposal}/release`);
    expect((await errorOf(await settle(proposal))).code).toBe(CODES.secondPerson);
    expect((await settle(proposal, people.jonas)).status).toBe(204);
  });

  it("is another person's where the affected one has spoken against it", async () => {
    const id = await unknown();
    expect((await person(people.noor, {}).post(`/api/me/resets/${id}/stop`)).status).toBe(200);
    expect((await errorOf(await settle(id))).code).toBe(CODES.secondPerson);
    expect((await settle(id, people.jonas)).status).toBe(204);
  });

  it("is another person's also where that is said at the same moment", async () => {
    const id = await unknown();
    let said = false;
    const meanwhile = faultyDatabase(db, (sql) => {
      if (said || !/UPDATE resets SET/.test(sql)) return undefined;
      said = true;
      return () => person(people.noor, {}).post(`/api/me/resets/${id}/stop`);
    });
    const refused = await settle(id, people.amara, { DB: meanwhile });
    expect([refused.status, (await errorOf(refused)).code]).toEqual([409, CODES.wrongState]);
    expect(await person(people.priya, {}).record(id)).toMatchObject({ state: "unknown", open: true });
    expect((await settle(id, people.jonas)).status).toBe(204);
  });

  describe("early, what is open", () => {
    const open = async () => recordIdOf(await person(people.amara, {}).reset(await userId(people.noor)));
    const reject = async () => {
      const [approval] = await approvals(await userId(people.noor));
      await control("POST", `approvals/${approval?.id}/reject`);
    };

    it("is for another person, where nothing waits in Fireblocks, and frees the user", async () => {
      const id = await open();
      await reject();
      expect((await errorOf(await settle(id, people.amara))).code).toBe(CODES.secondPerson);
      expect((await settle(id, people.jonas)).status).toBe(204);
      const record = await person(people.priya, {}).record(id);
      expect(record).toMatchObject({ state: "settled", open: false });
      expect(record.events?.at(-1)?.detail).toEqual({
        reason: "Seen in the Console",
        stateBefore: "approvalRequested",
        early: true,
      });
    });

    it("is refused while its request waits, whatever anybody has seen", async () => {
      const id = await open();
      const body = { reason: "Seen in the Console", lookedInConsole: true };
      for (const told of [undefined, body]) {
        const response = await settle(id, people.jonas, {}, told ?? { reason: body.reason });
        expect([response.status, (await errorOf(response)).code]).toEqual([409, CODES.pendingElsewhere]);
      }
      expect(await person(people.priya, {}).record(id)).toMatchObject({ state: "approvalRequested", open: true });
    });

    it.each([
      ["may not be read", { approvalsReadable: false }, {}],
      ["are not looked at", {}, { APPROVALS_CHECK: "off" }],
    ])("takes having looked in the Console where the approvals %s", async (_, settings, own) => {
      const id = await open();
      await control("PATCH", "settings", settings);
      const refused = await settle(id, people.jonas, own);
      expect([refused.status, (await errorOf(refused)).code]).toEqual([409, CODES.lookFirst]);
      const body = { reason: "Rejected there by hand", lookedInConsole: true };
      expect((await settle(id, people.jonas, own, body)).status).toBe(204);
      const record = await person(people.priya, {}).record(id);
      expect(record.events?.at(-1)?.detail).toMatchObject({ early: true, lookedInConsole: true });
    });

    it("takes it too where not all that waits can be read", async () => {
      const id = await open();
      const jonas = gateway({}, { ...at, fetch: endlessApprovals() }).as({ email: people.jonas });
      const response = await jonas.post(`/api/resets/${id}/settle`, { reason: "Seen in the Console" });
      expect((await errorOf(response)).code).toBe(CODES.lookFirst);
    });
  });

  it.each([
    ["a service token", { commonName: "robot" }],
    ["the asker's second address, which is nobody's in the workspace", { email: "amara@elsewhere.example" }],
  ])("is for nobody who may be the asker again, where two are required or early: %s", async (_, token) => {
    const ROLES = JSON.stringify({
      resetter: [people.amara, people.jonas, "service:robot", "amara@elsewhere.example"],
    });
    const settings = { ROLES, RESETS_BY_UNMAPPED: "true", RESETS_BY_SERVICE_TOKENS: "true" };
    const id = await unknown();
    const two = gateway({ ...settings, ...both }, at).as(token);
    const response = await two.bare("POST", `/api/resets/${id}/settle`, {
      headers: { "Content-Type": "application/json", Origin: origin },
      body: JSON.stringify({ reason: "Seen in the Console" }),
    });
    expect([response.status, (await errorOf(response)).code]).toEqual([403, CODES.secondPerson]);
  });

  it("ends what is stale, and not before", async () => {
    const id = recordIdOf(await person(people.amara, {}).reset(await userId(people.noor)));
    expect((await settle(id)).status).toBe(403);
    now += 7 * DAY + 1_000;
    expect(await person(people.priya, {}).record(id)).toMatchObject({ stale: true, open: true });
    expect((await settle(id)).status).toBe(204);
  });

  it("is not for an attempt under way, nor for what has ended", async () => {
    await control("POST", "faults", { match: { operation: "resetDevice" }, cut: "beforeEffect" });
    const sending = recordIdOf(await person(people.amara, {}).reset(await userId(people.noor)));
    now += 30 * DAY;
    const response = await settle(sending);
    expect(response.status).toBe(409);
    expect((await errorOf(response)).outcome).toBe("unknown");
    await control("POST", "faults", { match: { operation: "resetDevice" }, status: 404 });
    const refused = recordIdOf(await person(people.amara, {}).reset(await userId(people.jonas)));
    expect((await settle(refused)).status).toBe(409);
  });

  it("goes on while resets are paused, when records are put right; releasing does not", async () => {
    const id = await unknown();
    expect((await settle(id, people.amara, { RESETS_PAUSED: "true" })).status).toBe(204);
    const proposal = recordIdOf(await person(people.amara).reset(await userId(people.noor)));
    const paused = person(people.jonas, { ...both, RESETS_PAUSED: "true" });
    expect((await paused.post(`/api/resets/${proposal}/release`)).status).toBe(503);
    expect((await paused.post(`/api/resets/${proposal}/withdraw`, { reason: "Paused" })).status).toBe(204);
  });

  it("is not the asker's where two are required", async () => {
    const id = await unknown();
    const response = await settle(id, people.amara, both);
    expect(response.status).toBe(403);
    expect((await errorOf(response)).code).toBe(CODES.secondPerson);
    expect((await settle(id, people.jonas, both)).status).toBe(204);
  });

  it("is not the asker's under another sign-in of the same console user", async () => {
    const ROLES = JSON.stringify({ resetter: [people.amara, people.jonas, "amara@idp.example"] });
    const settings = { ...both, ROLES, USER_MAP: JSON.stringify({ "amara@idp.example": people.amara }) };
    const id = await unknown();
    const response = await settle(id, "amara@idp.example", settings);
    expect((await errorOf(response)).code).toBe(CODES.secondPerson);
    expect((await settle(id, people.jonas, settings)).status).toBe(204);
  });

  it.each([
    [{}],
    [{ reason: "" }],
    [{ reason: "  " }],
    [{ reason: 5 }],
    [{ reason: "x".repeat(2_000) }],
    [{ reason: "ok then", more: 1 }],
  ])("needs a reason: %o", async (body) => {
    expect((await settle(await unknown(), people.amara, {}, body)).status).toBe(400);
  });

  it("of a record that is not there is 404", async () => {
    expect((await settle(crypto.randomUUID())).status).toBe(404);
    expect((await settle("..%2f..")).status).toBe(404);
  });
});
