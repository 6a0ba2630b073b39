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
  note,
  people,
  recordIdOf,
  type Settings,
  upstreamLog,
  userId,
} from "./setup/world";

beforeEach(cleanWorld);

describe("the main job", () => {
  it("files one approval, and tells the story", async () => {
    const world = gateway();
    const amara = world.as({ email: people.amara });
    const noor = await userId(people.noor);
    const response = await amara.reset(noor);
    expect(response.status).toBe(200);
    expect(await response.text()).toBe("");
    const [approval] = await approvals();
    expect(response.headers.get("X-Request-ID")).toBe(approval?.requestId);

    const record = await amara.record(recordIdOf(response));
    expect(record).toMatchObject({
      state: "approvalRequested",
      open: true,
      askedBy: people.amara,
      userId: noor,
      userEmail: people.noor,
      userRole: "SIGNER",
      statusBefore: "READY",
      ...note,
      attempts: 1,
      outcome: "accepted",
      requestId: approval?.requestId,
      stale: false,
    });
    expect(record.events?.map(({ event, source, actor }) => [event, source, actor])).toEqual([
      ["recorded", "person", people.amara],
      ["attempt", "worker", undefined],
      ["approvalRequested", "fireblocks", undefined],
    ]);
    const calls = await upstreamLog("resetDevice");
    expect(calls).toHaveLength(1);
    expect(calls[0]?.jwt?.verified).toBe(true);
    const line = world.log.find(
      (entry) => entry.event === "request" && entry.route?.toString().includes("reset_device"),
    );
    expect(line).toMatchObject({ fireblocksRequestId: approval?.requestId, recordId: record.id, status: 200 });
  });

  it("has recorded everything before the first byte goes to Fireblocks", async () => {
    let recorded: unknown;
    const world = gateway(
      {},
      {
        fetch: (async (input: RequestInfo | URL, init?: RequestInit) => {
          const request = new Request(input as RequestInfo, init);
          if (request.url.includes("reset_device")) {
            recorded = await db.prepare("SELECT state, attempts, reason, open FROM resets").first();
          }
          return fetch(request);
        }) as typeof fetch,
      },
    );
    expect((await world.as({ email: people.amara }).reset(await userId(people.noor))).status).toBe(200);
    expect(recorded).toEqual({ state: "sending", attempts: 1, reason: note.reason, open: 1 });
  });

  it("visits D1 three times before the answer: to look, to record, and for the outcome", async () => {
    const visits: string[] = [];
    const wire = (sql: string) => void visits.push(sql);
    const world = gateway({ DB: faultyDatabase(db, wire) });
    const amara = world.as({ email: people.amara });
    expect((await amara.reset(await userId(people.noor))).status).toBe(200);
    const kinds = () => visits.map((sql) => /INSERT INTO resets|UPDATE resets/.exec(sql)?.[0] ?? sql.slice(0, 6));
    expect(kinds().slice(0, 3)).toEqual(["SELECT", "INSERT INTO resets", "UPDATE resets"]);
    await world.settled();
    // What comes after it notes which request is this record's.
    expect(visits.slice(3)).toEqual([expect.stringContaining("SET approval_request_id")]);
  });

  it("goes on when the browser has gone", async () => {
    await control("POST", "faults", { match: { operation: "resetDevice" }, delayMs: 800 });
    const world = gateway();
    const noor = await userId(people.noor);
    // Nobody waits for the answer; only what `waitUntil` keeps alive is waited for.
    void world.as({ email: people.amara }).reset(noor);
    await everyResetArrived(1);
    await expect
      .poll(() => db.prepare("SELECT state FROM resets").first(), { timeout: 5_000 })
      .toEqual({ state: "approvalRequested" });
  });
});

describe("a second reset of the same user", () => {
  it("is answered with the open one, whoever asks", async () => {
    const world = gateway();
    const noor = await userId(people.noor);
    const first = await world.as({ email: people.amara }).reset(noor);
    const second = await world.as({ email: people.jonas }).reset(noor);
    expect(second.status).toBe(409);
    expect(await errorOf(second)).toMatchObject({
      code: CODES.resetOpen,
      recordId: recordIdOf(first),
      outcome: "refused",
    });
    expect(await approvals()).toHaveLength(1);
  });

  it("is refused where one waits that was asked for elsewhere", async () => {
    const noor = await userId(people.noor);
    await gateway().as({ email: people.amara }).reset(noor);
    // Another deployment, with a database of its own, knows nothing of it.
    await db.prepare("UPDATE resets SET open = 0, closed_at = ?").bind(Date.now()).run();
    const response = await gateway().as({ email: people.amara }).reset(noor);
    expect(response.status).toBe(409);
    expect((await errorOf(response)).code).toBe(CODES.pendingElsewhere);
    expect(await upstreamLog("resetDevice")).toHaveLength(1);
  });

  it("is not sent where more wait in Fireblocks than are read, since one of them may be for this user", async () => {
    const noor = await userId(people.noor);
    const response = await gateway({}, { fetch: endlessApprovals() }).as({ email: people.amara }).reset(noor);
    expect(response.status).toBe(503);
    expect(response.headers.get("Retry-After")).toBeTruthy();
    expect(await errorOf(response)).toMatchObject({ code: CODES.pendingUnclear, outcome: "refused" });
    expect(await upstreamLog("resetDevice")).toEqual([]);
  });

  it.each([
    ["nothingWaits", true, {}],
    ["notReadable", false, {}],
    ["off", true, { APPROVALS_CHECK: "off" }],
  ])(
    "tells in its record whether what waits could be looked at, and of which workspace it is: %s",
    async (look, approvalsReadable, settings) => {
      await control("PATCH", "settings", { approvalsReadable });
      const amara = gateway(settings).as({ email: people.amara });
      const workspace = (await (await amara.get("/v1/workspace")).json()) as { id: string };
      const record = await amara.record(recordIdOf(await amara.reset(await userId(people.noor))));
      expect(record.events?.[0]?.detail?.approvalsLook).toBe(look);
      expect(record.workspaceId).toBe(workspace.id);
    },
  );

  it("is sent where the approvals API cannot be read, since then nobody can know", async () => {
    await control("PATCH", "settings", { approvalsReadable: false });
    const noor = await userId(people.noor);
    const world = gateway();
    expect((await world.as({ email: people.amara }).reset(noor)).status).toBe(200);
  });

  it("is not sent where the approvals API fails for now", async () => {
    const noor = await userId(people.noor);
    await control("POST", "faults", { match: { operation: "getApprovals" }, times: 5, status: 500 });
    const response = await gateway().as({ email: people.amara }).reset(noor);
    expect(response.status).toBe(502);
    expect((await errorOf(response)).outcome).toBe("refused");
    expect(await upstreamLog("resetDevice")).toEqual([]);
  });

  it("may be asked for after the first was refused", async () => {
    const noor = await userId(people.noor);
    const amara = gateway().as({ email: people.amara });
    await control("POST", "faults", {
      match: { operation: "resetDevice" },
      status: 403,
      body: '{"error":{"type":"AUTHORIZATION","message":"nope"}}',
    });
    expect((await amara.reset(noor)).status).toBe(403);
    expect((await amara.reset(noor)).status).toBe(200);
  });
});

describe("the caller's key", () => {
  it("gets the stored answer for the same reset, and nothing is sent again", async () => {
    const amara = gateway().as({ email: people.amara });
    const noor = await userId(people.noor);
    const first = await amara.reset(noor, "key-1");
    const again = await amara.reset(noor, "key-1");
    expect(again.status).toBe(200);
    expect(again.headers.get("X-Request-ID")).toBe(first.headers.get("X-Request-ID"));
    expect(recordIdOf(again)).toBe(recordIdOf(first));
    expect(again.headers.get("X-Reset-Replayed")).toBe("true");
    expect(await upstreamLog("resetDevice")).toHaveLength(1);
  });

  describe("gets the stored answer", () => {
    let now: number;
    const at = { now: () => now };
    const first = async () =>
      gateway({}, at)
        .as({ email: people.amara })
        .reset(await userId(people.noor), "key-1");
    const again = async (settings: Settings = {}, options = {}) =>
      gateway(settings, { ...at, ...options })
        .as({ email: people.amara, expiresIn: 3_600 })
        .reset(await userId(people.noor), "key-1");
    const fireblocksAnswers = (answer: () => Promise<Response>) =>
      ((input: RequestInfo | URL, init?: RequestInit) => {
        const request = new Request(input as RequestInfo, init);
        return new URL(request.url).pathname.startsWith("/v1/") ? answer() : fetch(request);
      }) as typeof fetch;
    beforeEach(() => {
      now = Date.now();
    });

    it.each<[string, () => Promise<Response>]>([
      [
        "where the user may not be reset any more",
        async () => {
          await control("PATCH", `users/${await userId(people.noor)}`, { enabled: false });
          now += 11_000;
          return again();
        },
      ],
      [
        "where the asker may not ask for this user any more",
        () => again({ USER_MAP: `{"${people.amara}":"${people.noor}"}` }),
      ],
      ["while resets are paused", () => again({ RESETS_PAUSED: "true" })],
      ["where the day's number is used up", () => again({ DAILY_RESET_LIMIT: "1" })],
      [
        "where the asker's minute is used up",
        () => {
          const full = { limit: async () => ({ success: false }) } as unknown as RateLimit;
          return again({ RATE_LIMITS: "on", RESET_LIMIT: full });
        },
      ],
      [
        "where nothing of it is seen in Fireblocks",
        async () => {
          await control("PATCH", "settings", { approvalsReadable: false });
          return again();
        },
      ],
      [
        "where Fireblocks cannot be read",
        () => again({}, { fetch: fireblocksAnswers(() => Promise.reject(new TypeError("no network"))) }),
      ],
    ])("%s", async (_, ask) => {
      const recordId = recordIdOf(await first());
      const answer = await ask();
      expect([answer.status, recordIdOf(answer)]).toEqual([200, recordId]);
      expect(answer.headers.get("X-Reset-Replayed")).toBe("true");
      expect(await upstreamLog("resetDevice")).toHaveLength(1);
    });

    it("without waiting for Fireblocks, where that takes long", async () => {
      const recordId = recordIdOf(await first());
      const never = fireblocksAnswers(() => new Promise(() => undefined));
      const began = Date.now();
      const answer = await again({}, { fetch: never });
      expect(Date.now() - began).toBeLessThan(3_000);
      expect([answer.status, recordIdOf(answer)]).toEqual([200, recordId]);
    });
  });

  it("gets a stored refusal too", async () => {
    const amara = gateway().as({ email: people.amara });
    const noor = await userId(people.noor);
    await control("POST", "faults", {
      match: { operation: "resetDevice" },
      status: 403,
      body: '{"error":{"type":"AUTHORIZATION","message":"nope"}}',
    });
    const first = await errorOf(await amara.reset(noor, "key-1"));
    const again = await amara.reset(noor, "key-1");
    expect(again.status).toBe(403);
    expect(await errorOf(again)).toEqual(first);
    expect(await upstreamLog("resetDevice")).toHaveLength(1);
  });

  it.each([
    ["by another person", async (noor: string) => gateway().as({ email: people.jonas }).reset(noor, "key-1")],
    [
      "for another user",
      async () =>
        gateway()
          .as({ email: people.amara })
          .reset(await userId(people.jonas), "key-1"),
    ],
    [
      "with another note",
      async (noor: string) =>
        gateway()
          .as({ email: people.amara })
          .reset(noor, "key-1", { ...note, reason: "Other" }),
    ],
  ])("is valid for nothing else: %s", async (_, again) => {
    const noor = await userId(people.noor);
    await gateway().as({ email: people.amara }).reset(noor, "key-1");
    const response = await again(noor);
    expect(response.status).toBe(422);
    const body = await errorOf(response);
    expect(body).toMatchObject({ code: CODES.keyInUse, outcome: "refused" });
    expect(body).not.toHaveProperty("recordId");
    expect(await approvals()).toHaveLength(1);
  });

  it("is refused after 24 hours", async () => {
    let now = Date.now();
    const amara = gateway({}, { now: () => now }).as({ email: people.amara, expiresIn: 30 * 3_600 });
    const noor = await userId(people.noor);
    await amara.reset(noor, "key-1");
    now += 24 * 3_600_000 - 60_000;
    expect((await amara.reset(noor, "key-1")).status).toBe(200);
    now += 120_000;
    const late = await amara.reset(noor, "key-1");
    expect(late.status).toBe(422);
    // The reset that it asked for was accepted: nobody may take this for a no.
    expect(await errorOf(late)).toMatchObject({ code: CODES.keyExpired, outcome: "unknown" });
  });

  it("is refused after 24 hours as what it was, where it was refused", async () => {
    let now = Date.now();
    const amara = gateway({}, { now: () => now }).as({ email: people.amara, expiresIn: 30 * 3_600 });
    const noor = await userId(people.noor);
    await control("POST", "faults", { match: { operation: "resetDevice" }, status: 403, body: "{}" });
    await amara.reset(noor, "key-1");
    now += 25 * 3_600_000;
    expect(await errorOf(await amara.reset(noor, "key-1"))).toMatchObject({
      code: CODES.keyExpired,
      outcome: "refused",
    });
  });

  it("is told of a settled record that its end is not known", async () => {
    const amara = gateway().as({ email: people.amara });
    const noor = await userId(people.noor);
    await control("POST", "faults", { match: { operation: "resetDevice" }, status: 500, effect: true });
    const id = recordIdOf(await amara.reset(noor, "key-1"));
    expect((await amara.post(`/api/resets/${id}/settle`, { reason: "Seen in the Console" })).status).toBe(204);
    const again = await amara.reset(noor, "key-1");
    expect(again.status).toBe(409);
    const body = await errorOf(again);
    expect(body).toMatchObject({ code: CODES.wrongState, outcome: "unknown", recordId: id });
    expect(body.message).toContain("settled; see the record");
    expect(await approvals()).toHaveLength(1);
  });

  it("names the record while the first is in flight", async () => {
    await control("POST", "faults", { match: { operation: "resetDevice" }, delayMs: 700 });
    const world = gateway();
    const amara = world.as({ email: people.amara });
    const noor = await userId(people.noor);
    const first = amara.reset(noor, "key-1");
    await new Promise((resolve) => setTimeout(resolve, 350));
    const meanwhile = await amara.reset(noor, "key-1");
    expect(meanwhile.status).toBe(409);
    expect(await errorOf(meanwhile)).toMatchObject({
      code: CODES.keyInFlight,
      outcome: "unknown",
      recordId: recordIdOf(await first),
    });
  });

  it("is free again after an answer that passes", async () => {
    const noor = await userId(people.noor);
    for (const fault of [
      { status: 429, body: "{}" },
      { status: 401, body: '{"message":"Token was not accepted.","code":-7}' },
      { status: 400, body: '{"message":"bad request","code":1}' },
      { status: 422, body: '{"error":{"type":"UNPROCESSABLE_ENTITY","message":"no"}}' },
      { status: 404, body: '{"error":{"type":"VALIDATION","message":"no"}}' },
    ]) {
      await control("POST", "faults", { match: { operation: "resetDevice" }, ...fault });
      // Each in an isolate of its own: the first would remember Fireblocks' 429.
      expect((await gateway().as({ email: people.amara }).reset(noor, "key-1")).status).not.toBe(200);
    }
    expect((await gateway().as({ email: people.amara }).reset(noor, "key-1")).status).toBe(200);
    expect(await approvals()).toHaveLength(1);
  });

  it("that is free again is free for the same reset alone", async () => {
    const noor = await userId(people.noor);
    await control("POST", "faults", { match: { operation: "resetDevice" }, status: 429, body: "{}" });
    await gateway().as({ email: people.amara }).reset(noor, "key-1");
    const others = [
      gateway().as({ email: people.jonas }).reset(noor, "key-1"),
      gateway()
        .as({ email: people.amara })
        .reset(await userId(people.jonas), "key-1"),
      gateway()
        .as({ email: people.amara })
        .reset(noor, "key-1", { ...note, reason: "Other" }),
    ];
    for (const response of await Promise.all(others)) {
      expect(response.status).toBe(422);
      expect((await errorOf(response)).code).toBe(CODES.keyInUse);
    }
    expect(await upstreamLog("resetDevice")).toHaveLength(1);
    expect((await gateway().as({ email: people.amara }).reset(noor, "key-1")).status).toBe(200);
  });

  it("is free again after a mistake in the note", async () => {
    const amara = gateway().as({ email: people.amara });
    const noor = await userId(people.noor);
    expect((await amara.reset(noor, "key-1", {})).status).toBe(400);
    expect((await amara.reset(noor, "key-1")).status).toBe(200);
  });

  it("is held while its record has no known end", async () => {
    const amara = gateway().as({ email: people.amara });
    const noor = await userId(people.noor);
    await control("POST", "faults", { match: { operation: "resetDevice" }, status: 500, effect: true });
    const first = await amara.reset(noor, "key-1");
    expect(await errorOf(first)).toMatchObject({ outcome: "unknown" });
    const again = await amara.reset(noor, "key-1");
    expect(again.status).toBe(409);
    expect(await errorOf(again)).toMatchObject({ outcome: "unknown", recordId: recordIdOf(first) });
    expect(await approvals()).toHaveLength(1);
  });

  it("is not the key that Fireblocks gets, which is new for each record", async () => {
    const amara = gateway().as({ email: people.amara });
    await amara.reset(await userId(people.noor), "key-1");
    await amara.reset(await userId(people.jonas), "key-2");
    const keys = (await approvals()).map((approval) => approval.idempotencyKey);
    expect(new Set(keys).size).toBe(2);
    expect(keys).not.toContain("key-1");
  });
});

describe("each answer of Fireblocks", () => {
  const refusals: [string, object, number, Record<string, unknown>][] = [
    [
      "403",
      { status: 403, body: '{"error":{"type":"AUTHORIZATION","message":"Lacking permissions."}}' },
      403,
      { outcome: "refused" },
    ],
    ["404", { status: 404, body: '{"message":"User not found","code":1504}' }, 404, { outcome: "refused", code: 1504 }],
    ["400", { status: 400, body: '{"message":"Bad","code":11}' }, 400, { outcome: "refused", code: 11 }],
    ["410", { status: 410, body: "gone" }, 410, { outcome: "refused" }],
  ];
  it.each(refusals)("%s closes the record as refused, and is kept", async (_, fault, status, body) => {
    const amara = gateway().as({ email: people.amara });
    const noor = await userId(people.noor);
    await control("POST", "faults", { match: { operation: "resetDevice" }, ...fault });
    const response = await amara.reset(noor);
    expect(response.status).toBe(status);
    expect(await errorOf(response)).toMatchObject(body);
    const record = await amara.record(recordIdOf(response));
    expect(record).toMatchObject({ state: "refused", open: false, outcome: "refused" });
    expect(await approvals()).toEqual([]);
  });

  it("401 is about the gateway's own key, and nobody is told to sign in again", async () => {
    const amara = gateway().as({ email: people.amara });
    const noor = await userId(people.noor);
    await control("POST", "faults", {
      match: { operation: "resetDevice" },
      status: 401,
      body: '{"message":"invalid signature","code":-1}',
    });
    const response = await amara.reset(noor);
    expect(response.status).toBe(500);
    const body = await errorOf(response);
    expect(body).toMatchObject({ code: -1, outcome: "refused" });
    expect(body.message).toContain("gateway");
    expect(body).not.toHaveProperty("signInUrl");
  });

  it("429 tells how long to wait", async () => {
    const amara = gateway().as({ email: people.amara });
    const noor = await userId(people.noor);
    await control("POST", "faults", { match: { operation: "resetDevice" }, status: 429, retryAfter: "7" });
    const response = await amara.reset(noor);
    expect(response.status).toBe(429);
    expect(response.headers.get("Retry-After")).toBe("7");
    expect((await amara.record(recordIdOf(response))).state).toBe("refused");
  });

  const unknowns: [string, object, string, number][] = [
    ["500 after the effect", { status: 500, effect: true }, "unknown", 1],
    ["500 without effect", { status: 500 }, "unknown", 0],
    ["503", { status: 503 }, "unknown", 0],
    ["408", { status: 408 }, "unknown", 0],
    ["a cut before the effect", { cut: "beforeEffect" }, "sending", 0],
    ["a cut after the effect", { cut: "afterEffect" }, "sending", 1],
    ["a redirect", { status: 302, headers: { Location: "https://evil.example/" } }, "unknown", 0],
  ];
  it.each(unknowns)("%s leaves the end open, and keeps the user's lock", async (_, fault, state, filed) => {
    const amara = gateway().as({ email: people.amara });
    const noor = await userId(people.noor);
    await control("POST", "faults", { match: { operation: "resetDevice" }, ...fault });
    const response = await amara.reset(noor);
    expect([502, 504]).toContain(response.status);
    expect((await errorOf(response)).outcome).toBe("unknown");
    const record = await amara.record(recordIdOf(response));
    expect(record).toMatchObject({ state, open: true, outcome: "unknown", attempts: 1 });
    expect(await upstreamLog("resetDevice")).toHaveLength(1);
    expect(await approvals()).toHaveLength(filed);
    expect((await amara.reset(noor)).status).toBe(409);
  });

  it("that does not come within the worker's own time is given up below the page's 30 seconds", async () => {
    const amara = gateway({ UPSTREAM_TIMEOUT_MS: "600" }).as({ email: people.amara });
    const noor = await userId(people.noor);
    await control("POST", "faults", { match: { operation: "resetDevice" }, delayAfterMs: 3_000 });
    const started = Date.now();
    const response = await amara.reset(noor);
    expect(Date.now() - started).toBeLessThan(2_500);
    expect(response.status).toBe(504);
    expect(await errorOf(response)).toMatchObject({ outcome: "unknown", recordId: recordIdOf(response) });
    await everyResetArrived(1);
  });
});

describe("paused", () => {
  it("nothing is sent, and everything can be read", async () => {
    const noor = await userId(people.noor);
    const first = await gateway()
      .as({ email: people.amara })
      .reset(await userId(people.jonas), "key-1");
    const paused = gateway({ RESETS_PAUSED: "true" });
    const amara = paused.as({ email: people.amara });
    const response = await amara.reset(noor);
    expect(response.status).toBe(503);
    expect(response.headers.get("Retry-After")).toBeTruthy();
    expect(await errorOf(response)).toMatchObject({ code: CODES.paused, outcome: "refused" });
    expect((await amara.get("/api/users")).status).toBe(200);
    expect((await amara.get("/api/resets")).status).toBe(200);
    expect(await (await amara.get("/api/session")).json()).toMatchObject({
      resetsPaused: true,
      can: { read: true, reset: false },
    });
    // What was asked for before is told as it was.
    expect((await amara.reset(await userId(people.jonas), "key-1")).headers.get("X-Reset-Record")).toBe(
      recordIdOf(first),
    );
    expect(await upstreamLog("resetDevice")).toHaveLength(1);
  });
});

describe("a relay", () => {
  it("gets what was signed for Fireblocks, under its own address", async () => {
    const seen: string[] = [];
    const secrets = new Set<string | null>();
    const FIREBLOCKS_RELAY_SECRET = "0123456789abcdef".repeat(4);
    const world = gateway(
      { FIREBLOCKS_RELAY_URL: "https://relay.example/fixed", FIREBLOCKS_RELAY_SECRET },
      {
        fetch: (async (input: RequestInfo | URL, init?: RequestInit) => {
          const request = new Request(input as RequestInfo, init);
          if (!request.url.startsWith("https://relay.example/")) return fetch(request);
          seen.push(request.url);
          secrets.add(request.headers.get("X-Relay-Secret"));
          const { pathname, search } = new URL(request.url);
          const target = new URL(
            pathname.slice("/fixed".length) + search,
            new URL(world.env.FIREBLOCKS_BASE_PATH as string),
          );
          return fetch(new Request(target, request));
        }) as typeof fetch,
      },
    );
    const noor = await userId(people.noor);
    expect((await world.as({ email: people.amara }).reset(noor)).status).toBe(200);
    await world.settled();
    expect(seen).toContain(`https://relay.example/fixed/v1/management/users/${noor}/reset_device`);
    expect((await upstreamLog()).every((request) => request.jwt?.verified)).toBe(true);
    // With every call, reading ones too: the relay lets nobody through without it.
    expect(secrets).toEqual(new Set([FIREBLOCKS_RELAY_SECRET]));
    expect(JSON.stringify(world.log)).not.toContain(FIREBLOCKS_RELAY_SECRET);
  });

  it("alone is told the secret", async () => {
    const headers: (string | null)[] = [];
    const fetchWatched = (async (input: RequestInfo | URL, init?: RequestInit) => {
      const request = new Request(input as RequestInfo, init);
      headers.push(request.headers.get("X-Relay-Secret"));
      return fetch(request);
    }) as typeof fetch;
    const world = gateway({}, { fetch: fetchWatched });
    expect((await world.as({ email: people.amara }).reset(await userId(people.noor))).status).toBe(200);
    expect(new Set(headers)).toEqual(new Set([null]));
  });
});

/** Nothing that was sent may reach the next test's workspace, in this file or in the next. */
async function everyResetArrived(count: number): Promise<void> {
  await expect.poll(() => upstreamLog("resetDevice"), { timeout: 10_000 }).toHaveLength(count);
}
