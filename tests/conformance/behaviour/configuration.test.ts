// Which configurations are accepted, and what they change on the wire.

import { type Attempt, BasePath, type ClientConfig, createClient } from "fireblocks-reset-device";
import { describe, expect, test } from "vitest";
import { API_KEY, failureOf, gatewayClient, signingClient, USER_ID } from "../support/clients.ts";
import { accepted, scriptedServer } from "../support/scripted-server.ts";
import { usualPem } from "../support/secret-keys.ts";

async function refusalOf(config: unknown) {
  return failureOf(createClient(config as ClientConfig));
}

/** The address that a client with this base path calls; nothing leaves. */
async function addressFor(config: ClientConfig) {
  let address = "";
  const fetch = async (input: string | URL | Request) => {
    address = input instanceof Request ? input.url : String(input);
    return new Response('{"users":[]}');
  };
  await (await createClient({ ...config, fetch })).getConsoleUsers();
  return address;
}

describe("basePath", () => {
  test("the regions' addresses are those of the official SDK", async () => {
    const official = await import("@fireblocks/ts-sdk");
    expect({ ...BasePath }).toEqual({ ...official.BasePath });
    expect(Object.isFrozen(BasePath)).toBe(true);
  });

  test("without one, requests go to the US region", async () => {
    expect(await addressFor({})).toBe("https://api.fireblocks.io/v1/management/users");
  });

  test.each([
    ["https://eu-api.fireblocks.io/v1", "https://eu-api.fireblocks.io/v1"],
    ["https://eu-api.fireblocks.io/v1/", "https://eu-api.fireblocks.io/v1"],
    ["https://eu-api.fireblocks.io", "https://eu-api.fireblocks.io/v1"],
    ["https://eu-api.fireblocks.io/", "https://eu-api.fireblocks.io/v1"],
    ["https://relay.example/fireblocks", "https://relay.example/fireblocks/v1"],
    ["https://relay.example/fireblocks/v1//", "https://relay.example/fireblocks/v1"],
    ["https://relay.example:8443/a%20b/v1", "https://relay.example:8443/a%20b/v1"],
    ["HTTPS://EU-API.Fireblocks.io/v1", "https://eu-api.fireblocks.io/v1"],
    ["http://localhost:8080", "http://localhost:8080/v1"],
    ["http://127.0.0.1:8080/v1", "http://127.0.0.1:8080/v1"],
    ["http://[::1]:8080/v1", "http://[::1]:8080/v1"],
  ])("%s is understood as %s", async (basePath, base) => {
    expect(await addressFor({ basePath })).toBe(`${base}/management/users`);
  });

  test.each([
    ["http://api.fireblocks.io/v1", /https/],
    ["http://127.0.0.1.example/v1", /https/],
    ["http://localhost.example/v1", /https/],
    ["http://10.0.0.7/v1", /https/],
    ["ftp://api.fireblocks.io/v1", /https/],
    ["file:///etc/passwd", /https/],
    ["https://user:hunter2@api.fireblocks.io/v1", /user name|password/],
    ["https://api.fireblocks.io/v1?tenant=7", /query/],
    ["https://api.fireblocks.io/v1#part", /fragment/],
    ["https://api.fireblocks.io/v2", /v1/],
    ["https://", /basePath/],
    ["not an address", /basePath/],
    ["", /basePath/],
    [7, /basePath/],
  ])("%s is refused", async (basePath, sentence) => {
    const error = await refusalOf({ basePath });
    expect(error).toMatchObject({ kind: "configuration", outcome: "notSent", attempts: 0 });
    expect(error.message).toMatch(sentence);
    expect(error.message).not.toContain("hunter2");
  });

  test("allowHttp lets http: through to another host", async () => {
    expect(await addressFor({ basePath: "http://relay.internal/v1", allowHttp: true })).toBe(
      "http://relay.internal/v1/management/users",
    );
  });
});

describe("limits", () => {
  test.each([
    { timeoutMs: 0 },
    { timeoutMs: -1 },
    { timeoutMs: Number.NaN },
    { timeoutMs: Number.POSITIVE_INFINITY },
    { timeoutMs: 2 ** 31 },
    { deadlineMs: 0 },
    { maxRetries: -1 },
    { maxRetries: 1.5 },
    { maxRetries: 1_000 },
    { tokenLifetimeSeconds: 0 },
    { tokenLifetimeSeconds: 3_600 },
    { tokenLifetimeSeconds: 29.5 },
  ])("%o is refused, by name", async (limit) => {
    const error = await refusalOf({ basePath: "http://127.0.0.1:9/v1", ...limit });
    expect(error).toMatchObject({ kind: "configuration", outcome: "notSent" });
    expect(error.message).toContain(Object.keys(limit)[0]);
  });

  test.each([{ timeoutMs: 0 }, { timeoutMs: "1" }, { maxRetries: -1 }, { maxRetries: 0.5 }])(
    "%o is refused for one call too, before anything is sent",
    async (limit) => {
      const server = await scriptedServer(accepted);
      const client = await signingClient(server);
      const error = await failureOf(client.resetDevice(USER_ID, undefined, limit as { timeoutMs: number }));
      expect(error).toMatchObject({ kind: "invalidArgument", outcome: "notSent", attempts: 0 });
      expect(error.message).toContain(Object.keys(limit)[0]);
      expect(server.requests).toEqual([]);
    },
  );
});

describe("headers and userAgent", () => {
  test("of a name that is given twice the last value counts, however it is spelt", async () => {
    const server = await scriptedServer({ headers: { "X-Request-ID": "r" }, body: '{"users":[]}' });
    await (await signingClient(server, { headers: { "X-Relay": "1", "x-relay": "2" } })).getConsoleUsers();
    expect(server.requests[0]?.headers["x-relay"]).toBe("2");
  });

  test("are sent with every request, and appended to the client's own", async () => {
    const server = await scriptedServer({ headers: { "X-Request-ID": "r" }, body: '{"users":[]}' });
    const client = await signingClient(server, { headers: { "X-Relay": "desk 4" }, userAgent: "desk/2.1" });
    await client.getConsoleUsers();
    await client.resetDevice(USER_ID);
    for (const { headers } of server.requests) {
      expect(headers["x-relay"]).toBe("desk 4");
      expect(headers["user-agent"]).toMatch(/^fireblocks-reset-device\/\d+\.\d+\.\d+\S* desk\/2\.1$/);
    }
  });

  test.each([
    { headers: { Authorization: "Bearer mine" } },
    { headers: { "x-api-key": "mine" } },
    { headers: { "IDEMPOTENCY-KEY": "mine" } },
    { headers: { "X A": "v" } },
    { headers: { "": "v" } },
    { headers: { "X-A": "v\r\nX-B: w" } },
    { headers: { "X-A": "ü" } },
    { headers: { "X-A": 7 } },
    { headers: "X-A: v" },
    { userAgent: "a\nb" },
    { userAgent: 7 },
    { fetch: "fetch" },
    { onAttempt: "log" },
    { allowHttp: "yes" },
    { apiKey: "", secretKey: usualPem() },
    { apiKey: "a\r\nb", secretKey: usualPem() },
    { apiKey: 7, secretKey: usualPem() },
  ])("%o is refused when the client is made", async (config) => {
    const error = await refusalOf({ basePath: "http://127.0.0.1:9/v1", ...config });
    expect(error).toMatchObject({ kind: "configuration", outcome: "notSent", attempts: 0 });
  });

  test.each([
    ["a list", []],
    ["a string", "x"],
    ["a number", 7],
  ])("a configuration that is %s is refused", async (_, config) => {
    expect(await refusalOf(config)).toMatchObject({ kind: "configuration", outcome: "notSent" });
  });
});

describe("without a key", () => {
  test("requests carry no authorization: a gateway adds it", async () => {
    const server = await scriptedServer(accepted);
    await (await gatewayClient(server)).resetDevice(USER_ID);
    const [request] = server.requests;
    expect(request?.headers).not.toHaveProperty("authorization");
    expect(request?.headers).not.toHaveProperty("x-api-key");
    expect(request?.headers["idempotency-key"]).toHaveLength(36);
  });
});

describe("fetch", () => {
  test("is called in place of the global one, without a this", async () => {
    const receivers: unknown[] = [];
    const own = function (this: unknown) {
      receivers.push(this);
      return Promise.resolve(new Response(null, { headers: { "X-Request-ID": "r" } }));
    };
    await (await signingClient({ basePath: "http://127.0.0.1:9/v1" }, { fetch: own })).resetDevice(USER_ID);
    expect(receivers).toEqual([undefined]);
  });

  test("the global one is looked up when it is needed, so that instrumentation is seen", async () => {
    const client = await signingClient({ basePath: "http://127.0.0.1:9/v1" });
    const real = globalThis.fetch;
    let seen = 0;
    globalThis.fetch = async () => {
      seen++;
      return new Response(null, { headers: { "X-Request-ID": "r" } });
    };
    try {
      await client.resetDevice(USER_ID);
    } finally {
      globalThis.fetch = real;
    }
    expect(seen).toBe(1);
  });
});

describe("onAttempt", () => {
  test("is told of each attempt, and of the wait before the next", async () => {
    const attempts: Attempt[] = [];
    const server = await scriptedServer(
      { status: 503, headers: { "Retry-After": "0", "X-Request-ID": "first" } },
      { status: 429, headers: { "Retry-After": "0" } },
      accepted,
    );
    const client = await signingClient(server, { onAttempt: (attempt) => attempts.push(attempt) });
    await client.resetDevice(USER_ID);
    expect(attempts).toMatchObject([
      { operation: "resetDevice", attempt: 1, status: 503, requestId: "first", errorKind: "server", retryDelayMs: 0 },
      { operation: "resetDevice", attempt: 2, status: 429, errorKind: "rateLimited", retryDelayMs: 0 },
      { operation: "resetDevice", attempt: 3, status: 200, requestId: "request-1" },
    ]);
    for (const { durationMs } of attempts) expect(durationMs).toBeGreaterThan(0);
    expect(attempts[2]).not.toHaveProperty("retryDelayMs");
    expect(attempts[2]).not.toHaveProperty("errorKind");
  });

  test.each([
    [
      "throws",
      () => {
        throw new Error("the log is full");
      },
    ],
    ["rejects", () => Promise.reject(new Error("the log is full"))],
  ])("a listener that %s does no harm", async (_, onAttempt) => {
    const client = await signingClient(await scriptedServer(accepted), { onAttempt });
    expect(await client.resetDevice(USER_ID)).toMatchObject({ attempts: 1 });
  });
});

test("the configuration is read once: changing the object afterwards changes nothing", async () => {
  const server = await scriptedServer(accepted);
  const config = {
    basePath: server.basePath,
    apiKey: API_KEY,
    secretKey: usualPem(),
    maxRetries: 0,
    headers: { "X-A": "1" },
  };
  const client = await createClient(config);
  config.basePath = "http://127.0.0.1:9/v1";
  config.apiKey = "changed";
  config.headers["X-A"] = "2";
  await client.resetDevice(USER_ID);
  expect(server.requests[0]?.headers).toMatchObject({ "x-api-key": API_KEY, "x-a": "1" });
});

test("and before createClient returns: one object makes a client for each tenant", async () => {
  const server = await scriptedServer({ body: "{}" });
  const config = { basePath: server.basePath, apiKey: "", secretKey: usualPem(), headers: { "X-Tenant": "" } };
  const making = ["one", "two", "three"].map((tenant) => {
    config.basePath = `${server.basePath.replace("/v1", "")}/${tenant}/v1`;
    config.apiKey = tenant;
    config.headers["X-Tenant"] = tenant;
    return createClient(config);
  });
  for (const client of await Promise.all(making)) await client.getWorkspace();
  expect(server.requests.map(({ target, headers }) => [target, headers["x-api-key"], headers["x-tenant"]])).toEqual(
    ["one", "two", "three"].map((tenant) => [`/${tenant}/v1/workspace`, tenant, tenant]),
  );
});
