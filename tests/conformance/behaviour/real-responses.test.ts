// Responses as gateways, proxies and other versions of Fireblocks give them, and what a caller may be told of them.

import { type AddressInfo, createServer } from "node:net";
import { gzipSync } from "node:zlib";
import { createClient } from "fireblocks-reset-device";
import { describe, expect, test, vi } from "vitest";
import { failureOf, gatewayClient, signingClient, USER_ID } from "../support/clients.ts";
import { type Answer, accepted, scriptedServer } from "../support/scripted-server.ts";

const SPENT = "This operation doesn't support the usage of the same idempotency key after an internal error";

async function failureWith(answer: Answer) {
  return failureOf((await signingClient(await scriptedServer(answer), { maxRetries: 0 })).resetDevice(USER_ID, "k-1"));
}

describe("Fireblocks' sentence on a spent key", () => {
  const shapes: [name: string, body: unknown][] = [
    ["a JSON string", SPENT],
    ["a list", [SPENT]],
    ["detail", { detail: SPENT }],
    ["message as a list", { message: [SPENT] }],
    ["errors", { errors: [{ message: SPENT }] }],
    ["error.description", { error: { description: SPENT } }],
    ["behind 500 characters", { message: `${"Refused. ".repeat(100)}${SPENT}` }],
    ["in camel case", { message: SPENT.replace("idempotency key", "idempotencyKey") }],
    ["with no-break spaces", { message: SPENT.replaceAll(" ", "\u00a0") }],
    ["with entities", { message: SPENT.replaceAll(" ", "&nbsp;") }],
    ["in markup", { message: SPENT.replace("idempotency", "<b>idempotency</b>") }],
    ["of a server", { message: SPENT.replace("internal", "internal server") }],
    ["a member's name", { message: "no", errors: { [SPENT]: true } }],
    ["nested deeply", { a: [{ b: { c: [[{ d: SPENT }]] } }] }],
    ["in pieces", { message: "no", errors: [SPENT.slice(0, 58), SPENT.slice(58)].map((text) => ({ text })) }],
  ];
  test.each(shapes)("as %s is unknown, with 400, 409 and 422", async (_, body) => {
    for (const status of [400, 409, 422]) {
      const error = await failureWith({ status, body: JSON.stringify(body) });
      expect(error, `${status}`).toMatchObject({ kind: "idempotencyKeySpent", outcome: "unknown", retryable: false });
      expect(error.message).toContain("new idempotency key");
    }
  });
});

describe("a 4xx to a write", () => {
  const RAN_NOTHING = [401, 403, 404, 405, 410, 411, 413, 414, 415, 429, 431];
  const shapeless = ["{}", "[]", '"no"', "17", '{"detail":"no"}', '{"errors":["no"]}', "<h1>No</h1>"];

  test("whose body has no known shape is unknown, unless its status alone says that nothing ran", async () => {
    for (const status of [...RAN_NOTHING, 400, 402, 406, 409, 412, 418, 422, 423, 425, 451, 499]) {
      for (const body of shapeless) {
        const { outcome } = await failureWith({ status, body });
        expect(outcome, `${status} ${body}`).toBe(RAN_NOTHING.includes(status) ? "refused" : "unknown");
      }
    }
  });

  test("whose body has a known shape, or none, is refused", async () => {
    const long = JSON.stringify({ message: "no", x: Array(9_000).fill(0) });
    for (const body of [
      long,
      "",
      '{"message":"no"}',
      '{"code":1}',
      '{"error":"NO"}',
      '{"error":{"type":"NO"}}',
      "no",
    ]) {
      expect((await failureWith({ status: 422, body })).outcome, body).toBe("refused");
    }
  });

  test.each([
    ["compressed, and not called so", gzipSync('{"message":"no"}')],
    ["text with control characters", "No\u0000"],
    ["text that is cut", `${"Refused. ".repeat(8_000)}${SPENT}`],
    ["JSON that is cut", `{"message":"no"}${" ".repeat(65_536)}, and more`],
  ])("%s is unknown, and garbage is not repeated", async (_, body) => {
    const error = await failureWith({ status: 400, body });
    expect(error).toMatchObject({ kind: "invalidRequest", outcome: "unknown" });
    expect(error.message).toMatch(/^[\x20-\x7e]*$/);
  });

  test.each([
    ["a message in letters that look like others", `{"message":"${SPENT.replaceAll("e", "\u0435")}"}`],
    ["a message in full-width letters", `{"message":"${SPENT.replaceAll("e", "\uff45")}"}`],
    ["a message with letters as entities", `{"message":"${SPENT.replaceAll("e", "&#101;")}"}`],
    ["text with letters as entities", SPENT.replaceAll("e", "&#101;")],
    ["a message with escapes in it", `{"message":"${SPENT.replaceAll("e", "\\\\x65")}"}`],
    [
      "a message that is encoded for an address",
      `{"message":"${encodeURIComponent(SPENT.replaceAll(" ", "\u00a0"))}"}`,
    ],
    ["a message with a comment in it", `{"message":"${SPENT.replace("tency", "<!-- x > y -->tency")}"}`],
  ])("%s may be the sentence on a spent key: it is unknown", async (_, body) => {
    const error = await failureWith({ status: 400, body });
    expect(error).toMatchObject({ kind: "invalidRequest", outcome: "unknown" });
  });

  test("to a read is refused, whatever its body", async () => {
    const client = await signingClient(await scriptedServer({ status: 422, body: "[]" }));
    expect((await failureOf(client.getWorkspace())).outcome).toBe("refused");
  });
});

describe("a 2xx to a write that cannot be read", () => {
  const id = { "X-Request-ID": "r" };
  const cases: [name: string, answer: Answer][] = [
    ["a byte order mark alone", { headers: id, body: Buffer.from([0xef, 0xbb, 0xbf]) }],
    ["a byte order mark alone, without a request id", { body: Buffer.from([0xef, 0xbb, 0xbf]) }],
    ["white space alone", { headers: id, body: " \r\n" }],
    [
      "a compressed body cut at its head",
      { headers: { ...id, "Content-Encoding": "gzip" }, body: Buffer.from([0x1f]) },
    ],
    ["what is not compressed, called so", { headers: { ...id, "Content-Encoding": "gzip" }, body: "no gzip" }],
    ["HTML", { headers: id, body: "<!doctype html><title>Wi-Fi</title>" }],
    ["HTML behind a mark and blanks", { headers: id, body: "\ufeff\n <html></html>" }],
    ["text of a page", { headers: { ...id, "Content-Type": "text/html" }, body: "Sign in" }],
    ["a page behind some text", { headers: { ...id, "Content-Type": "text/plain" }, body: "Sign in<HTML>" }],
    ["HTML behind what is not seen", { headers: id, body: "\u200b<p>Sign in" }],
    ["HTML as a JSON string", { headers: id, body: '"<html>"' }],
    ["a control character alone", { headers: id, body: "\u0000" }],
    ["a page behind more than is looked at", { headers: id, body: `${"OK ".repeat(30_000)}<html>` }],
    ["no UTF-8", { headers: id, body: Buffer.from([0xff, 0xfe]) }],
  ];
  test.each(cases)("%s is unknown", async (_, answer) => {
    expect(await failureWith(answer)).toMatchObject({ kind: "unexpectedResponse", outcome: "unknown", status: 200 });
  });

  test("with nothing in it, though something could have been compressed, is success", async () => {
    const headers = { "Content-Encoding": "gzip", "Content-Length": "0" };
    const client = await signingClient(await scriptedServer({ headers }));
    await expect(client.resetDevice(USER_ID)).resolves.toMatchObject({ attempts: 1 });
  });
});

describe("a key whose call ended unknown keeps that within its client", () => {
  const lost: Answer = "hangUp";
  const later: [name: string, answer: Answer][] = [
    ["403", { status: 403, body: '{"message":"no"}' }],
    ["404", { status: 404 }],
    ["429", { status: 429, headers: { "Retry-After": "7200" } }],
    ["400", { status: 400, body: '{"message":"no"}' }],
  ];
  test.each(later)("whatever comes then: %s", async (_, answer) => {
    const client = await signingClient(await scriptedServer(lost, answer), { maxRetries: 0 });
    await failureOf(client.resetDevice(USER_ID, "k-1"));
    const error = await failureOf(client.resetDevice(USER_ID, "k-1"));
    expect(error.outcome).toBe("unknown");
    expect(error.message).not.toContain("Nothing was");
  });

  test("before anything is sent, too: an option that is not usable, a signal that is aborted", async () => {
    const client = await signingClient(await scriptedServer(lost), { maxRetries: 0 });
    await failureOf(client.resetDevice(USER_ID, "k-1"));
    for (const options of [{ timeoutMs: -1 }, { signal: AbortSignal.abort() }]) {
      const error = await failureOf(client.resetDevice(USER_ID, "k-1", options));
      expect(error.outcome).toBe("unknown");
      expect(error.message).not.toContain("Nothing was");
    }
  });

  test("also where another call with it ends so meanwhile", async () => {
    const answers: Array<(response: Response | Error) => void> = [];
    const client = await signingClient(
      { basePath: "http://127.0.0.1:1/v1" },
      {
        maxRetries: 0,
        fetch: () =>
          new Promise<Response>((resolve, reject) =>
            answers.push((answer) => (answer instanceof Error ? reject(answer) : resolve(answer))),
          ),
      },
    );
    const calls = [1, 2].map(() => failureOf(client.resetDevice(USER_ID, "k-1")));
    await vi.waitFor(() => expect(answers).toHaveLength(2));
    answers[0]?.(new TypeError("fetch failed"));
    expect((await Promise.race(calls)).kind).toBe("network");
    answers[1]?.(new Response('{"message":"no"}', { status: 403 }));
    const [lost, refused] = (await Promise.all(calls)).sort((one, other) => other.kind.localeCompare(one.kind));
    expect([lost?.outcome, refused?.outcome]).toEqual(["unknown", "unknown"]);
    expect(refused).toMatchObject({ kind: "forbidden", idempotencyKey: "k-1" });
  });

  test("for that user and that key alone", async () => {
    const refused: Answer = { status: 403 };
    const client = await signingClient(await scriptedServer(lost, refused), { maxRetries: 0 });
    await failureOf(client.resetDevice(USER_ID, "k-1"));
    expect((await failureOf(client.resetDevice(USER_ID, "k-2"))).outcome).toBe("refused");
    expect((await failureOf(client.resetDevice("another", "k-1"))).outcome).toBe("refused");
    expect((await failureOf(client.resetDevice(USER_ID, "k-1"))).outcome).toBe("unknown");
  });

  test("until a success closes it", async () => {
    const refused: Answer = { status: 403 };
    const client = await signingClient(await scriptedServer(lost, accepted, refused), { maxRetries: 0 });
    await failureOf(client.resetDevice(USER_ID, "k-1"));
    await client.resetDevice(USER_ID, "k-1");
    expect((await failureOf(client.resetDevice(USER_ID, "k-1"))).outcome).toBe("refused");
  });

  test("another client cannot know: its message speaks of this call", async () => {
    const error = await failureWith({ status: 403 });
    expect(error.outcome).toBe("refused");
    expect(error.message).toMatch(/Nothing was filed by this call\.$/);
  });
});

describe("where the client does not sign", () => {
  const of = async (answer: Answer) =>
    failureOf((await gatewayClient(await scriptedServer(answer))).resetDevice(USER_ID));

  test("an error is told in the gateway's words alone", async () => {
    const message = "The Owner's device cannot be reset here. Nothing was sent.";
    for (const status of [400, 401, 403, 404, 409, 422]) {
      const error = await of({ status, body: JSON.stringify({ message, code: 1202, outcome: "refused" }) });
      expect(error.message).toBe(
        `The Owner's device cannot be reset here. Nothing was sent (HTTP ${status}, code 1202).`,
      );
    }
  });

  test("a page that answers in its place is told as one", async () => {
    for (const status of [401, 403]) {
      const error = await of({ status, headers: { "Content-Type": "text/html" }, body: "<h1>Blocked</h1>" });
      expect(error.message).toContain("blocked on the way");
      expect(error.message).not.toMatch(/API key|Admin/);
    }
  });

  test("so is its plain text", async () => {
    const error = await of({ status: 403, headers: { "Content-Type": "text/plain" }, body: "error code: 1020" });
    expect(error.message).toContain("blocked on the way");
    expect(error.message).toContain("error code: 1020");
  });

  test("and a page that was not found has nothing to do with the user", async () => {
    const error = await of({ status: 404, headers: { "Content-Type": "text/html" }, body: "<h1>Not found</h1>" });
    expect(error.message).toContain("Check basePath");
    expect(error.message).not.toContain("user's id");
  });
});

describe.each<[string, Answer, string]>([
  ["an earlier call's internal error", { status: 500 }, "a new"],
  ["an earlier call without a response", "hangUp", "the same"],
])("%s", (_, earlier, which) => {
  test.each<[string, Answer, object]>([
    ["403", { status: 403 }, {}],
    ["no response", "hangUp", {}],
    ["an option that is not usable", { status: 403 }, { timeoutMs: -1 }],
  ])("is spoken of after %s, and its key as what it is", async (_, then, options) => {
    const client = await signingClient(await scriptedServer(earlier, then), { maxRetries: 0 });
    await failureOf(client.resetDevice(USER_ID, "k-1"));
    const { kind, outcome, message, retryable } = await failureOf(client.resetDevice(USER_ID, "k-1", options));
    expect(outcome).toBe("unknown");
    expect(retryable).toBe(kind === "network" && which === "the same");
    expect(message).toContain("An earlier attempt may have filed an approval request");
    expect(message).toMatch(new RegExp(`with ${which} idempotency key\\.$`));
  });
});

describe("what failed before a response", () => {
  test("a connection names its code, and a page's CORS is not spoken of", async () => {
    for (const scheme of ["http", "https"]) {
      const client = await signingClient(
        { basePath: `${scheme}://127.0.0.1:${await closedPort()}/v1` },
        { maxRetries: 0 },
      );
      const error = await failureOf(client.resetDevice(USER_ID));
      expect(error).toMatchObject({ kind: "network", causeCode: "ECONNREFUSED" });
      expect(error.message).toContain("the connection failed (ECONNREFUSED).");
      expect(error.message).not.toContain("CORS");
      expect(error.toJSON().causeCode).toBe("ECONNREFUSED");
    }
  });

  test.each([
    ["an error's own", Object.assign(new Error("x"), { code: "ConnectionRefused" }), "ConnectionRefused"],
    ["its cause's", new TypeError("x", { cause: { code: "ENOTFOUND" } }), "ENOTFOUND"],
    [
      "a later cause's",
      new Error("x", { cause: new Error("y", { cause: { code: "CERT_HAS_EXPIRED" } }) }),
      "CERT_HAS_EXPIRED",
    ],
    ["the first of several errors'", new AggregateError([{ code: "ECONNREFUSED" }, { code: "X1" }]), "ECONNREFUSED"],
    ["that of several in a cause", new Error("x", { cause: new AggregateError([{ code: "ENETDOWN" }]) }), "ENETDOWN"],
    ["none of no errors", new AggregateError([]), undefined],
    ["none of what is no code", new Error("x", { cause: { code: "with spaces, and secrets" } }), undefined],
    ["none of a number", new DOMException("x", "NetworkError"), undefined],
    [
      "none of what cannot be looked at",
      new Proxy(
        {},
        {
          get: () => {
            throw new Error("no");
          },
        },
      ),
      undefined,
    ],
  ])("the code is %s", async (_, thrown, code) => {
    const client = await signingClient(
      { basePath: "http://127.0.0.1:1/v1" },
      { maxRetries: 0, fetch: () => Promise.reject(thrown) },
    );
    expect((await failureOf(client.resetDevice(USER_ID))).causeCode).toBe(code);
  });

  test("a signer that fails may work the next time: nothing was sent", async () => {
    const client = await signingClient(
      { basePath: "http://127.0.0.1:1/v1" },
      { secretKey: () => Promise.reject(new Error("throttled")) },
    );
    const error = await failureOf(client.resetDevice(USER_ID));
    expect(error).toMatchObject({ kind: "configuration", outcome: "notSent", retryable: true });
    expect((error.cause as Error).message).toBe("throttled");
  });
});

describe("parameters of a query", () => {
  test("the first page's cursor may be null, as next of the last page is", async () => {
    const client = await signingClient(await scriptedServer({ body: '{"data":[]}' }));
    await expect(client.getAuditLogs({ pageCursor: null })).resolves.toEqual({ data: [] });
  });

  test.each([
    ["an empty list", { subject: [] }],
    ["a Map", new Map([["subject", "User"]])],
    ["URLSearchParams", new URLSearchParams("subject=User")],
    ["a Set as a value", { subject: new Set(["User"]) }],
    ["a function as a value", { subject: () => "User" }],
    ["a symbol as a value", { subject: Symbol("User") }],
    ["null in a list", { subject: [null] }],
    ["undefined in a list", { subject: [undefined] }],
    ["a hole in a list", { subject: new Array(1) }],
    ["null, but for a cursor", { userId: null }],
    ["a promise", Promise.resolve({ subject: "User" })],
    [
      "what a class gives by a getter",
      new (class {
        get subject() {
          return "User";
        }
      })(),
    ],
    ["what is inherited", Object.create({ subject: "User" })],
    ["a WeakMap", new WeakMap()],
  ])("%s is refused, and nothing wider is asked for", async (_, params) => {
    const client = await signingClient({ basePath: "http://127.0.0.1:1/v1" });
    const error = await failureOf(client.getAuditLogs(params as object));
    expect(error).toMatchObject({ kind: "invalidArgument", outcome: "notSent" });
  });
});

/** A port of this machine that nobody listens on. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test.each([
  ["headers that are Headers", { headers: new Headers({ "X-Relay-Token": "t" }) }],
  ["headers that are a Map", { headers: new Map([["X-Relay-Token", "t"]]) }],
  ["a configuration that is a promise", Promise.resolve({})],
])("%s are refused: what they hold would not be read", async (_, config) => {
  expect(await failureOf(createClient(config as object))).toMatchObject({ kind: "configuration", outcome: "notSent" });
});

test("a signal whose reason cannot be read still ends its call", async () => {
  const controller = new AbortController();
  Object.defineProperty(controller.signal, "reason", {
    get: () => {
      throw new Error("no reason");
    },
  });
  const options = { fetch: () => new Promise<never>(() => {}) };
  const client = await signingClient({ basePath: "http://127.0.0.1:1/v1" }, options);
  const call = failureOf(client.resetDevice(USER_ID, "k", { signal: controller.signal }));
  setTimeout(() => controller.abort(), 20);
  expect(await call).toMatchObject({ kind: expect.stringMatching(/aborted|invalidArgument/) });
});
