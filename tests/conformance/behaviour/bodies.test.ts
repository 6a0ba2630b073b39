// What is read from the body of an answer, whatever it is.

import { describe, expect, test } from "vitest";
import { API_KEY, failureOf, signingClient, USER_ID } from "../support/clients.ts";
import { type Answer, scriptedServer } from "../support/scripted-server.ts";

const MIB = 1024 * 1024;

async function failureWith(answer: Answer) {
  const client = await signingClient(await scriptedServer(answer), {
    maxRetries: 0,
    timeoutMs: 10_000,
    deadlineMs: 10_000,
  });
  return failureOf(client.resetDevice(USER_ID));
}

describe("an error body", () => {
  const said: [name: string, body: string, expected: { says?: string; type?: string; code?: number }][] = [
    [
      "{error:{type,message}}",
      '{"error":{"type":"VALIDATION","message":"Bad id"}}',
      { says: "Bad id", type: "VALIDATION" },
    ],
    ["{message,code}", '{"message":"Unknown user","code":1403}', { says: "Unknown user", code: 1403 }],
    [
      "the embedded-wallet shape",
      '{"error":"NOT_FOUND","message":"No such wallet"}',
      { says: "No such wallet", type: "NOT_FOUND" },
    ],
    ["a newer type", '{"error":{"type":"BRAND_NEW","message":"m1"}}', { says: "m1", type: "BRAND_NEW" }],
    ["a code in quotes", '{"message":"m2","code":"-7"}', { says: "m2", code: -7 }],
    ["plain text", "upstream connect error", { says: "upstream connect error" }],
    ["HTML", "<html><body>Bad Gateway</body></html>", {}],
    ["null", "null", {}],
    ["empty", "", {}],
    ["a number", "17", {}],
    ["a list", "[1,2]", {}],
    ["truncated JSON", '{"error":{"type":"VALIDATION","mess', {}],
    ["members of wrong types", '{"error":[],"message":{},"code":{},"recordId":3}', {}],
    ["members that are null", '{"error":null,"message":null,"code":null}', {}],
  ];
  const contentTypes = ["application/json", "application/octet-stream", "text/html; charset=utf-8", undefined];
  test.each(said)("%s is understood, whatever the content-type says", async (_, body, { says, type, code }) => {
    for (const contentType of contentTypes) {
      const headers = { "X-Request-ID": "r-1", ...(contentType === undefined ? {} : { "Content-Type": contentType }) };
      const error = await failureWith({ status: 404, headers, body });
      expect(error).toMatchObject({ kind: "notFound", outcome: "refused", status: 404, requestId: "r-1" });
      expect(error.type).toBe(type);
      expect(error.code).toBe(code);
      if (says !== undefined) expect(error.message).toContain(says);
      expect(error.message).not.toMatch(/<html|undefined|null|\[object/);
    }
  });

  test.each([
    ["cut off", '{"message":"This operation doesn'],
    ["of a proxy", "<html>400</html>"],
  ])("of a 400, %s, may have said that the key is spent: the outcome is unknown", async (_, body) => {
    const error = await failureWith({ status: 400, body });
    expect(error).toMatchObject({ kind: "invalidRequest", outcome: "unknown" });
    expect(error.message).toMatch(/may exist/);
  });

  test("a stream that always has another empty chunk at hand stops at the time-out", async () => {
    const endless = new ReadableStream({ pull: (to) => to.enqueue(new Uint8Array(0)) }, { highWaterMark: 0 });
    const client = await signingClient(
      { basePath: "http://127.0.0.1:9/v1" },
      { fetch: async () => new Response(endless, { status: 500 }), timeoutMs: 200, maxRetries: 0 },
    );
    expect(await failureOf(client.resetDevice(USER_ID))).toMatchObject({ outcome: "unknown", status: 500 });
  });

  test("an abort while a body arrives is an abort", async () => {
    const controller = new AbortController();
    const silent = new ReadableStream({ pull: () => new Promise(() => {}) });
    const client = await signingClient(
      { basePath: "http://127.0.0.1:9/v1" },
      { fetch: async () => new Response(silent) },
    );
    setTimeout(() => controller.abort("leaving"), 50);
    const { signal } = controller;
    expect(await failureOf(client.getConsoleUsers({ signal }))).toMatchObject({ kind: "aborted", cause: "leaving" });
  });

  test("invalid UTF-8 and control characters do not reach the message", async () => {
    const bytes = new Uint8Array([0xff, 0xfe, 0x80, 0x41, 0x00, 0x1b, 0x5b, 0x33, 0x31, 0x6d, 0x0a, 0x42]);
    const error = await failureWith({ status: 403, body: bytes });
    expect(error).toMatchObject({ kind: "forbidden", outcome: "refused" });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there.
    expect(error.message).not.toMatch(/[\0-\x1f\x7f]/);
  });

  test("a body that breaks off is still an error with its status", async () => {
    const error = await failureWith((response) => {
      response.writeHead(403, { "Content-Length": "1000", "X-Request-ID": "r-2" });
      response.write('{"error":{"type":"AUTHORIZATION",');
      setTimeout(() => response.destroy(), 30);
    });
    expect(error).toMatchObject({ kind: "forbidden", outcome: "refused", status: 403, requestId: "r-2" });
  });

  test("at most 64 KiB of it are read, and the rest is not waited for", async () => {
    let written = 0;
    let closed = false;
    const began = performance.now();
    const error = await failureWith((response) => {
      response.on("close", () => {
        closed = true;
      });
      response.writeHead(403, { "Content-Type": "text/plain" });
      const pour = () => {
        if (closed) return;
        written += 64 * 1024;
        if (response.write("x".repeat(64 * 1024))) setImmediate(pour);
        else response.once("drain", pour);
      };
      pour();
    });
    expect(error).toMatchObject({ kind: "forbidden", outcome: "refused", status: 403 });
    expect(error.message.length).toBeLessThan(2_000);
    expect(performance.now() - began).toBeLessThan(5_000);
    // What the sockets between hold may have been written as well.
    expect(written).toBeLessThan(16 * MIB);
  });

  test("a message that is very long is shortened", async () => {
    const error = await failureWith({ status: 400, body: JSON.stringify({ message: "long ".repeat(10_000) }) });
    expect(error.message.length).toBeLessThan(2_000);
    expect(error.message).toContain("long long");
  });

  test("a credential that a proxy echoes is not repeated", async () => {
    const echo: Answer = (response, request) => {
      response.writeHead(400).end(JSON.stringify({ message: `bad header: ${request.headers.authorization}` }));
    };
    const error = await failureWith(echo);
    expect(JSON.stringify(error)).not.toMatch(/eyJ|Bearer/);
  });

  test("a secret is not repeated in part either, where a message is cut or a header has several", async () => {
    const server = await scriptedServer((response, request) => {
      const { cookie, "x-api-key": key } = request.headers;
      const said = request.target.includes("long")
        ? `${"x".repeat(456)} bad key ${key}`
        : `bad ${cookie?.split("=").pop()}`;
      response.writeHead(403, { "X-Request-ID": `${key}` }).end(JSON.stringify({ message: said }));
    });
    const client = await signingClient(server, { headers: { cookie: "a=1; session=abc123secret456" } });
    for (const user of ["long", "short"]) {
      const error = await failureOf(client.resetDevice(user));
      expect(error.status).toBe(403);
      expect(JSON.stringify(error)).not.toMatch(new RegExp(`${API_KEY.slice(0, 12)}|abc123`));
    }
  });
});

describe("the body of a 2xx to resetDevice", () => {
  async function resultOf(answer: Answer) {
    const client = await signingClient(await scriptedServer(answer), { maxRetries: 0 });
    return client.resetDevice(USER_ID).then(
      () => "success",
      ({ kind, outcome }) => `${kind}, ${outcome}`,
    );
  }
  const html = "<!doctype html><title>Wi-Fi</title>";
  const id = { "X-Request-ID": "r" };
  const cases: [name: string, answer: Answer, expected: string][] = [
    ["empty, with a request id", { headers: id }, "success"],
    ["empty, without one", {}, "success"],
    ["204", { status: 204 }, "success"],
    ["202 with a request id and a body", { status: 202, headers: id, body: "{}" }, "success"],
    ["HTML, with a request id", { headers: id, body: html }, "unexpectedResponse, unknown"],
    ["HTML, without one", { headers: { "Content-Type": "text/html" }, body: html }, "unexpectedResponse, unknown"],
    [
      "JSON, without one",
      { headers: { "Content-Type": "application/json" }, body: '{"ok":true}' },
      "unexpectedResponse, unknown",
    ],
    ["HTML, with an empty request id", { headers: { "X-Request-ID": "" }, body: html }, "unexpectedResponse, unknown"],
    [
      "JSON that is called HTML",
      { headers: { ...id, "Content-Type": "text/html" }, body: "404" },
      "unexpectedResponse, unknown",
    ],
    ["a page in JSON", { headers: id, body: JSON.stringify({ page: html }) }, "unexpectedResponse, unknown"],
    ["a tag in plain text", { headers: id, body: "Please wait <script>…" }, "unexpectedResponse, unknown"],
    ["a character that is not seen", { headers: id, body: "\u2800" }, "unexpectedResponse, unknown"],
    ["an error", { headers: id, body: '{"message":"no","code":-7}' }, "unexpectedResponse, unknown"],
    ["one byte that is no UTF-8", { body: new Uint8Array([0xff]) }, "unexpectedResponse, unknown"],
  ];
  test.each(cases)("%s", async (_, answer, expected) => {
    expect(await resultOf(answer)).toBe(expected);
  });
});

describe("the body of a 2xx to a GET", () => {
  test.each([
    ["HTML", "<html></html>"],
    ["empty", ""],
    ["null", "null"],
    ["another shape", '{"people":[]}'],
    ["a list where an object belongs", "[]"],
    ["users that is no list", '{"users":{}}'],
    ["truncated", '{"users":[{"id":"a"}'],
  ])("%s is not taken for users", async (_, body) => {
    const client = await signingClient(await scriptedServer({ headers: { "X-Request-ID": "r" }, body }));
    expect(await failureOf(client.getConsoleUsers())).toMatchObject({ kind: "unexpectedResponse", status: 200 });
  });

  test("unknown members and values of an enum pass through", async () => {
    const users = [{ id: "u", status: "PENDING_RETINA_SCAN", role: "ARCHITECT", userType: "ROBOT", shoeSize: 44 }];
    const client = await signingClient(await scriptedServer({ body: JSON.stringify({ users, version: 2 }) }));
    expect(await client.getConsoleUsers()).toEqual({ users, version: 2 });
  });

  test("JSON is parsed by trying, never by content-type", async () => {
    const headers = { "Content-Type": "text/html" };
    const client = await signingClient(await scriptedServer({ headers, body: '{"users":[]}' }));
    expect(await client.getConsoleUsers()).toEqual({ users: [] });
  });

  test("up to 32 MiB are read, and no more", async () => {
    const listOf = (bytes: number) => `{"users":[{"id":"${"x".repeat(bytes - '{"users":[{"id":""}]}'.length)}"}]}`;
    const client = await signingClient(
      await scriptedServer({ body: listOf(32 * MIB) }, { body: listOf(32 * MIB + 1) }),
      {
        timeoutMs: 15_000,
        deadlineMs: 15_000,
      },
    );
    const { users } = await client.getConsoleUsers();
    expect(users[0]?.id).toHaveLength(32 * MIB - 21);
    const error = await failureOf(client.getConsoleUsers());
    expect(error.kind).toBe("unexpectedResponse");
    expect(error.message).toContain("32 MiB");
  });

  test("what JSON says of a prototype changes nothing", async () => {
    const body = '{"users":[{"__proto__":{"enabled":true},"id":"u"}],"__proto__":{"users":[]}}';
    const client = await signingClient(await scriptedServer({ body }));
    const { users } = await client.getConsoleUsers();
    expect(({} as { enabled?: boolean }).enabled).toBeUndefined();
    expect(users[0]?.id).toBe("u");
  });
});
