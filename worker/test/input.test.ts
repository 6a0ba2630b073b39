import { beforeEach, describe, expect, it } from "vitest";
import { CODES } from "../src/errors";
import {
  approvals,
  cleanWorld,
  db,
  errorOf,
  gateway,
  note,
  origin,
  people,
  recordIdOf,
  tokenOf,
  upstreamLog,
  userId,
} from "./setup/world";

beforeEach(cleanWorld);

const count = async () => (await db.prepare("SELECT COUNT(*) AS n FROM resets").first<{ n: number }>())?.n;

describe("tricks in the id", () => {
  it.each([
    "..",
    ".",
    "%2e%2e",
    "%2e%2e%2fworkspace",
    "a%2Fb",
    "a%5Cb",
    "a%00b",
    "a%0d%0ab",
    "%zz",
    "%",
    "a%3Fb",
    "a%23b",
    "%E2%80%AEgnp",
    "%20",
    "x".repeat(256),
    "' OR 1=1 --",
    "1;DROP TABLE resets",
    "{{7*7}}",
    "__proto__",
    "*",
  ])("%s reaches nobody", async (id) => {
    const token = await tokenOf({ email: people.amara });
    const response = await gateway().send(
      new Request(`${origin}/v1/management/users/${id}/reset_device`, {
        method: "POST",
        headers: { "Cf-Access-Jwt-Assertion": token, Origin: origin, "Content-Type": "application/json" },
        body: JSON.stringify(note),
      }),
    );
    expect([400, 404]).toContain(response.status);
    expect((await errorOf(response)).outcome).toBe("refused");
    expect(await upstreamLog("resetDevice")).toEqual([]);
    expect(await count()).toBe(0);
  });

  it("an id that means another path is not followed to it", async () => {
    const id = await userId(people.noor);
    for (const path of [
      `/v1/management/users/x/../${id}/reset_device/extra`,
      `/v1//management/users/${id}/reset_device`,
      `/V1/management/users/${id}/reset_device`,
    ]) {
      const response = await gateway().as({ email: people.amara }).post(path, note);
      expect(response.status, path).toBe(404);
    }
    expect(await approvals()).toEqual([]);
  });
});

describe("the key", () => {
  it.each(["x".repeat(41), "a b", "schlüssel", "\u00A0", ""])("%j is refused", async (key) => {
    const response = await gateway()
      .as({ email: people.amara })
      .reset(await userId(people.noor), key);
    expect(response.status).toBe(400);
    expect((await errorOf(response)).code).toBe(CODES.invalidRequest);
    expect(await count()).toBe(0);
  });

  it("of 40 characters is taken, and not passed on", async () => {
    const amara = gateway().as({ email: people.amara });
    const key = "k".repeat(40);
    const response = await amara.reset(await userId(people.noor), key);
    expect(response.status).toBe(200);
    const record = await amara.record(recordIdOf(response));
    expect(record.upstreamKey).toMatch(/^[0-9a-f-]{36}$/);
    expect((await approvals())[0]?.idempotencyKey).toBe(record.upstreamKey);
  });
});

describe("the note", () => {
  const bad: [string, unknown, number][] = [
    ["no reason", { verifiedBy: "call" }, CODES.noteRequired],
    ["no verifiedBy", { reason: "lost" }, CODES.noteRequired],
    ["blank texts", { reason: "  ", verifiedBy: "\t" }, CODES.noteRequired],
    ["none at all", {}, CODES.noteRequired],
    ["a number", { ...note, reason: 5 }, CODES.invalidRequest],
    ["null", { ...note, reason: null }, CODES.invalidRequest],
    ["a list", [note], CODES.invalidRequest],
    ["an unknown field", { ...note, admin: true }, CODES.invalidRequest],
    ["a reason that is too long", { ...note, reason: "x".repeat(1_001) }, CODES.invalidRequest],
    ["a reference that is too long", { ...note, reference: "x".repeat(201) }, CODES.invalidRequest],
    ["a line break in the reference", { ...note, reference: "a\r\nSet-Cookie: x" }, CODES.invalidRequest],
    ["a control character", { ...note, reason: "a\u0000b" }, CODES.invalidRequest],
    ["an escape sequence for a terminal", { ...note, verifiedBy: "\u001b[2J" }, CODES.invalidRequest],
    ["text that turns its direction", { ...note, verifiedBy: "\u202Ecall" }, CODES.invalidRequest],
    ["half a character", { ...note, reason: "a\uD800b" }, CODES.invalidRequest],
  ];

  it.each(bad)("with %s is refused", async (_, body, code) => {
    const response = await gateway()
      .as({ email: people.amara })
      .reset(await userId(people.noor), undefined, body);
    expect(response.status).toBe(400);
    expect((await errorOf(response)).code).toBe(code);
    expect(await approvals()).toEqual([]);
    expect(await count()).toBe(0);
  });

  it("is not asked for where that is switched off", async () => {
    const world = gateway({ REQUIRE_NOTE: "false" });
    const response = await world
      .as({ email: people.amara })
      .post(`/v1/management/users/${await userId(people.noor)}/reset_device`);
    expect(response.status).toBe(200);
  });

  it("may have several lines in the reason, and any script", async () => {
    const amara = gateway().as({ email: people.amara });
    const body = { reason: "Téléphone perdu\nвчера 🙈", reference: "事件-7", verifiedBy: "Ünal" };
    const response = await amara.reset(await userId(people.noor), undefined, body);
    expect(await amara.record(recordIdOf(response))).toMatchObject(body);
  });

  it.each([
    ["text/plain", JSON.stringify(note), 415],
    ["application/x-www-form-urlencoded", "reason=a", 415],
    ["application/json", "{", 400],
    ["application/json", "\u{FEFF}nonsense", 400],
  ])("as %s %j is refused", async (type, body, status) => {
    const response = await gateway()
      .as({ email: people.amara })
      .request("POST", `/v1/management/users/${await userId(people.noor)}/reset_device`, {
        headers: { "Content-Type": type },
        body,
      });
    expect(response.status).toBe(status);
  });

  it("in broken UTF-8 is refused", async () => {
    const response = await gateway()
      .as({ email: people.amara })
      .request("POST", `/v1/management/users/${await userId(people.noor)}/reset_device`, {
        headers: { "Content-Type": "application/json" },
        body: new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]),
      });
    expect(response.status).toBe(400);
  });
});

describe("SQL in every field", () => {
  const sql = `'); DROP TABLE resets; --" OR 1=1`;

  it("is text and nothing else", async () => {
    const amara = gateway().as({ email: people.amara });
    const key = "');DROP/**/TABLE/**/resets;--";
    const response = await amara.reset(await userId(people.noor), key, {
      reason: sql,
      reference: sql,
      verifiedBy: sql,
    });
    expect(response.status).toBe(200);
    expect(await amara.record(recordIdOf(response))).toMatchObject({ reason: sql, reference: sql, verifiedBy: sql });
    const query = (name: string) => amara.get(`/api/resets?${name}=${encodeURIComponent(sql)}`);
    for (const name of ["userId", "askedBy"]) expect(await (await query(name)).json()).toEqual({ resets: [] });
    for (const name of ["state", "open", "from", "to", "cursor", "limit", "other"])
      expect((await query(name)).status, name).toBe(400);
    expect((await amara.get(`/api/resets/${encodeURIComponent(sql)}`)).status).toBe(404);
    const settled = await amara.post(`/api/resets/${encodeURIComponent(sql)}/settle`, { reason: sql });
    expect(settled.status).toBe(404);
    expect(await count()).toBe(1);
  });

  it("in the sign-in is text too", async () => {
    const email = `x'or'1'='1@northwind.example`;
    const world = gateway({ ROLES: JSON.stringify({ resetter: [email] }), RESETS_BY_UNMAPPED: "true" });
    const client = world.as({ email });
    const record = await client.record(recordIdOf(await client.reset(await userId(people.noor))));
    expect(record.askedBy).toBe(email);
  });
});

describe("a text that says nothing is none", () => {
  it.each(["\u200B\u200B\u200B", "\u2060 \u00AD", "...", "\u3164 \uFE0F", "—?!"])(
    "as reason and as proof: %j",
    async (nothing) => {
      const amara = gateway().as({ email: people.amara });
      const noor = await userId(people.noor);
      for (const body of [
        { ...note, reason: nothing },
        { ...note, verifiedBy: nothing },
      ]) {
        const response = await amara.reset(noor, crypto.randomUUID(), body);
        expect([response.status, (await errorOf(response)).code]).toEqual([400, CODES.noteRequired]);
      }
      const settled = await amara.post(`/api/resets/${crypto.randomUUID()}/settle`, { reason: nothing });
      expect(settled.status).toBe(400);
      expect(await upstreamLog("resetDevice")).toEqual([]);
    },
  );

  it("and letters or digits of any script say something", async () => {
    const amara = gateway().as({ email: people.amara });
    const body = { reason: "電話紛失", verifiedBy: "٣٤٥" };
    expect((await amara.reset(await userId(people.noor), "key-1", body)).status).toBe(200);
  });
});

describe("sizes", () => {
  it("a body that is too large is refused, with and without its length told", async () => {
    const amara = gateway().as({ email: people.amara });
    const path = `/v1/management/users/${await userId(people.noor)}/reset_device`;
    const large = JSON.stringify({ ...note, reason: "x".repeat(40_000) });
    const stream = new Response(large).body as ReadableStream;
    for (const body of [large, stream]) {
      const response = await amara.request("POST", path, { headers: { "Content-Type": "application/json" }, body });
      expect(response.status).toBe(413);
    }
    expect(await upstreamLog("resetDevice")).toEqual([]);
  });

  it("headers that are too large are refused", async () => {
    for (const path of ["/api/session", "/"]) {
      const world = gateway();
      const response = await world.as({ email: people.amara }).get(path, { "X-Large": "x".repeat(30_000) });
      expect(response.status).toBe(431);
      expect(response.headers.get("Cache-Control")).toBe("no-store");
      expect(world.log).toMatchObject([{ event: "request", status: 431, code: CODES.tooLarge }]);
    }
  });
});

describe("injection into headers and logs", () => {
  it("an id of the caller's own is not taken for ours", async () => {
    const world = gateway();
    const response = await world
      .as({ email: people.amara })
      .get("/api/session", { "X-Request-ID": "forged", "X-Gateway-Request-ID": "forged" });
    expect(response.headers.get("X-Request-ID")).not.toBe("forged");
    expect(JSON.stringify(world.log)).not.toContain("forged");
  });

  it("no text of a person gets into the log", async () => {
    const world = gateway();
    const amara = world.as({ email: people.amara });
    await amara.reset(await userId(people.noor), "my-own-key-1", {
      reason: "SECRETREASON\nlevel=error",
      reference: "SECRETREF",
      verifiedBy: "SECRETPROOF",
    });
    await amara.reset("SECRETID%0aforged=line");
    await amara.get("/api/resets?askedBy=SECRETQUERY@example.com");
    await world.settled();
    const log = JSON.stringify(world.log);
    expect(log).not.toMatch(/SECRET|my-own-key|forged|@/);
    expect(log).not.toContain(people.amara.split("@")[0]);
    expect(world.log.filter((entry) => entry.event === "request")).toHaveLength(3);
  });
});
