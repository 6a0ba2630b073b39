import { createClient } from "fireblocks-reset-device";
import type { HealthReport, UserList } from "fireblocks-reset-device/gateway-api";
import { Webhook } from "standardwebhooks";
import { beforeEach, describe, expect, it } from "vitest";
import { LEASE_MS } from "../src/resets/attempt";
import { cutting, faultyDatabase } from "./setup/faulty-database";
import { Mailbox } from "./setup/mailbox";
import {
  approvals,
  cleanWorld,
  control,
  db,
  elsewhere,
  endlessApprovals,
  gateway,
  people,
  recordIdOf,
  type Settings,
  simulator,
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

const roles = (resetter: string[]) => ({ ROLES: JSON.stringify({ resetter, viewer: [people.priya] }) });
const record = async (id: string) =>
  gateway({}, at)
    .as({ email: people.priya, expiresIn: 90 * 86_400 })
    .record(id);

/** A reset whose attempt never came back. */
async function crashed(
  settings: Settings = {},
  fault: object = { cut: "beforeEffect" },
  token = { email: people.amara },
): Promise<string> {
  const noor = await userId(people.noor);
  await control("POST", "faults", { match: { operation: "resetDevice" }, ...fault });
  const response = await gateway(settings, at).as(token).reset(noor);
  return recordIdOf(response);
}

const sweep = (settings: Settings = {}) => gateway(settings, at).sweep();

describe("what a crash left open", () => {
  it("is left alone while its lease runs", async () => {
    const id = await crashed();
    now += LEASE_MS - 1_000;
    await sweep();
    // Also where it could not be sent again: its answer may still come.
    await sweep(roles([people.jonas]));
    expect(await record(id)).toMatchObject({ state: "sending", attempts: 1 });
  });

  it.each([
    ["before the effect", { cut: "beforeEffect" }, true],
    ["after the effect, where the approvals cannot be read", { cut: "afterEffect" }, false],
  ])("is sent again with the same upstream key: cut %s", async (_, fault, approvalsReadable) => {
    await control("PATCH", "settings", { approvalsReadable });
    const id = await crashed({}, fault);
    now += LEASE_MS + 1_000;
    await sweep();
    const after = await record(id);
    expect(after).toMatchObject({ state: "approvalRequested", outcome: "accepted", attempts: 2, open: true });
    const filed = await approvals();
    expect(filed).toHaveLength(1);
    expect(filed[0]?.idempotencyKey).toBe(after.upstreamKey);
  });

  it("is not sent again where its own request waits already: the record is accepted", async () => {
    const id = await crashed({}, { cut: "afterEffect" });
    now += LEASE_MS + 1_000;
    await sweep();
    const after = await record(id);
    expect(after).toMatchObject({ state: "approvalRequested", outcome: "accepted", attempts: 1, open: true });
    expect(after.events?.find(({ event }) => event === "approvalRequested")?.source).toBe("approvals");
    expect(await upstreamLog("resetDevice")).toHaveLength(1);
    expect(await approvals()).toHaveLength(1);
  });

  it.each([
    ["somebody else's, filed meanwhile", elsewhere],
    [
      "one whose filer cannot be told from another's",
      async () => {
        await elsewhere();
        await control("POST", "faults", { match: { operation: "getAuditLogs" }, times: 9, body: '{"data":[]}' });
      },
    ],
  ])("is not sent again where a request waits that is not provably its own: %s", async (_, file) => {
    const id = await crashed();
    await file();
    const sent = (await upstreamLog("resetDevice")).length;
    now += LEASE_MS + 1_000;
    await sweep();
    expect(await record(id)).toMatchObject({ state: "unknown", outcome: "unknown", attempts: 1, open: true });
    expect(await upstreamLog("resetDevice")).toHaveLength(sent);
    expect(await approvals()).toHaveLength(1);
  });

  it("is not sent again while not all that waits can be read", async () => {
    const id = await crashed();
    now += LEASE_MS + 1_000;
    await gateway({}, { ...at, fetch: endlessApprovals() }).sweep();
    expect(await record(id)).toMatchObject({ state: "sending", attempts: 1 });
    expect(await approvals()).toEqual([]);
  });

  it("is not sent again under another API user, whose idempotency keys are its own", async () => {
    await control("PATCH", "settings", { approvalsReadable: false });
    const id = await crashed({}, { cut: "afterEffect" });
    now += LEASE_MS + 1_000;
    await sweep({ FIREBLOCKS_API_KEY: crypto.randomUUID() });
    const after = await record(id);
    expect(after).toMatchObject({ state: "unknown", attempts: 1 });
    expect(after.events?.at(-1)?.detail?.because).toMatch(/API key/);
    expect(await approvals()).toHaveLength(1);
  });

  it("is not sent again in another workspace", async () => {
    const id = await crashed();
    now += LEASE_MS + 1_000;
    const other = (async (input: RequestInfo | URL, init?: RequestInit) => {
      const request = new Request(input as RequestInfo, init);
      return request.url.endsWith("/workspace") ? Response.json({ id: "another", name: "Another" }) : fetch(request);
    }) as typeof fetch;
    await gateway({}, { ...at, fetch: other }).sweep();
    const after = await record(id);
    expect(after).toMatchObject({ state: "unknown", attempts: 1 });
    expect(after.events?.at(-1)?.detail?.because).toMatch(/workspace/);
    expect(await approvals()).toEqual([]);
  });

  it("is sent again until it is answered, but only within 15 minutes of the request", async () => {
    const id = await crashed({}, { cut: "beforeEffect", times: 99 });
    const asked = now;
    while (now < asked + 20 * MINUTE) {
      now += MINUTE;
      await sweep();
    }
    const after = await record(id);
    expect(after).toMatchObject({ state: "unknown", open: true, outcome: "unknown" });
    const attempts = after.events?.filter(({ event }) => event === "attempt") ?? [];
    expect(attempts.length).toBe(after.attempts);
    expect(attempts.length).toBeGreaterThan(3);
    expect((attempts.at(-1)?.at ?? 0) - asked).toBeLessThanOrEqual(15 * MINUTE);
    expect(after.events?.at(-1)).toMatchObject({
      event: "unknown",
      source: "sweep",
      detail: { because: "too long after the request" },
    });
  });

  it("is not sent again where looking at the users took what was left of the time", async () => {
    const id = await crashed();
    now += 14 * MINUTE;
    const slow = (async (input: RequestInfo | URL, init?: RequestInit) => {
      const request = new Request(input as RequestInfo, init);
      if (request.url.endsWith("/management/users")) now += 2 * MINUTE;
      return fetch(request);
    }) as typeof fetch;
    await gateway({}, { ...at, fetch: slow }).sweep();
    const after = await record(id);
    expect(after).toMatchObject({ state: "unknown", attempts: 1 });
    expect(after.events?.find(({ event }) => event === "unknown")?.detail).toEqual({
      because: "too long after the request",
    });
    expect(await approvals()).toEqual([]);
  });

  it("is sent again within the time that is set", async () => {
    const id = await crashed();
    now += 30 * MINUTE;
    await sweep({ RESEND_WITHIN_MINUTES: "60" });
    expect((await record(id)).state).toBe("approvalRequested");
  });

  it.each([
    ["the asker has lost the role", roles([people.jonas])],
    ["the asker's console user is not known any more", { USER_MAP: "{}", ROLES: "" }],
  ])("is not sent again where %s", async (what, settings) => {
    const id = await crashed();
    if ("USER_MAP" in settings) {
      await control("PATCH", `users/${await userId(people.amara)}`, { email: "someone.else@northwind.example" });
    }
    now += LEASE_MS + 1_000;
    await sweep("USER_MAP" in settings ? {} : settings);
    expect(await record(id), what).toMatchObject({ state: "unknown", attempts: 1, open: true });
    expect(await approvals()).toEqual([]);
  });

  it("is not sent again where the user is not eligible any more", async () => {
    const id = await crashed();
    await control("PATCH", `users/${await userId(people.noor)}`, { enabled: false });
    now += LEASE_MS + 1_000;
    await sweep();
    expect(await record(id)).toMatchObject({ state: "unknown", attempts: 1 });
    expect(await approvals()).toEqual([]);
  });

  it("is not sent again where whoever released it was disabled since", async () => {
    const settings = { REQUIRE_SECOND_PERSON: "true" };
    const id = recordIdOf(
      await gateway(settings, at)
        .as({ email: people.amara })
        .reset(await userId(people.noor)),
    );
    await control("POST", "faults", { match: { operation: "resetDevice" }, cut: "beforeEffect" });
    await gateway(settings, at).as({ email: people.jonas }).post(`/api/resets/${id}/release`);
    await control("PATCH", `users/${await userId(people.jonas)}`, { enabled: false });
    now += LEASE_MS + 1_000;
    await sweep(settings);
    const after = await record(id);
    expect(after).toMatchObject({ state: "unknown", attempts: 1 });
    expect(after.events?.at(-1)?.detail?.because).toMatch(/jonas.weber.* is disabled/);
  });

  it("is not sent again for a role by group, which cannot be looked up without the person", async () => {
    const settings = { ROLES: JSON.stringify({ resetter: ["group:Admins"] }), ACCESS_GROUPS: "claim:groups" };
    const token = { email: people.amara, custom: { groups: ["Admins"] } };
    const id = await crashed(settings, { cut: "beforeEffect" }, token);
    now += LEASE_MS + 1_000;
    await sweep(settings);
    expect((await record(id)).state).toBe("unknown");
  });

  it("is not sent again where an answer was recorded, whatever it was", async () => {
    const id = await crashed({}, { status: 503 });
    now += LEASE_MS + 1_000;
    await sweep();
    expect(await record(id)).toMatchObject({ state: "unknown", attempts: 1 });
    expect(await upstreamLog("resetDevice")).toHaveLength(1);
  });

  it.each([
    ["429", { status: 429, body: "{}" }],
    ["401", { status: 401, body: '{"message":"expired","code":-7}' }],
  ])("is not sent again after %s, an answer that says nothing of the first attempt", async (_, fault) => {
    await control("PATCH", "settings", { approvalsReadable: false });
    const id = await crashed({}, { cut: "afterEffect" });
    await control("POST", "faults", { match: { operation: "resetDevice" }, ...fault });
    for (let run = 0; run < 3; run++) {
      now += LEASE_MS + 1_000;
      await sweep();
    }
    expect(await record(id)).toMatchObject({ state: "unknown", open: true, outcome: "unknown", attempts: 2 });
    expect(await approvals()).toHaveLength(1);
  });

  it("is unknown after a refusal, since the first attempt may have been accepted", async () => {
    await control("PATCH", "settings", { approvalsReadable: false });
    const id = await crashed({}, { cut: "afterEffect" });
    await control("POST", "faults", { match: { operation: "resetDevice" }, status: 403, body: "{}" });
    now += LEASE_MS + 1_000;
    await sweep();
    expect(await record(id)).toMatchObject({ state: "unknown", open: true, outcome: "unknown" });
    expect(await approvals()).toHaveLength(1);
  });

  it("is not sent again where the second person has lost the role", async () => {
    const both = { REQUIRE_SECOND_PERSON: "true" };
    const noor = await userId(people.noor);
    const id = recordIdOf(await gateway(both, at).as({ email: people.amara }).reset(noor));
    await control("POST", "faults", { match: { operation: "resetDevice" }, cut: "beforeEffect" });
    await gateway(both, at).as({ email: people.jonas }).post(`/api/resets/${id}/release`);
    now += LEASE_MS + 1_000;
    await sweep({ ...both, ...roles([people.amara, people.eli]) });
    expect(await record(id)).toMatchObject({ state: "unknown", attempts: 1 });
    expect(await approvals()).toEqual([]);
  });

  it("waits while resets are paused", async () => {
    const id = await crashed();
    now += LEASE_MS + 1_000;
    const before = (await upstreamLog("resetDevice")).length;
    await sweep({ RESETS_PAUSED: "true" });
    expect(await record(id)).toMatchObject({ state: "sending", attempts: 1 });
    expect(await upstreamLog("resetDevice")).toHaveLength(before);
  });
});

describe("after a gap", () => {
  /** The sweep has run, and then not for a while; or the database was restored to when it had. */
  const mark = (time: number) => db.prepare("UPDATE sweep_mark SET at = ?").bind(time).run();

  it("nothing is sent that was asked for before it, also not by a later run", async () => {
    await control("PATCH", "settings", { approvalsReadable: false });
    const id = await crashed();
    await mark(now + 1_000);
    now += 12 * MINUTE;
    // The first run cannot finish it: only the second looks at it.
    await gateway({ DB: faultyDatabase(db, cutting(/state = 'sending' AND lease/, "before")) }, at).sweep();
    expect((await record(id)).state).toBe("sending");
    now += MINUTE;
    await sweep();
    const after = await record(id);
    expect(after).toMatchObject({ state: "unknown", attempts: 1 });
    expect(after.events?.at(-1)?.detail?.because).toMatch(/had stopped/);
    expect(await approvals()).toEqual([]);
  });

  it("what was asked for since is sent as ever", async () => {
    await mark(now - 1_000);
    const id = await crashed();
    now += 12 * MINUTE;
    await sweep();
    expect((await record(id)).state).toBe("approvalRequested");
  });

  it("resets are paused where a request of this worker's own waits that has no record, and it says which", async () => {
    const noor = await userId(people.noor);
    await gateway({}, at).as({ email: people.amara }).reset(noor);
    const [approval] = await approvals();
    await forget();
    await mark(now);
    now += 12 * MINUTE;
    await sweep();
    const pause = await db.prepare("SELECT by, reason FROM pauses WHERE ended_at IS NULL").first<{ reason: string }>();
    expect(pause).toMatchObject({ by: "sweep", reason: expect.stringContaining(approval?.id ?? "none") });
    expect(pause?.reason).toContain(noor);
  });

  it("they are paused by a later run where Fireblocks could not be asked in the first", async () => {
    const noor = await userId(people.noor);
    await gateway({}, at).as({ email: people.amara }).reset(noor);
    await forget();
    await mark(now);
    now += 12 * MINUTE;
    await control("POST", "faults", { match: { operation: "getApprovals" }, status: 503, times: 4 });
    await sweep();
    expect(await db.prepare("SELECT * FROM pauses").first()).toBeNull();
    await control("DELETE", "faults");
    now += MINUTE;
    await sweep();
    expect((await db.prepare("SELECT reason FROM pauses").first<{ reason: string }>())?.reason).toContain(noor);
    // And once it was looked, not again by each.
    await db.prepare("UPDATE pauses SET ended_at = ?, ended_by = 'x'").bind(now).run();
    now += MINUTE;
    await sweep();
    expect(await db.prepare("SELECT * FROM pauses WHERE ended_at IS NULL").first()).toBeNull();
  });

  it.each([
    ["each request of its own has its record", async () => void (await crashed({}, { cut: "afterEffect" }))],
    ["a request waits that somebody else filed", elsewhere],
    [
      "a request of its own has a record by a clock that goes a little before",
      async () => {
        now += 30_000;
        await gateway({}, at)
          .as({ email: people.amara })
          .reset(await userId(people.noor));
      },
    ],
  ])("resets are not paused where %s", async (_, happen) => {
    await happen();
    await mark(now);
    now += 12 * MINUTE;
    await sweep();
    expect(await db.prepare("SELECT * FROM pauses").first()).toBeNull();
  });

  it("nothing is looked for where there was none", async () => {
    await gateway({}, at)
      .as({ email: people.amara })
      .reset(await userId(people.noor));
    await forget();
    await mark(now);
    now += 9 * MINUTE;
    await sweep();
    expect(await db.prepare("SELECT * FROM pauses").first()).toBeNull();
  });

  /** The record is lost, as by a restore. */
  async function forget(): Promise<void> {
    await db.prepare("DROP TRIGGER resets_no_delete").run();
    await db.prepare("DROP TRIGGER events_no_delete").run();
    for (const table of ["outbox", "events", "resets"]) await db.prepare(`DELETE FROM ${table}`).run();
  }
});

it("one run with each step full takes half of what the platform allows, in D1 and in requests", async () => {
  const amara = gateway({}, at).as({ email: people.amara });
  const { users: listed } = (await (await amara.get("/api/users")).json()) as UserList;
  // Those first whose resets can be sent: that costs the most.
  const users = listed.toSorted((a, b) => Number(a.blocked !== undefined) - Number(b.blocked !== undefined));
  await amara.reset(users[99]?.id ?? "");
  const own = await db.prepare("SELECT sent_as, workspace_id FROM resets").first<{ sent_as: string }>();
  const fill = (state: string, from: number, count: number, columns: object) =>
    db.batch(
      users.slice(from, from + count).map(({ id }, index) => {
        const row = {
          ...{ id: `${state}-${index}`, created_at: now, updated_at: now, state, open: 1, asked_by: people.amara },
          ...{ asker_id: "x", asker_kind: "person", role_by: "email", user_id: id, list_age_ms: 0, key_held: 0 },
          ...{ binding: "b", upstream_key: `${state}-${index}`, attempts: 1, requested_at: now, ...columns },
        };
        const names = Object.keys(row);
        return db
          .prepare(`INSERT INTO resets (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})`)
          .bind(...Object.values(row));
      }),
    );
  const entry = { role_entry: people.amara, told: "notTold", told_at: now };
  const proofs = JSON.stringify([{ proof: "other", text: "Video call", at: now, by: people.amara }]);
  await fill("waiting", 0, 30, { ...entry, proofs, attempts: 0, requested_at: null, leaves_at: now + 1 });
  await fill("sending", 30, 60, { ...entry, ...own, lease_until: now + 1 });
  await fill("proposed", 100, 60, { attempts: 0, proposal_expires_at: now + 1 });
  // At half of their time, so that whoever is awaited is reminded.
  await fill("approvalRequested", 160, 150, { answered_at: now - MINUTE, request_expires_at: now + 5 * MINUTE });
  await db
    .prepare(
      `INSERT INTO help_requests (id, version, created_at, updated_at, expires_at, state, open, user_id, person, person_id,
         code_number, tries_left)
       WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30)
       SELECT printf('h%d', i), 0, ?1, ?1, ?1 + 1, 'open', 1, printf('u%d', i), 'x@example.com', 'x', 0, 3 FROM n`,
    )
    .bind(now)
    .run();
  // Those whose wait hangs on a mail that is refused for good, and as many messages for a destination that was taken away.
  await fill("untold", 310, 30, {
    state: "waiting",
    proofs,
    attempts: 0,
    requested_at: null,
    role_entry: people.amara,
  });
  await fill("contested", 340, 10, { state: "approvalRequested", contested_at: now, approval_request_id: "w-0" });
  await db
    .prepare(
      `INSERT INTO outbox (id, reset_id, destination, created_at, next_attempt_at, body)
       WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 29)
       SELECT printf('person%d', i), printf('untold-%d', i), 'person', ?1, ?1, '{"to":"x@example.com"}' FROM n
       UNION ALL SELECT printf('gone%d', i), printf('proposed-%d', i), 'gone', ?1 - 4 * 86400000, ?1, '{}' FROM n`,
    )
    .bind(now)
    .run();
  now += 2 * MINUTE;
  let statements = 0;
  let requests = 0;
  const counting = faultyDatabase(db, (sql) => {
    statements += sql.split(";\n").length;
    return undefined;
  });
  let waiting: string[] = [];
  const itemOf = (userId: string, index: number) => ({
    requestPayload: JSON.stringify({
      requestId: `w-${index}`,
      requestType: "RE_ENROLL_DEVICE",
      requestTimestamp: now,
      userId,
    }),
    quorumStatus: { requestStatus: "PENDING" },
  });
  const fetchCounted = (async (input: RequestInfo | URL, init?: RequestInit) => {
    requests++;
    const request = new Request(input as RequestInfo, init);
    const { pathname, searchParams } = new URL(request.url);
    // Nobody takes it, which costs a write more than if it were taken.
    if (request.url.startsWith("https://hook")) return new Response(null, { status: 500 });
    if (!pathname.endsWith("/approvals") || waiting.length === 0) return fetch(request);
    const page = Number(searchParams.get("pageCursor") ?? 0);
    const data = waiting.map(itemOf).slice(page * 30, page * 30 + 30);
    return Response.json({ data, ...((page + 1) * 30 < waiting.length && { next: String(page + 1) }) });
  }) as typeof fetch;
  const hook = { NOTIFY_URL: "https://hook.example", NOTIFY_SECRET: `whsec_${btoa("x".repeat(24))}` };
  const mailbox = new Mailbox();
  mailbox.failure = Object.assign(new Error("not taken"), { code: "E_RECIPIENT_SUPPRESSED" });
  const settings = { ...hook, ...mailbox.settings, DB: counting, RETENTION_DAYS: "90" };
  const run = gateway(settings, { ...at, fetch: fetchCounted });
  await run.sweep();
  const done = run.log.find(({ event }) => event === "sweep");
  const full = {
    finished: 15,
    departed: 10,
    contested: 5,
    expiredProposals: 10,
    expiredHelp: 10,
    followed: 60,
    reminded: 10,
  };
  expect(done).toMatchObject(full);
  expect(await upstreamLog("resetDevice")).toHaveLength(1 + full.finished + full.departed);
  const givenUp = await db.prepare("SELECT destination FROM outbox WHERE given_up_at IS NOT NULL").all();
  expect(new Set(givenUp.results.map(({ destination }) => destination))).toEqual(new Set(["person", "gone"]));
  expect(statements).toBeLessThanOrEqual(500);
  expect(requests).toBeLessThanOrEqual(500);

  // And once more after a gap, with as many requests that have no record as are read: no list of them costs a look each.
  now += 12 * MINUTE;
  waiting = users.slice(0, 300).map(({ id }) => id);
  statements = 0;
  requests = 0;
  await run.sweep();
  expect(run.log.find(({ event }) => event === "forgottenNotLookedUp")?.count).toBeGreaterThan(0);
  expect(statements).toBeGreaterThan(150);
  expect(statements).toBeLessThanOrEqual(500);
  expect(requests).toBeGreaterThan(20);
  expect(requests).toBeLessThanOrEqual(500);
});

describe("open resets are followed", () => {
  const open = async (email = people.noor) =>
    recordIdOf(
      await gateway({}, at)
        .as({ email: people.amara })
        .reset(await userId(email)),
    );
  const states = async (id: string) => (await record(id)).events?.map(({ event, source }) => `${event} by ${source}`);

  /** Time passes, so that the next look is a new one. */
  async function look(settings: Settings = {}) {
    now += 11_000;
    await sweep(settings);
  }

  it("also behind many of another workspace's, which this one tells nothing of", async () => {
    const others = Array.from({ length: 70 }, (_, index) => {
      const row = {
        ...{ id: `0-${index}`, created_at: now, updated_at: now, state: "approvalRequested", open: 1, attempts: 1 },
        ...{ asked_by: people.amara, asker_id: "x", asker_kind: "person", role_by: "email", user_id: `u-${index}` },
        ...{ list_age_ms: 0, key_held: 0, binding: "b", upstream_key: `other-${index}`, requested_at: now },
        workspace_id: "another",
      };
      const names = Object.keys(row);
      return db
        .prepare(`INSERT INTO resets (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})`)
        .bind(...Object.values(row));
    });
    await db.batch(others);
    const id = await open();
    await look();
    await look();
    expect(await record(id)).toMatchObject({ approvals: { current: 0 } });
  });

  it("to its failure in Fireblocks, which is final and frees the user", async () => {
    const id = await open();
    await look();
    const [approval] = await approvals();
    await control("POST", `approvals/${approval?.id}/fail`);
    await waitForRealTime();
    await look();
    expect(await record(id)).toMatchObject({ state: "failed", open: false });
    const again = await gateway({}, at)
      .as({ email: people.amara, expiresIn: 3_600 })
      .reset(await userId(people.noor));
    expect(again.status).toBe(200);
  });

  it("from the approval to the new device", async () => {
    const id = await open();
    const noor = await userId(people.noor);
    await look();
    expect(await record(id)).toMatchObject({ state: "approvalRequested", approvals: { current: 0 } });

    const [approval] = await approvals();
    await control("PATCH", "settings", { pairAfterSeconds: null, setupAfterSeconds: null });
    for (let index = 0; index < 5; index++) {
      await control("POST", `approvals/${approval?.id}/approve`).catch(() => undefined);
    }
    await waitForRealTime();
    await look();
    expect(["approved", "awaitingPairing"]).toContain((await record(id)).state);
    await control("POST", `users/${noor}/advance`);
    await look();
    expect((await record(id)).state).toBe("awaitingSetup");
    await control("POST", `users/${noor}/advance`);
    await look();
    const done = await record(id);
    expect(done).toMatchObject({ state: "completed", open: false });
    expect(await states(id)).toContain("completed by userStatus");
    // And the user may be reset again.
    expect((await gateway({}, at).as({ email: people.amara, expiresIn: 3_600 }).reset(noor)).status).toBe(200);
  });

  it.each([
    ["reject", "rejected"],
    ["cancel", "cancelled"],
  ])("to the end that %s makes", async (ending, state) => {
    const id = await open();
    await look();
    const [approval] = await approvals();
    await control("POST", `approvals/${approval?.id}/${ending}`);
    await waitForRealTime();
    await look();
    expect(await record(id)).toMatchObject({ state, evidence: "proven", open: false });
  });

  it("to an end before the first look, once the log can be missing nothing", async () => {
    const id = await open();
    const [approval] = await approvals();
    await control("POST", `approvals/${approval?.id}/reject`);
    await waitForRealTime();
    await look();
    expect((await record(id)).state).toBe("approvalRequested");
    now += 3 * MINUTE;
    await look();
    expect(await record(id)).toMatchObject({ state: "rejected", evidence: "proven", open: false });
    expect(await states(id)).toContain("rejected by auditLog");
  });

  it.each([
    ["closes a record as suggested where the approvals cannot be read", false],
    ["closes no record where they can, and the request was never found", true],
  ])("by a walk that %s", async (_, approvalsReadable) => {
    await control("PATCH", "settings", { approvalsReadable, pairAfterSeconds: null, setupAfterSeconds: null });
    const id = await open();
    const noor = await userId(people.noor);
    const [approval] = await approvals();
    for (let index = 0; index < 5; index++) {
      await control("POST", `approvals/${approval?.id}/approve`).catch(() => undefined);
    }
    await look();
    for (let index = 0; index < 2; index++) {
      await control("POST", `users/${noor}/advance`);
      await look();
    }
    const after = await record(id);
    expect(after.open).toBe(approvalsReadable);
    expect(after.state === "completed").toBe(!approvalsReadable);
    if (!approvalsReadable) expect(after.evidence).toBe("suggested");
  });

  it("with audit rows proving nothing while another reset is open", async () => {
    await control("PATCH", "settings", { approvalsReadable: false });
    const one = await open(people.noor);
    await open(people.jonas);
    const [approval] = (await approvals()).filter((each) => each.status === "PENDING").slice(-1);
    await control("POST", `approvals/${approval?.id}/reject`);
    await waitForRealTime();
    await look();
    expect((await record(one)).state).toBe("approvalRequested");
  });

  it("with audit rows proving nothing where more approvals wait than are read", async () => {
    const id = await open();
    await look();
    const [approval] = await approvals();
    await control("POST", `approvals/${approval?.id}/reject`);
    await waitForRealTime();
    now += 11_000;
    await gateway({}, { ...at, fetch: endlessApprovals() }).sweep();
    expect((await record(id)).state).toBe("approvalRequested");
    await look();
    expect(await record(id)).toMatchObject({ state: "rejected", open: false });
    expect(await states(id)).toContain("rejected by approvals");
  });

  it("to the end of a request that ran out, which the list of those that wait forgets", async () => {
    const id = await open();
    await look();
    const [approval] = await approvals();
    await control("POST", `approvals/${approval?.id}/expire`);
    await look();
    expect(await record(id)).toMatchObject({ state: "expired", open: false });
    expect(await states(id)).toContain("expired by approvals");
  });

  it("with a bounded number of looks at requests that wait no more, each in its turn", async () => {
    const amara = gateway({}, at).as({ email: people.amara });
    const { users } = (await (await amara.get("/api/users")).json()) as { users: { id: string; blocked?: object }[] };
    for (const user of users.filter(({ blocked }) => blocked === undefined).slice(0, 15)) await amara.reset(user.id);
    await look();
    for (const { id } of await approvals()) await control("POST", `approvals/${id}/expire`);
    await control("POST", "faults", { match: { operation: "getApproval" }, times: 99, status: 500 });
    for (const seen of [10, 20]) {
      now += MINUTE;
      await sweep();
      expect(await upstreamLog("getApproval")).toHaveLength(seen);
    }
    expect(new Set((await upstreamLog("getApproval")).map(({ target }) => target)).size).toBe(15);
  });

  it("with audit rows proving nothing once another reset was seen, filed by other means", async () => {
    const id = await open();
    const { basePath, apiKey, secretKey } = simulator;
    await (await createClient({ basePath, apiKey, secretKey })).resetDevice(await userId(people.jonas));
    await look();
    const latched = () => db.prepare("SELECT other_resets_open FROM resets WHERE id = ?").bind(id).first();
    expect(await latched()).toEqual({ other_resets_open: 1 });
    const [foreign] = await approvals(await userId(people.jonas));
    await control("POST", `approvals/${foreign?.id}/reject`);
    // All rows of resets; whether one was made elsewhere is looked for among the requests alone.
    const readWhole = async () =>
      (await upstreamLog("getAuditLogs")).filter(({ target }) => !target.includes("event="));
    const before = (await readWhole()).length;
    await look();
    expect(await latched()).toEqual({ other_resets_open: 1 });
    expect(await readWhole()).toHaveLength(before);
    expect((await record(id)).state).toBe("approvalRequested");
  });

  it("with a bounded number of calls, however many are open", async () => {
    const amara = gateway({}, at).as({ email: people.amara });
    const { users } = (await (await amara.get("/api/users")).json()) as { users: { id: string; blocked?: object }[] };
    const eligible = users.filter((user) => user.blocked === undefined).slice(0, 60);
    for (const user of eligible) expect((await amara.reset(user.id)).status).toBe(200);
    const calls = async () => (await upstreamLog()).length;
    now += 11_000;
    const before = await calls();
    await sweep();
    expect((await calls()) - before).toBeLessThanOrEqual(1 + 10 + 4);
  });

  it("by what was seen last, and not by an older list of users in another isolate", async () => {
    const id = await open();
    const [warm, cold] = [gateway({}, at), gateway({}, at)];
    await warm.sweep();
    await control("PATCH", "settings", { pairAfterSeconds: null });
    const [approval] = await approvals();
    await control("POST", `approvals/${approval?.id}/approve`);
    now += 1_000;
    await cold.sweep();
    const seen = await states(id);
    expect((await record(id)).state).toBe("awaitingPairing");
    now += 1_000;
    await warm.sweep();
    expect([(await record(id)).state, await states(id)]).toEqual(["awaitingPairing", seen]);
  });

  it("by whichever of two runs has seen more, where one writes in between", async () => {
    await control("POST", "faults", { match: { operation: "resetDevice" }, status: 500, effect: true });
    const id = await open();
    await control("PATCH", "settings", { pairAfterSeconds: null });
    const wire = cutting(/UPDATE resets SET .*observed_state/, async () => {
      const [approval] = await approvals();
      await control("POST", `approvals/${approval?.id}/approve`);
      now += 1_000;
      await sweep();
    });
    now += 11_000;
    await gateway({ DB: faultyDatabase(db, wire) }, at).sweep();
    const observed = (await record(id)).events?.filter(({ event }) => event === "observed") ?? [];
    expect(observed.map(({ detail }) => detail?.state)).toEqual(["awaitingPairing"]);
  });

  it("but what is unknown stays so for a person, with what was seen beside it", async () => {
    const noor = await userId(people.noor);
    await control("POST", "faults", { match: { operation: "resetDevice" }, status: 500, effect: true });
    const id = recordIdOf(await gateway({}, at).as({ email: people.amara }).reset(noor));
    await look();
    await look();
    const after = await record(id);
    expect(after).toMatchObject({ state: "unknown", open: true });
    const seen = after.events?.filter(({ event }) => event === "observed") ?? [];
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ source: "approvals", detail: { state: "approvalRequested" } });
  });
});

describe("what is observed of an unknown record", () => {
  async function unknown(): Promise<string> {
    const noor = await userId(people.noor);
    await control("POST", "faults", { match: { operation: "resetDevice" }, status: 500, effect: true });
    return recordIdOf(await gateway({}, at).as({ email: people.amara }).reset(noor));
  }
  async function look() {
    now += 11_000;
    await sweep();
  }
  const observed = async (id: string) =>
    (await record(id)).events?.filter(({ event }) => event === "observed").map(({ detail }) => detail?.state);

  it("is told once, however often it is looked at", async () => {
    const id = await unknown();
    for (let index = 0; index < 3; index++) await look();
    expect(await observed(id)).toEqual(["approvalRequested"]);
    await control("PATCH", "settings", { pairAfterSeconds: null, setupAfterSeconds: null });
    const [approval] = await approvals();
    await control("POST", `approvals/${approval?.id}/approve`);
    for (let index = 0; index < 5; index++) await look();
    const told = await observed(id);
    expect(told?.length).toBeLessThanOrEqual(3);
    expect(new Set(told).size).toBe(told?.length);
    expect(["approved", "awaitingPairing"]).toContain(told?.at(-1));
    expect((await record(id)).state).toBe("unknown");
  });

  it("is told where the audit log alone tells of an end", async () => {
    await control("PATCH", "settings", { approvalsReadable: false });
    const id = await unknown();
    const [approval] = await approvals();
    await control("POST", `approvals/${approval?.id}/reject`);
    await waitForRealTime();
    // A row may come late: none can be missing any more.
    now += 3 * MINUTE;
    for (let index = 0; index < 3; index++) await look();
    expect(await observed(id)).toEqual(["rejected"]);
    expect(await record(id)).toMatchObject({ state: "unknown", open: true });
  });
});

describe("notifications", () => {
  const secret = `whsec_${btoa("0123456789abcdef0123456789abcdef")}`;
  const url = "https://hooks.example/resets";
  const settings = { NOTIFY_URL: url, NOTIFY_SECRET: secret };

  function receiver(answer: () => Response = () => new Response()) {
    const taken: { headers: Record<string, string>; body: string }[] = [];
    const receive = (async (input: RequestInfo | URL, init?: RequestInit) => {
      const request = new Request(input as RequestInfo, init);
      if (request.url !== url) return fetch(request);
      taken.push({ headers: Object.fromEntries(request.headers), body: await request.text() });
      return answer();
    }) as typeof fetch;
    return { taken, options: { ...at, fetch: receive } };
  }

  it("that wait for a destination which was taken away are kept three days, and then leave an event", async () => {
    const id = recordIdOf(
      await gateway({ NOTIFY_URL: "https://hook.example", NOTIFY_SECRET: secret }, at)
        .as({ email: people.amara })
        .reset(await userId(people.noor)),
    );
    const waiting = () => db.prepare("SELECT body, given_up_at FROM outbox ORDER BY id").all<{ body: string }>();
    const health = async () =>
      (await (
        await gateway({}, at)
          .as({ email: people.priya, expiresIn: 9 * 86_400 })
          .get("/api/health")
      ).json()) as HealthReport;
    now += 2 * 86_400_000;
    await sweep();
    expect((await waiting()).results.every(({ body }) => body.includes(people.noor))).toBe(true);
    const told = await health();
    expect([told.status, told.checks.notifications?.ok]).toEqual(["up", false]);
    expect(told.checks.notifications?.problem).toMatch(/NOTIFY_URL/);

    now += 86_400_000 + 1_000;
    await sweep();
    expect((await waiting()).results.every(({ body }) => body === "")).toBe(true);
    const gone = (await record(id)).events?.filter(({ event }) => event === "notTold");
    expect(gone?.length).toBe((await waiting()).results.length);
    expect((await health()).checks.notifications).toBeUndefined();
  });

  it("tell each change of state, signed as Standard Webhooks has it", async () => {
    const { taken, options } = receiver();
    const response = await gateway(settings, options)
      .as({ email: people.amara })
      .reset(await userId(people.noor));
    now += 1_000;
    await gateway(settings, options).sweep();
    expect(taken.map(({ body }) => JSON.parse(body).type)).toEqual(["reset.sending", "reset.approvalRequested"]);
    for (const { headers, body } of taken) {
      const told = new Webhook(secret).verify(body, headers) as { data: object };
      expect(told.data).toMatchObject({
        recordId: recordIdOf(response),
        user: { email: people.noor, name: "Noor Haddad", id: await userId(people.noor) },
        askedBy: people.amara,
        environment: "local",
      });
    }
    await gateway(settings, options).sweep();
    expect(taken).toHaveLength(2);
  });

  it("are tried again with pauses, and given up at last", async () => {
    const { taken, options } = receiver(() => new Response("no", { status: 500 }));
    await gateway(settings, options)
      .as({ email: people.amara })
      .reset(await userId(people.noor));
    await db.prepare("DELETE FROM outbox WHERE body LIKE '%reset.sending%'").run();
    await db.prepare("UPDATE resets SET open = 0, closed_at = ? WHERE open = 1").bind(Date.now()).run();
    const dueAt = () =>
      db.prepare("SELECT next_attempt_at FROM outbox WHERE given_up_at IS NULL").first<number>("next_attempt_at");
    const tries: number[] = [];
    for (let at = await dueAt(); at !== null; at = await dueAt()) {
      now = at - 1;
      await gateway(settings, options).sweep();
      expect(taken).toHaveLength(tries.length);
      now = at;
      await gateway(settings, options).sweep();
      tries.push(at);
      expect(taken).toHaveLength(tries.length);
    }
    expect(tries.length).toBe(10);
    expect((tries.at(-1) ?? 0) - (tries[0] ?? 0)).toBeGreaterThan(2 * 24 * 60 * MINUTE);
    expect(new Set(taken.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    const left = await db.prepare("SELECT given_up_at IS NOT NULL AS given_up FROM outbox").all();
    expect(left.results).toEqual([{ given_up: 1 }]);
  });

  it("are each delivered and counted by themselves", async () => {
    const { taken, options } = receiver();
    await gateway(settings, options)
      .as({ email: people.amara })
      .reset(await userId(people.noor));
    now += 1_000;
    const faulty = faultyDatabase(db, cutting(/UPDATE outbox SET next_attempt_at = \?, attempts/, "before"));
    const world = gateway({ ...settings, DB: faulty }, options);
    await world.sweep();
    expect(taken).toHaveLength(1);
    expect(world.log.find(({ event }) => event === "sweep")).toMatchObject({ notified: 1 });
    expect(world.log.find(({ event }) => event === "notificationNotWrittenDown")).toMatchObject({ level: "error" });
    await gateway(settings, options).sweep();
    expect(taken).toHaveLength(2);
  });

  it("are not sent by two sweeps at once", async () => {
    const { taken, options } = receiver();
    await gateway(settings, options)
      .as({ email: people.amara })
      .reset(await userId(people.noor));
    await Promise.all([gateway(settings, options).sweep(), gateway(settings, options).sweep()]);
    expect(new Set(taken.map(({ headers }) => headers["webhook-id"])).size).toBe(taken.length);
  });

  it("go nowhere where none are set", async () => {
    await gateway({}, at)
      .as({ email: people.amara })
      .reset(await userId(people.noor));
    expect((await db.prepare("SELECT * FROM outbox").all()).results).toEqual([]);
  });
});

describe("retention", () => {
  it("removes closed records past the age, and no others", async () => {
    const amara = gateway({}, at).as({ email: people.amara });
    await control("POST", "faults", { match: { operation: "resetDevice" }, status: 404 });
    const young = recordIdOf(await amara.reset(await userId(people.noor)));
    const open = recordIdOf(await amara.reset(await userId(people.noor)));
    const old = await closedLongAgo(91);
    await sweep({ RETENTION_DAYS: "100" });
    expect(await record(old)).toBeDefined();
    await sweep({ RETENTION_DAYS: "90" });
    await expect(record(old)).rejects.toThrow("404");
    expect((await record(young)).open).toBe(false);
    expect((await record(open)).open).toBe(true);
    const left = await db.prepare("SELECT COUNT(*) AS n FROM events WHERE reset_id = ?").bind(old).first();
    expect(left).toEqual({ n: 0 });
  });

  it("removes notifications a month after they were taken or given up, and none that are still to be told", async () => {
    const then = now - 31 * 86_400_000;
    const message = db.prepare(
      `INSERT INTO outbox (id, reset_id, created_at, next_attempt_at, delivered_at, given_up_at, body)
       VALUES (?1, 'r', ?2, ?2, ?3, ?4, '{}')`,
    );
    await db.batch([
      message.bind("taken", then, then, null),
      message.bind("given up", then, null, then),
      message.bind("waiting", then, null, null),
      message.bind("young", now, now, null),
    ]);
    // There is a destination, which does not answer.
    await sweep({ NOTIFY_URL: "http://127.0.0.1:9/hook", NOTIFY_SECRET: `whsec_${btoa("x".repeat(24))}` });
    const left = await db.prepare("SELECT id FROM outbox ORDER BY id").all();
    expect(left.results).toEqual([{ id: "waiting" }, { id: "young" }]);
  });

  /** A record as it would be had it been made then: no record that is there can be made to look older. */
  async function closedLongAgo(days: number): Promise<string> {
    const id = crypto.randomUUID();
    const then = Date.now() - days * 86_400_000;
    await db.batch([
      db
        .prepare(
          `INSERT INTO resets (id, created_at, updated_at, closed_at, state, open, asked_by, asker_id, asker_kind,
             role_by, user_id, list_age_ms, key_held, binding, upstream_key, attempts)
           VALUES (?1, ?2, ?2, ?2, 'completed', 0, 'a@example.com', 'sub', 'person', 'email', 'u', 0, 0, 'b', ?1, 1)`,
        )
        .bind(id, then),
      db
        .prepare("INSERT INTO events (reset_id, seq, at, event, source) VALUES (?, 1, ?, 'recorded', 'person')")
        .bind(id, then),
    ]);
    return id;
  }
});

/** The simulator and the audit log go by real time; a row must be younger than the request. */
async function waitForRealTime() {
  await new Promise((resolve) => setTimeout(resolve, 30));
  await fetch(simulator.basePath).catch(() => undefined);
}
