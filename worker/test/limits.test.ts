import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { readConfiguration } from "../src/configuration";
import { CODES } from "../src/errors";
import {
  approvals,
  cleanWorld,
  control,
  db,
  errorOf,
  gateway,
  people,
  recordIdOf,
  upstreamLog,
  userId,
} from "./setup/world";

let now: number;

beforeEach(async () => {
  await cleanWorld();
  now = Date.now();
});

/** Ids of users who may be reset by Amara. */
async function eligible(count: number): Promise<string[]> {
  const list = await gateway().as({ email: people.amara }).get("/api/users");
  const { users } = (await list.json()) as { users: { id: string; blocked?: object }[] };
  return users
    .filter((user) => user.blocked === undefined)
    .slice(0, count)
    .map((user) => user.id);
}

/** Longer than any test here counts for. */
const COUNTED_MS = 15_000;

/** The local limit counts by the clock's minute: where little is left of one, the next is waited for. */
async function wholeMinute(): Promise<void> {
  const left = 60_000 - (Date.now() % 60_000);
  if (left < COUNTED_MS) await new Promise((resolve) => setTimeout(resolve, left));
}

describe("the burst limit", () => {
  beforeEach(wholeMinute);

  const limited = { RATE_LIMITS: "on" };

  it("lets ten resets a minute through by default, then answers 429 with Retry-After", async () => {
    const ids = await eligible(11);
    // A person of this test alone: the limit's count outlives a test.
    const ROLES = JSON.stringify({ resetter: ["burst@northwind.example"] });
    const world = gateway({ ...limited, ROLES, RESETS_BY_UNMAPPED: "true" });
    const burst = world.as({ email: "burst@northwind.example" });
    const statuses: number[] = [];
    for (const id of ids) statuses.push((await burst.reset(id)).status);
    expect(statuses).toEqual([...Array(10).fill(200), 429]);
    const refused = await burst.reset(ids[10] as string);
    expect(refused.headers.get("Retry-After")).toBe("60");
    expect(await errorOf(refused)).toMatchObject({ code: CODES.rateLimited, outcome: "refused" });
    expect(await upstreamLog("resetDevice")).toHaveLength(10);
  });

  it("tells whoever was slower of the open reset, not of the limit", async () => {
    const noor = await userId(people.noor);
    // The limit says no while the first is being recorded, as it does among many at once.
    let first: Promise<Response> | undefined;
    const full = {
      limit: async () => {
        if (first !== undefined) return { success: true };
        first = gateway().as({ email: people.jonas }).reset(noor);
        await first;
        return { success: false };
      },
    } as unknown as RateLimit;
    const response = await gateway({ ...limited, RESET_LIMIT: full })
      .as({ email: people.amara })
      .reset(noor);
    expect(response.status).toBe(409);
    expect((await errorOf(response)).recordId).toBe((await first)?.headers.get("X-Reset-Record"));
  });

  it.each([
    ["shows what waits", true],
    ["does not, so that only the records tell", false],
  ])("does not count replays and 409s where Fireblocks %s", async (_, approvalsReadable) => {
    await control("PATCH", "settings", { approvalsReadable });
    const [first, ...others] = (await eligible(10)) as [string, ...string[]];
    const ROLES = JSON.stringify({ resetter: [`replay-${approvalsReadable}@northwind.example`] });
    const person = gateway({ ...limited, ROLES, RESETS_BY_UNMAPPED: "true" }).as({
      email: `replay-${approvalsReadable}@northwind.example`,
    });
    expect((await person.reset(first, "key-1")).status).toBe(200);
    for (let index = 0; index < 12; index++) {
      expect((await person.reset(first, "key-1")).status).toBe(200);
      expect((await person.reset(first)).status).toBe(409);
    }
    const statuses = [];
    for (const other of others) statuses.push((await person.reset(other)).status);
    expect(statuses).toEqual(Array(9).fill(200));
    const [eleventh] = (await eligible(11)).slice(10) as [string];
    expect((await person.reset(eleventh)).status).toBe(429);
  });

  it("is each person's own", async () => {
    const person = gateway(limited).as({ email: people.jonas });
    expect((await person.reset(await userId(people.noor))).status).toBe(200);
  });

  it("for reading answers 429 too", async () => {
    const calls: string[] = [];
    const full = { limit: async ({ key }: { key: string }) => ({ success: calls.push(key) < 3 }) } as RateLimit;
    const amara = gateway({ ...limited, READ_LIMIT: full }).as({ email: people.amara });
    const statuses = [];
    for (let index = 0; index < 4; index++) statuses.push((await amara.get("/api/resets")).status);
    expect(statuses).toEqual([200, 200, 429, 429]);
    // What reads without its body costs as much.
    expect((await amara.request("HEAD", "/api/resets")).status).toBe(429);
    expect(new Set(calls).size).toBe(1);
    expect(calls[0]).not.toContain("@");
  });
});

describe("the daily number", () => {
  it("is 20 for each person by default", () => {
    const checked = readConfiguration({ ...(gateway().env as object), DAILY_RESET_LIMIT: undefined } as never);
    expect(checked.ok && checked.configuration.dailyResetLimit).toBe(20);
  });

  it("lets the twentieth reset of a day through by default, and no more", async () => {
    const [one, two] = (await eligible(2)) as [string, string];
    await db
      .prepare(
        `INSERT INTO resets (id, created_at, updated_at, closed_at, state, open, asked_by, asker_id, asker_kind, role_by,
           user_id, list_age_ms, key_held, binding, upstream_key, attempts)
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 19)
         SELECT printf('r%d', i), ?1, ?1, ?1, 'completed', 0, ?2, 'sub', 'person', 'email', 'u', 0, 0, 'b',
           printf('key%d', i), 1 FROM n`,
      )
      .bind(now, people.amara)
      .run();
    const amara = gateway({ DAILY_RESET_LIMIT: undefined }, { now: () => now }).as({ email: people.amara });
    expect((await amara.reset(one)).status).toBe(200);
    const refused = await amara.reset(two);
    expect(refused.status).toBe(429);
    expect((await errorOf(refused)).code).toBe(CODES.dailyLimit);
  });

  it("is held to, with the time until the next day", async () => {
    const settings = { DAILY_RESET_LIMIT: "2" };
    const noon = Math.floor(now / 86_400_000) * 86_400_000 + 43_200_000;
    const world = gateway(settings, { now: () => noon });
    const amara = world.as({ email: people.amara, notBefore: -86_400, expiresIn: 3 * 86_400 });
    const ids = await eligible(3);
    const statuses = [];
    for (const id of ids) statuses.push((await amara.reset(id)).status);
    expect(statuses).toEqual([200, 200, 429]);
    const refused = await amara.reset(ids[2] as string);
    expect(refused.headers.get("Retry-After")).toBe("43200");
    expect((await errorOf(refused)).code).toBe(CODES.dailyLimit);
    expect(await approvals()).toHaveLength(2);

    const next = gateway(settings, { now: () => noon + 43_200_000 });
    expect((await next.as({ email: people.amara, expiresIn: 3 * 86_400 }).reset(ids[2] as string)).status).toBe(200);
  });

  it("is held to among many at once", async () => {
    const ids = await eligible(12);
    const amara = gateway({ DAILY_RESET_LIMIT: "3" }).as({ email: people.amara });
    const answers = await Promise.all(ids.map((id) => amara.reset(id)));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(3);
    expect(answers.filter((answer) => answer.status === 429)).toHaveLength(9);
    expect(await approvals()).toHaveLength(3);
  });

  it("does not count a request that finds the user's reset open, at the same moment too", async () => {
    const noor = await userId(people.noor);
    const amara = gateway({ DAILY_RESET_LIMIT: "1" }).as({ email: people.amara });
    const answers = await Promise.all([amara.reset(noor), amara.reset(noor), amara.reset(noor)]);
    const accepted = answers.filter(({ status }) => status === 200);
    const refused = answers.filter(({ status }) => status !== 200);
    expect(accepted).toHaveLength(1);
    for (const answer of refused) {
      expect(answer.status).toBe(409);
      const recordId = accepted[0]?.headers.get("X-Reset-Record");
      expect(await errorOf(answer)).toMatchObject({ code: CODES.resetOpen, outcome: "refused", recordId });
    }
  });

  it("does not count the same request again, at the same moment too", async () => {
    const noor = await userId(people.noor);
    await control("POST", "faults", { match: { operation: "resetDevice" }, delayMs: 500 });
    const amara = gateway({ DAILY_RESET_LIMIT: "1" }).as({ email: people.amara });
    const answers = await Promise.all([amara.reset(noor, "key-1"), amara.reset(noor, "key-1")]);
    const [first, again] = answers.toSorted((one, other) => one.status - other.status) as [Response, Response];
    expect([first.status, again.status]).toEqual([200, 409]);
    const recordId = first.headers.get("X-Reset-Record");
    expect(await errorOf(again)).toMatchObject({ code: CODES.keyInFlight, outcome: "unknown", recordId });
    // And once it is answered, the stored answer, though the day's number is used up.
    expect((await amara.reset(noor, "key-1")).headers.get("X-Reset-Replayed")).toBe("true");
  });

  it("leaves another person theirs", async () => {
    const [one, two] = (await eligible(2)) as [string, string];
    const world = gateway({ DAILY_RESET_LIMIT: "1" });
    expect((await world.as({ email: people.amara }).reset(one)).status).toBe(200);
    const second = await userId(people.noor);
    expect((await world.as({ email: people.jonas }).reset(second === one ? two : second)).status).toBe(200);
  });
});

describe("the workspace's number for a day", () => {
  it("is four times the person's by default, and is held to whoever asks", async () => {
    const ids = await eligible(5);
    const ROLES = JSON.stringify({ resetter: Array.from({ length: 5 }, (_, index) => `w${index}@northwind.example`) });
    const world = gateway({ DAILY_RESET_LIMIT: "1", ROLES, RESETS_BY_UNMAPPED: "true" });
    const answers = [];
    for (const [index, id] of ids.entries()) {
      answers.push(await world.as({ email: `w${index}@northwind.example` }).reset(id));
    }
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 429]);
    expect((await errorOf(answers[4] as Response)).code).toBe(CODES.workspaceLimit);
    expect(await approvals()).toHaveLength(4);
  });

  it("is that of the day on which a proposal leaves, too: what was kept up is not released all at once", async () => {
    const jonasId = await userId(people.jonas);
    const ids = (await eligible(6)).filter((id) => id !== jonasId);
    const settings = { REQUIRE_SECOND_PERSON: "true", DAILY_RESET_LIMIT: "2", PROPOSAL_EXPIRES_HOURS: "72" };
    const world = gateway(settings, { now: () => now });
    const [amara, jonas] = [people.amara, people.jonas].map((email) => world.as({ email, expiresIn: 10 * 86_400 }));
    if (amara === undefined || jonas === undefined) throw new Error("nobody");
    const proposals: string[] = [];
    for (const id of ids.slice(0, 4)) {
      if (proposals.length === 2) now += 86_400_000;
      proposals.push(recordIdOf(await amara.reset(id)));
    }
    now += 86_400_000;
    const release = (id = "") => jonas.post(`/api/resets/${id}/release`);
    expect((await release(proposals[0])).status).toBe(200);
    expect((await release(proposals[2])).status).toBe(200);
    const third = await release(proposals[1]);
    expect([third.status, (await errorOf(third)).code]).toEqual([409, CODES.dailyLimit]);
    const asked = await amara.reset(ids[4] ?? "");
    expect([asked.status, (await errorOf(asked)).code]).toEqual([429, CODES.dailyLimit]);
    now += 86_400_000;
    expect((await release(proposals[1])).status).toBe(409);
    expect((await release(proposals[3])).status).toBe(200);
  });

  it("is held to among many that leave at once: by releases, and by the sweep", async () => {
    const jonasId = await userId(people.jonas);
    const ids = (await eligible(9)).filter((id) => id !== jonasId);
    const day = { DAILY_RESET_LIMIT: "2", PROPOSAL_EXPIRES_HOURS: "200" };
    const at = { now: () => now };
    const person = (email: string, settings: object) => gateway(settings, at).as({ email, expiresIn: 20 * 86_400 });
    /** Two on each of two days. */
    const proposed = async (settings: object, from: number) => {
      const proposals: string[] = [];
      for (const id of ids.slice(from, from + 4)) {
        if (proposals.length === 2) now += 86_400_000;
        proposals.push(recordIdOf(await person(people.amara, settings).reset(id)));
      }
      now += 86_400_000;
      return proposals;
    };
    const release = (id: string, settings: object) => person(people.jonas, settings).post(`/api/resets/${id}/release`);

    const both = { ...day, REQUIRE_SECOND_PERSON: "true" };
    const atOnce = await Promise.all((await proposed(both, 0)).map((id) => release(id, both)));
    expect(atOnce.map(({ status }) => status).sort()).toEqual([200, 200, 409, 409]);
    const refused = atOnce.find(({ status }) => status === 409) as Response;
    expect((await errorOf(refused)).code).toBe(CODES.dailyLimit);

    now += 86_400_000;
    const demand = { secondPerson: true, wait: { minutes: 60 } };
    const waits = { ...day, POLICY: JSON.stringify([{ name: "Later", demand }]) };
    for (const id of await proposed(waits, 4)) expect((await release(id, waits)).status).toBe(202);
    now += 61 * 60_000;
    await gateway(waits, at).sweep();
    expect(await approvals()).toHaveLength(4);
  });

  it("is held to among many at once", async () => {
    const ids = await eligible(12);
    const ROLES = JSON.stringify({ resetter: ids.map((_, index) => `w${index}@northwind.example`) });
    const settings = { DAILY_RESET_LIMIT: "1", WORKSPACE_DAILY_RESET_LIMIT: "4", ROLES, RESETS_BY_UNMAPPED: "true" };
    const world = gateway(settings);
    const asked = ids.map((id, index) => world.as({ email: `w${index}@northwind.example` }).reset(id));
    const statuses = (await Promise.all(asked)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(4);
    expect(statuses.filter((status) => status === 429)).toHaveLength(8);
    expect(await approvals()).toHaveLength(4);
  });
});

describe("what is refused asks nothing of Fireblocks", () => {
  beforeEach(wholeMinute);

  const reads = async () => (await upstreamLog()).length;

  it("where the user's reset is open, or the key was used", async () => {
    const noor = await userId(people.noor);
    const world = gateway();
    const amara = world.as({ email: people.amara });
    expect((await amara.reset(noor, "key-1")).status).toBe(200);
    await world.settled();
    const before = await reads();
    for (let index = 0; index < 30; index++) {
      expect((await amara.reset(noor)).status).toBe(409);
      expect((await amara.reset(noor, "key-1")).status).toBe(200);
    }
    expect(await reads()).toBe(before);
  });

  it("over the limit of a minute, also where what was asked for would be refused anyway", async () => {
    const ROLES = JSON.stringify({ resetter: ["refused@northwind.example"] });
    const world = gateway({ RATE_LIMITS: "on", ROLES, RESETS_BY_UNMAPPED: "true" });
    const person = world.as({ email: "refused@northwind.example" });
    const owner = await userId(people.owner);
    for (let index = 0; index < 10; index++) expect((await person.reset(owner)).status).toBe(403);
    const before = await reads();
    for (let index = 0; index < 20; index++) expect((await person.reset(owner)).status).toBe(429);
    expect(await reads()).toBe(before);
  });

  it("past the day's number, where the limit of a minute goes on counting", async () => {
    const [one, two] = (await eligible(2)) as [string, string];
    const ROLES = JSON.stringify({ resetter: ["past@northwind.example"] });
    const world = gateway({ RATE_LIMITS: "on", DAILY_RESET_LIMIT: "1", ROLES, RESETS_BY_UNMAPPED: "true" });
    const person = world.as({ email: "past@northwind.example" });
    expect((await person.reset(one)).status).toBe(200);
    // The look at the reset that was accepted.
    await world.settled();
    const before = await reads();
    const codes = [];
    for (let index = 0; index < 12; index++) codes.push((await errorOf(await person.reset(two))).code);
    expect(codes).toEqual([...Array(9).fill(CODES.dailyLimit), ...Array(3).fill(CODES.rateLimited)]);
    expect(await reads()).toBe(before);
  });

  it.each(["settle", "withdraw"])("nor does %s without end", async (action) => {
    const ROLES = JSON.stringify({ resetter: [`${action}@northwind.example`] });
    const person = gateway({ RATE_LIMITS: "on", ROLES }).as({ email: `${action}@northwind.example` });
    const statuses = [];
    for (let index = 0; index < 12; index++) {
      statuses.push((await person.post(`/api/resets/${crypto.randomUUID()}/${action}`, { reason: "why" })).status);
    }
    expect(statuses).toEqual([...Array(10).fill(404), 429, 429]);
    expect(await upstreamLog()).toEqual([]);
  });

  it("also counts against the limit of all requests", async () => {
    const full = { limit: async () => ({ success: false }) } as RateLimit;
    const amara = gateway({ RATE_LIMITS: "on", READ_LIMIT: full }).as({ email: people.amara });
    const response = await amara.post(`/api/resets/${crypto.randomUUID()}/settle`, { reason: "why" });
    expect(response.status).toBe(429);
  });
});

describe("Fireblocks' own limit", () => {
  const limited = (operation: string, seconds: number, times = 99) =>
    control("POST", "faults", {
      match: { operation },
      times,
      status: 429,
      headers: { "Retry-After": String(seconds) },
      body: "{}",
    });
  const asked = async (operation: string) => (await upstreamLog(operation)).length;

  it("is remembered: lists are shown from what is known, and resets are told when", async () => {
    const world = gateway({}, { now: () => now });
    const amara = world.as({ email: people.amara, expiresIn: 3_600 });
    const noor = await userId(people.noor);
    const { fetchedAt } = (await (await amara.get("/api/users")).json()) as { fetchedAt: number };
    await limited("getConsoleUsers", 60);
    now += 11_000;
    const shown = await amara.get("/api/users");
    expect([shown.status, shown.headers.get("Age")]).toEqual([200, "11"]);
    expect(((await shown.json()) as { fetchedAt: number }).fetchedAt).toBe(fetchedAt);
    const before = await asked("getConsoleUsers");
    for (let index = 0; index < 5; index++) {
      expect((await amara.get("/v1/management/users")).status).toBe(200);
      const refused = await amara.reset(noor);
      expect([refused.status, refused.headers.get("Retry-After")]).toEqual([429, "60"]);
      expect((await errorOf(refused)).outcome).toBe("refused");
    }
    expect(await asked("getConsoleUsers")).toBe(before);
    expect(await upstreamLog("resetDevice")).toEqual([]);

    await control("DELETE", "faults");
    now += 60_001;
    expect((await amara.reset(noor)).status).toBe(200);
  });

  it("is waited for two minutes at most, however long Fireblocks asks for", async () => {
    const world = gateway({}, { now: () => now });
    const amara = world.as({ email: people.amara, expiresIn: 3_600 });
    await limited("getConsoleUsers", 3_600);
    expect((await amara.get("/api/users")).status).toBe(429);
    const again = await amara.get("/api/users");
    expect(again.headers.get("Retry-After")).toBe("120");
    await control("DELETE", "faults");
    now += 120_001;
    expect((await amara.get("/api/users")).status).toBe(200);
  });

  it("for resets is met once: the next is not recorded", async () => {
    const [one, two] = (await eligible(2)) as [string, string];
    const amara = gateway().as({ email: people.amara });
    await limited("resetDevice", 60);
    expect((await amara.reset(one)).status).toBe(429);
    const next = await amara.reset(two);
    expect([next.status, (await errorOf(next)).code]).toEqual([429, CODES.coolDown]);
    expect(next.headers.get("X-Reset-Record")).toBeNull();
    expect(await asked("resetDevice")).toBe(1);
  });

  it("is left to people by the sweep", async () => {
    const world = gateway({}, { now: () => now });
    const amara = world.as({ email: people.amara, expiresIn: 3_600 });
    expect((await amara.reset(await userId(people.noor))).status).toBe(200);
    await limited("getApprovals", 90);
    now += 60_000;
    await world.sweep();
    const before = (await upstreamLog()).length;
    now += 60_000;
    await world.sweep();
    expect((await upstreamLog()).length).toBe(before);
    now += 60_000;
    await world.sweep();
    expect((await upstreamLog()).length).toBeGreaterThan(before);
  });
});

describe("at once", () => {
  it("200 requests for one user give one approval, and 199 name the open record", async () => {
    const noor = await userId(people.noor);
    const amara = gateway().as({ email: people.amara });
    const answers = await Promise.all(Array.from({ length: 200 }, () => amara.reset(noor)));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    const refused = answers.filter((answer) => answer.status === 409);
    expect(refused).toHaveLength(199);
    const [record] = answers
      .filter((answer) => answer.status === 200)
      .map((answer) => answer.headers.get("X-Reset-Record"));
    const named = await Promise.all(refused.map(async (answer) => (await errorOf(answer)).recordId));
    expect(new Set(named)).toEqual(new Set([record]));
    expect(await approvals()).toHaveLength(1);
    expect(await upstreamLog("resetDevice")).toHaveLength(1);
  }, 60_000);

  it("200 requests with one key give one approval", async () => {
    const noor = await userId(people.noor);
    const amara = gateway().as({ email: people.amara });
    const answers = await Promise.all(Array.from({ length: 200 }, () => amara.reset(noor, "one-key")));
    for (const answer of answers) expect([200, 409]).toContain(answer.status);
    const outcomes = await Promise.all(
      answers.filter(({ status }) => status === 409).map(async (answer) => (await errorOf(answer)).outcome),
    );
    // How many come while the first is in flight depends on the machine; none of them is told that nothing was sent.
    expect(outcomes.filter((outcome) => outcome !== "unknown")).toEqual([]);
    const named = answers.map((answer) => answer.headers.get("X-Reset-Record"));
    expect(new Set(named).size).toBe(1);
    expect(await approvals()).toHaveLength(1);
  }, 60_000);

  it("200 requests for 200 users give 200 approvals", async () => {
    const ids = await eligible(200);
    expect(ids).toHaveLength(200);
    const amara = gateway().as({ email: people.amara });
    const answers = await Promise.all(ids.map((id) => amara.reset(id)));
    expect(answers.map((answer) => answer.status)).toEqual(Array(200).fill(200));
    const filed = await approvals();
    expect(filed).toHaveLength(200);
    expect(new Set(filed.map((approval) => approval.userId)).size).toBe(200);
  }, 120_000);
});

it("the bindings that wrangler.jsonc declares are there", () => {
  const bindings = env as unknown as Record<string, unknown>;
  expect(bindings.RESET_LIMIT).toBeDefined();
  expect(bindings.READ_LIMIT).toBeDefined();
});
