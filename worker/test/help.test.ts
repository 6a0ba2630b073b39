import type { HelpGiven, HelpRequest, Me } from "fireblocks-reset-device/gateway-api";
import { beforeEach, describe, expect, it } from "vitest";
import { CODES } from "../src/errors";
import { cutting, faultyDatabase } from "./setup/faulty-database";
import {
  cleanWorld,
  control,
  db,
  errorOf,
  gateway,
  note,
  people,
  type Settings,
  simulator,
  userId,
} from "./setup/world";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const ines = "ines.carvalho@northwind.example";

let now = 0;
beforeEach(async () => {
  await cleanWorld();
  now = Date.now();
});

const world = (settings: Settings = {}) => gateway(settings, { now: () => now });
const as = (email: string, settings: Settings = {}) => world(settings).as({ email, expiresIn: 60 * 86_400 });

async function ask(email = people.noor, settings: Settings = {}): Promise<HelpGiven> {
  const response = await as(email, settings).post("/api/me/help", { because: "lost" });
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
  return response.json();
}

const renew = async (email = people.noor): Promise<HelpGiven> => (await as(email).post("/api/me/help/code")).json();
const match = (id: string, code: string, email = people.amara, settings: Settings = {}) =>
  as(email, settings).post(`/api/help/${id}/match`, { code });
const me = async (email = people.noor): Promise<Me> => (await as(email).get("/api/me")).json();
const seen = async (id: string, email = people.amara): Promise<HelpRequest> =>
  (await as(email).get(`/api/help/${id}`)).json();

/** Another code than the one that is given, a different one for each number. */
const wrong = (digits: string, by = 1) => String((Number(digits) + by) % 1_000_000).padStart(6, "0");

const codesOf = async (responses: Response[]) =>
  Promise.all(responses.map(async (response) => (response.ok ? 200 : (await errorOf(response)).code)));

describe("one's own screen", () => {
  it("takes no role, and shows one's own user and resets, and nothing of anybody else", async () => {
    const other = await as(people.amara).reset(await userId(people.jonas));
    expect(other.status).toBe(200);
    await as(people.amara).reset(await userId(people.noor), undefined, { ...note, reference: "SECRET-7" });
    const mine = await me();
    expect(mine.user).toMatchObject({ id: await userId(people.noor), email: people.noor, status: "READY" });
    expect(mine.resets).toHaveLength(1);
    expect(mine.resets[0]).toMatchObject({ askedBy: people.amara, reason: note.reason, state: "approvalRequested" });
    const text = JSON.stringify(mine);
    for (const secret of [people.jonas, "SECRET-7", note.verifiedBy, "upstreamKey", "callerKey", "roleEntry"]) {
      expect(text).not.toContain(secret);
    }
  });

  it.each([
    ["whose address no user of the workspace has", { email: "stranger@elsewhere.example" }],
    ["whose address is only alike", { email: "NOOR.HADDAD+x@northwind.example" }],
    ["that is a service token", { commonName: "robot" }],
  ])("is not for a sign-in %s", async (_, token) => {
    const settings = { ROLES: JSON.stringify({ resetter: ["service:robot"] }) };
    const client = world(settings).as(token);
    for (const [method, path] of [
      ["GET", "/api/me"],
      ["POST", "/api/me/help"],
      ["POST", "/api/me/help/code"],
      ["POST", "/api/me/help/confirm"],
      ["POST", "/api/me/help/deny"],
      ["POST", "/api/me/help/cancel"],
    ] as const) {
      const response = await client.request(method, path);
      expect([response.status, (await errorOf(response)).code], path).toEqual([403, CODES.askerUnknown]);
    }
    expect(await db.prepare("SELECT COUNT(*) AS n FROM help_requests").first()).toEqual({ n: 0 });
  });

  it("is of the user whom the map names", async () => {
    const settings = { USER_MAP: JSON.stringify({ "n.haddad@idp.example": people.noor }) };
    const mine: Me = await (await as("n.haddad@idp.example", settings).get("/api/me")).json();
    expect(mine.user.id).toBe(await userId(people.noor));
  });

  it("asks for no help where no reset is possible", async () => {
    const response = await as(people.owner).post("/api/me/help");
    expect([response.status, (await errorOf(response)).code]).toEqual([403, CODES.owner]);
    expect(((await (await as(people.owner).get("/api/me")).json()) as Me).blocked).toMatchObject({ code: "owner" });
  });

  it.each([[{ because: "owner" }], [{ text: "x".repeat(301) }], [{ text: "a\u202Eb" }], [{ user: "other" }], ["lost"]])(
    "takes nothing but what it asks for: %j",
    async (body) => {
      expect((await as(people.noor).post("/api/me/help", body)).status).toBe(400);
    },
  );
});

describe("a request for help", () => {
  it("is one for each person, also among many at once", async () => {
    const noor = as(people.noor);
    const answers = await codesOf(await Promise.all(Array.from({ length: 8 }, () => noor.post("/api/me/help"))));
    expect(answers.filter((code) => code === 200)).toHaveLength(1);
    expect(new Set(answers)).toEqual(new Set([200, CODES.helpOpen]));
  });

  it("takes no lock: a reset is asked for as ever", async () => {
    await ask();
    expect((await as(people.amara).reset(await userId(people.noor))).status).toBe(200);
  });

  it("ends by itself after a day, before the sweep comes and by it", async () => {
    const { id, digits } = await ask();
    now += 24 * HOUR + 1;
    expect((await me()).help?.state).not.toBe("open");
    expect(await codesOf([await match(id, digits)])).toEqual([CODES.wrongState]);
    await world().sweep();
    expect((await seen(id)).events.at(-1)?.event).toBe("expired");
    expect((await ask()).id).not.toBe(id);
  });

  it("is taken back by the person, and then matches nothing", async () => {
    const { id, digits } = await ask();
    expect((await as(people.noor).post("/api/me/help/cancel")).status).toBe(200);
    expect(await codesOf([await match(id, digits)])).toEqual([CODES.wrongState]);
  });

  it("is told to be taken back where that was written and the answer to it lost", async () => {
    await ask();
    const DB = faultyDatabase(db, cutting(/UPDATE help_requests/, "after"));
    const response = await as(people.noor, { DB }).post("/api/me/help/cancel");
    expect([response.status, ((await response.json()) as HelpRequest).state]).toEqual([200, "cancelled"]);
  });

  it("is read by resetters and auditors alone, and listed for resetters", async () => {
    const { id } = await ask();
    expect((await as(people.tomas).get(`/api/help/${id}`)).status).toBe(200);
    for (const email of [people.priya, people.eli, people.noor]) {
      expect((await as(email).get(`/api/help/${id}`)).status).toBe(403);
      expect((await as(email).get("/api/help")).status).toBe(403);
      expect((await match(id, "000000", email)).status).toBe(403);
    }
    const list = (await (await as(people.amara).get("/api/help")).json()) as { requests: HelpRequest[] };
    expect(list.requests).toMatchObject([{ id, userEmail: people.noor, because: "lost" }]);
  });
});

describe("two codes", () => {
  it("prove each side to the other: the helper types the code, both see a word, the person confirms", async () => {
    const { id, digits } = await ask();
    const matched: HelpRequest = await (await match(id, digits)).json();
    expect(matched).toMatchObject({ state: "matched", helper: { by: people.amara } });
    expect(matched.helper?.word).toMatch(/^[a-z]+ [a-z]+$/);
    const { help } = await me();
    expect(help?.helper).toEqual(matched.helper);
    expect(help?.helper?.name).toBe("Amara Lindqvist");
    const confirmed: HelpRequest = await (await as(people.noor).post("/api/me/help/confirm")).json();
    expect(confirmed.state).toBe("confirmed");
    expect(confirmed.events.map(({ event, actor }) => [event, actor])).toEqual([
      ["asked", people.noor],
      ["codeGiven", people.noor],
      ["matched", people.amara],
      ["confirmed", people.noor],
    ]);
  });

  it("tell the word to these two alone", async () => {
    const { id, digits } = await ask();
    await match(id, digits);
    expect((await seen(id)).helper?.word).toBeDefined();
    expect((await seen(id, people.jonas)).helper).toMatchObject({ by: people.amara });
    expect((await seen(id, people.jonas)).helper?.word).toBeUndefined();
    expect((await seen(id, people.tomas)).helper?.word).toBeUndefined();
  });

  it("end where the person says that this is not whom they talk to, and a new code begins anew", async () => {
    const { id, digits } = await ask();
    await match(id, digits);
    expect((await as(people.noor).post("/api/me/help/deny")).status).toBe(200);
    const after = await seen(id);
    expect(after).toMatchObject({ state: "open" });
    expect(after.helper).toBeUndefined();
    expect(after.events.at(-1)).toMatchObject({ event: "denied", detail: { helper: people.amara } });
    expect(await codesOf([await match(id, digits)])).toEqual([CODES.noCode]);
    expect((await as(people.noor).post("/api/me/help/confirm")).status).toBe(409);
    expect((await match(id, (await renew()).digits, people.jonas)).status).toBe(200);
  });

  it("are not confirmed of somebody who has typed another code since the screen showed whom", async () => {
    const { id, digits } = await ask();
    const shown: HelpRequest = await (await match(id, digits)).json();
    now += 1_000;
    await as(people.noor).post("/api/me/help/deny");
    await match(id, (await renew()).digits, people.jonas);
    const confirm = (matchedAt: unknown) => as(people.noor).post("/api/me/help/confirm", { matchedAt });
    expect(await codesOf([await confirm(shown.helper?.at)])).toEqual([CODES.wrongState]);
    expect(await seen(id)).toMatchObject({ state: "matched", helper: { by: people.jonas } });
    expect((await confirm("now")).status).toBe(400);
    expect((await confirm((await me()).help?.helper?.at)).status).toBe(200);
    expect(await seen(id)).toMatchObject({ state: "confirmed", helper: { by: people.jonas } });
  });

  it("may be denied also after they were confirmed", async () => {
    const { id, digits } = await ask();
    await match(id, digits);
    await as(people.noor).post("/api/me/help/confirm");
    await as(people.noor).post("/api/me/help/deny");
    expect(await seen(id)).toMatchObject({ state: "open" });
  });

  it("are not confirmed before anybody has typed the code", async () => {
    await ask();
    expect((await as(people.noor).post("/api/me/help/confirm")).status).toBe(409);
  });

  it("are confirmed by the person alone: everybody else confirms only what is their own", async () => {
    const { id, digits } = await ask();
    await match(id, digits);
    expect((await as(people.amara).post("/api/me/help/confirm")).status).toBe(409);
    expect((await as(people.eli).post("/api/me/help/deny")).status).toBe(409);
    expect(await seen(id)).toMatchObject({ state: "matched" });
  });
});

describe("a code", () => {
  it("is in one answer alone: in no log, no record, no address, and in the database as a hash that its secret keys", async () => {
    const one = world();
    const asked = await one.as({ email: people.noor }).post("/api/me/help", { because: "lost" });
    const { id, digits } = (await asked.json()) as HelpGiven;
    await one.as({ email: people.amara }).post(`/api/help/${id}/match`, { code: wrong(digits) });
    await one.as({ email: people.amara }).post(`/api/help/${id}/match`, { code: digits });
    await one.settled();
    const tables = ["help_requests", "help_events", "refused_attempts", "outbox", "events"];
    const kept = await Promise.all(
      tables.map(async (table) => (await db.prepare(`SELECT * FROM ${table}`).all()).results),
    );
    const told = JSON.stringify([one.log, kept, await me(), await seen(id)]);
    for (const code of [digits, wrong(digits)])
      expect(told).not.toMatch(new RegExp(`(?<![0-9a-f-])${code}(?![0-9a-f])`));
  });

  it("is kept under a key that is not in the database: nobody who reads it all can find the digits", async () => {
    const { id, digits } = await ask();
    const row = await db
      .prepare("SELECT code_salt, code_mac FROM help_requests WHERE id = ?")
      .bind(id)
      .first<{ code_salt: string; code_mac: string }>();
    const salt = Uint8Array.from(atob(row?.code_salt ?? ""), (char) => char.charCodeAt(0));
    const text = new TextEncoder().encode(JSON.stringify([id, await userId(people.noor), digits]));
    const plain = new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array([...salt, ...text])));
    expect(btoa(String.fromCharCode(...plain))).not.toBe(row?.code_mac);
    // The same row under another secret matches nothing.
    const other = { FIREBLOCKS_SECRET_KEY: simulator.secretKey.trim().replaceAll("\n", "\r\n") };
    expect(await codesOf([await match(id, digits, people.amara, other)])).toEqual([CODES.wrongCode]);
    expect((await match(id, digits)).status).toBe(200);
  });

  it("serves once", async () => {
    const { id, digits } = await ask();
    await match(id, digits);
    expect(await codesOf([await match(id, digits, people.jonas)])).toEqual([CODES.wrongState]);
  });

  it("of another's request does not match, and counts as a try", async () => {
    const noor = await ask(people.noor);
    const tomas = await ask(people.tomas);
    const response = await match(noor.id, tomas.digits);
    expect([response.status, (await errorOf(response)).code]).toEqual([422, CODES.wrongCode]);
    expect((await seen(noor.id)).code?.triesLeft).toBe(2);
    expect((await seen(tomas.id)).code?.triesLeft).toBe(3);
  });

  it("lasts three minutes", async () => {
    const { id, digits } = await ask();
    now += 3 * MINUTE;
    expect(await codesOf([await match(id, digits)])).toEqual([CODES.noCode]);
    now -= 1;
    expect((await match(id, digits)).status).toBe(200);
  });

  it("lasts no longer where the clock jumps back, nor does a jump give back a try", async () => {
    const { id, digits } = await ask();
    await match(id, wrong(digits));
    now -= 9 * MINUTE;
    expect(await codesOf([await match(id, digits)])).toEqual([CODES.noCode]);
    now += 9 * MINUTE;
    await match(id, wrong(digits, 2));
    now += 1;
    await match(id, wrong(digits, 3));
    now -= MINUTE;
    expect(await codesOf([await match(id, digits)])).toEqual([CODES.noCode]);
  });

  it("is followed by another that takes its place at once, in another tab too", async () => {
    const { id, digits } = await ask();
    const second = await renew();
    expect(second.code).toMatchObject({ number: 2, triesLeft: 3 });
    expect(await codesOf([await match(id, digits)])).toEqual([CODES.wrongCode]);
    expect((await match(id, second.digits)).status).toBe(200);
  });

  it("is any of a million, each as likely as any other", async () => {
    const { newDigits } = await import("../src/help/code");
    const firsts = new Set(Array.from({ length: 2_000 }, newDigits).map((digits) => digits[0]));
    expect(firsts.size).toBe(10);
    // What lies beyond the last whole million of 32 bits is drawn again.
    const draws = [4_294_967_295, 4_294_000_000, 17];
    const real = crypto.getRandomValues;
    crypto.getRandomValues = ((array: Uint32Array) => {
      array[0] = draws.shift() ?? 0;
      return array;
    }) as typeof real;
    try {
      expect([newDigits(), draws.length]).toEqual(["000017", 0]);
    } finally {
      crypto.getRandomValues = real;
    }
  });

  it.each(["12345", "1234567", "abcdef", "１２３４５６", ""])("that is none is not tried: %j", async (code) => {
    const { id } = await ask();
    expect((await match(id, code)).status).toBe(400);
    expect((await seen(id)).code?.triesLeft).toBe(3);
  });

  it("may be typed in two halves", async () => {
    const { id, digits } = await ask();
    expect((await match(id, `${digits.slice(0, 3)} ${digits.slice(3)}`)).status).toBe(200);
  });
});

describe("guessing", () => {
  it("ends after three tries over all admins; both sides see it, and the right code does not help any more", async () => {
    const { id, digits } = await ask();
    expect(await codesOf([await match(id, wrong(digits, 1), people.amara)])).toEqual([CODES.wrongCode]);
    expect(await codesOf([await match(id, wrong(digits, 2), people.jonas)])).toEqual([CODES.wrongCode]);
    const third = await match(id, wrong(digits, 3), people.amara);
    expect((await errorOf(third)).message).toContain("third wrong one");
    expect(await codesOf([await match(id, digits)])).toEqual([CODES.noCode]);
    for (const side of [await seen(id), (await me()).help]) {
      expect(side?.code).toMatchObject({ triesLeft: 0 });
      expect(side?.events.filter(({ event }) => event === "codeWrong")).toMatchObject([
        { actor: people.amara, detail: { triesLeft: 2 } },
        { actor: people.jonas, detail: { triesLeft: 1 } },
        { actor: people.amara, detail: { triesLeft: 0 } },
      ]);
    }
    expect((await match(id, (await renew()).digits)).status).toBe(200);
  });

  it("at once, from many tabs and admins, is counted one by one", async () => {
    const { id, digits } = await ask();
    const tries = Array.from({ length: 12 }, (_, index) =>
      match(id, wrong(digits, index + 1), index % 2 === 0 ? people.amara : people.jonas),
    );
    const answers = await codesOf(await Promise.all(tries));
    expect(answers.filter((code) => code === CODES.wrongCode).length).toBeLessThanOrEqual(3);
    const events = await db
      .prepare("SELECT COUNT(*) AS n FROM help_events WHERE event = 'codeWrong'")
      .first<{ n: number }>();
    expect(events?.n).toBeLessThanOrEqual(3);
    expect(events?.n).toBeGreaterThanOrEqual(1);
  });

  it("across requests is bounded for each admin, whatever is right by then", async () => {
    const given: HelpGiven[] = [];
    for (const email of [people.noor, people.tomas, people.jonas, ines]) given.push(await ask(email));
    let answers: (number | undefined)[] = [];
    for (let index = 0; index < 12; index++) {
      const { id, digits } = given[Math.floor(index / 3)] as HelpGiven;
      answers = [...answers, ...(await codesOf([await match(id, wrong(digits, 1 + (index % 3)))]))];
    }
    expect(answers.filter((code) => code === CODES.wrongCode)).toHaveLength(10);
    expect(answers.slice(10)).toEqual([CODES.rateLimited, CODES.rateLimited]);
    const last = given[3] as HelpGiven;
    expect(await codesOf([await match(last.id, last.digits)])).toEqual([CODES.rateLimited]);
    expect((await match(last.id, last.digits, people.jonas)).status).toBe(200);
    now += HOUR + 1;
    expect(await codesOf([await match((given[0] as HelpGiven).id, "000000")])).not.toEqual([CODES.rateLimited]);
  });

  it("across requests at once is bounded alike", async () => {
    const given: HelpGiven[] = [];
    for (const email of [people.noor, people.tomas, people.jonas, ines]) given.push(await ask(email));
    for (let round = 0; round < 3; round++) {
      await Promise.all(given.map(({ id, digits }) => match(id, wrong(digits, round + 1))));
    }
    const { n } = (await db.prepare("SELECT COUNT(*) AS n FROM help_events WHERE event = 'codeWrong'").first()) as {
      n: number;
    };
    expect(n).toBe(10);
  });

  it("is held to the limit a minute, and kept among what was refused", async () => {
    const { id, digits } = await ask();
    const full = { limit: async () => ({ success: false }) } as unknown as RateLimit;
    const limited = await match(id, digits, people.amara, { RATE_LIMITS: "on", RESET_LIMIT: full });
    expect([limited.status, (await errorOf(limited)).code]).toEqual([429, CODES.rateLimited]);
    const one = world();
    await one.as({ email: people.amara }).post(`/api/help/${id}/match`, { code: wrong(digits) });
    await one.settled();
    const { results } = await db.prepare("SELECT action, subject, code FROM refused_attempts").all();
    expect(results).toContainEqual({ action: "match", subject: id, code: CODES.wrongCode });
  });

  it("is no way to make the person's codes without end: twenty an hour, over all their requests", async () => {
    await ask();
    let given = 1;
    for (; given < 30; given++) {
      if (given % 7 === 0) {
        await as(people.noor).post("/api/me/help/cancel");
        if ((await as(people.noor).post("/api/me/help")).status !== 200) break;
      } else if ((await as(people.noor).post("/api/me/help/code")).status !== 200) break;
    }
    expect(given).toBe(20);
    now += HOUR + 1;
    await as(people.noor).post("/api/me/help/cancel");
    expect((await as(people.noor).post("/api/me/help")).status).toBe(200);
  });
});

describe("whoever asks for help does not help themselves", () => {
  const roles = (...resetter: string[]): Settings => ({ ROLES: JSON.stringify({ resetter, viewer: [], auditor: [] }) });

  it.each([
    ["as they are", people.noor, {}],
    ["under another spelling", "Noor.Haddad+admin@NORTHWIND.example", { RESETS_BY_UNMAPPED: "true" }],
    [
      "by another sign-in that the map names",
      "n.haddad@idp.example",
      { USER_MAP: JSON.stringify({ "n.haddad@idp.example": people.noor }) },
    ],
  ])("%s", async (_, email, settings) => {
    const { id, digits } = await ask();
    const response = await match(id, digits, email, { ...roles(email.toLowerCase()), ...settings });
    expect([response.status, (await errorOf(response)).code]).toEqual([403, CODES.self]);
    expect((await seen(id)).code?.triesLeft).toBe(3);
  });

  it("nor by a service token", async () => {
    const { id, digits } = await ask();
    const settings = { ...roles("service:robot"), RESETS_BY_SERVICE_TOKENS: "true" };
    const response = await world(settings)
      .as({ commonName: "robot" })
      .bare("POST", `/api/help/${id}/match`, {
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ code: digits }),
      });
    expect([response.status, (await errorOf(response)).code]).toEqual([403, CODES.serviceToken]);
  });

  it("nor by somebody who is disabled in the workspace, or nobody of it", async () => {
    const { id, digits } = await ask();
    expect(await codesOf([await match(id, digits, "x@idp.example", roles("x@idp.example"))])).toEqual([
      CODES.askerUnknown,
    ]);
    await control("PATCH", `users/${await userId(people.amara)}`, { enabled: false });
    now += 11_000;
    expect(await codesOf([await match(id, digits)])).toEqual([CODES.askerInactive]);
  });
});

describe("two admins at once", () => {
  it("one matches, the other is told", async () => {
    const { id, digits } = await ask();
    const answers = await codesOf(
      await Promise.all([match(id, digits, people.amara), match(id, digits, people.jonas)]),
    );
    expect(new Set(answers)).toEqual(new Set([200, CODES.wrongState]));
    const { helper, events } = await seen(id);
    expect(events.filter(({ event }) => event === "matched").map(({ actor }) => actor)).toEqual([helper?.by]);
  });

  it("and the same one twice is one match", async () => {
    const { id, digits } = await ask();
    const answers = await Promise.all([match(id, digits), match(id, digits)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect((await seen(id)).events.filter(({ event }) => event === "matched")).toHaveLength(1);
  });
});
