// The relay as its container runs it, between the package and a Fireblocks of this machine. relay/README.md says what it is for.

import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "fireblocks-reset-device";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { requireLoopback } from "../../scripts/base/environment.mjs";
import { startSimulator } from "../../scripts/stack.mjs";
import { Authority, type Certified } from "./support/authority.ts";
import { NameServer } from "./support/name-server.ts";
import { Relay, type RelayOptions, type Sent } from "./support/relay.ts";
import { handOnTo, Upstream } from "./support/upstream.ts";

const FIREBLOCKS = "api.fireblocks.io";
const USER = "44fdead0-7053-4831-a53a-df7fb90d440f";
const RESET = `/v1/management/users/${USER}/reset_device`;

const newSecret = () => randomBytes(32).toString("hex");
const secret = newSecret();
const withSecret = { "X-Relay-Secret": secret };

const folder = mkdtempSync(join(tmpdir(), "fireblocks-reset-device-relay-"));
const authority = new Authority(folder, "trusted");
const certified = authority.certify("127.0.0.1");

let names: NameServer;
let upstream: Upstream;
let relay: Relay;
/** What was started besides, by whichever test. */
const started: { stop(): Promise<void> }[] = [];

/** A relay to a Fireblocks on this port; what is not given is as it should be. */
const relayTo = (port: number, options: Partial<RelayOptions> = {}) =>
  Relay.start({
    folder,
    secrets: [secret],
    basePath: `https://${FIREBLOCKS}:${port}/v1`,
    resolver: names.address,
    certified,
    trusted: authority.certificateFile,
    ...options,
  });

const kept = async <T extends { stop(): Promise<void> }>(starting: Promise<T>) => {
  const service = await starting;
  started.push(service);
  return service;
};

beforeAll(async () => {
  names = await NameServer.start();
  upstream = await Upstream.start(authority.certify(FIREBLOCKS));
  relay = await relayTo(upstream.port);
});

afterAll(async () => {
  await relay?.stop();
  await Promise.all(started.map((service) => service.stop()));
  await upstream?.stop();
  names?.stop();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(() => upstream.reset());

describe("who asks", () => {
  it.each([
    ["no secret", {}],
    ["an empty one", { "X-Relay-Secret": "" }],
    ["another", { "X-Relay-Secret": newSecret() }],
    ["the beginning of it", { "X-Relay-Secret": secret.slice(0, -1) }],
    ["more than it", { "X-Relay-Secret": `${secret}0` }],
    ["it in capitals", { "X-Relay-Secret": secret.toUpperCase() }],
    ["it under another name", { X_Relay_Secret: secret, Authorization: secret, Cookie: `X-Relay-Secret=${secret}` }],
  ])("is refused with %s, and nothing is sent", async (_, headers: Record<string, string>) => {
    expect(headers["X-Relay-Secret"]).not.toBe(secret);
    for (const sent of [{ target: "/v1/workspace" }, { target: RESET, method: "POST" }, { target: "/elsewhere" }]) {
      const reply = await relay.send({ ...sent, headers });
      expect(reply.status).toBe(401);
      expect(JSON.parse(reply.text).message).toMatch(/^Relay: X-Relay-Secret is missing or wrong\. Nothing was sent/);
    }
    expect(upstream.received).toEqual([]);
  });

  it("is let in with either of two secrets during a rotation, and with the new one alone after it", async () => {
    const next = newSecret();
    const ask = async (through: Relay, key: string) =>
      (await through.send({ target: "/v1/workspace", headers: { "X-Relay-Secret": key } })).status;

    const during = await kept(relayTo(upstream.port, { secrets: [secret, next] }));
    expect([await ask(during, secret), await ask(during, next), await ask(during, newSecret())]).toEqual([
      200, 200, 401,
    ]);
    const after = await kept(relayTo(upstream.port, { secrets: [next] }));
    expect([await ask(after, secret), await ask(after, next)]).toEqual([401, 200]);
  });
});

describe("a start", () => {
  const other = newSecret();
  it.each<[string, Partial<RelayOptions>]>([
    ["without a secret", { secrets: [] }],
    ["with an empty secret", { secrets: [""] }],
    ["with three secrets", { secrets: [secret, other, newSecret()] }],
    ["with the same secret twice", { secrets: [secret, secret] }],
    ["with a short secret", { secrets: [secret.slice(1)] }],
    ["with a secret in capitals", { secrets: ["A".repeat(64)] }],
    [
      "with a secret that is configuration",
      { secrets: ["default 1; # 0123456789abcdef0123456789abcdef0123456789abcdef0"] },
    ],
    ["to another host", { basePath: "https://api.fireblocks.example/v1" }],
    ["to a host that only begins as Fireblocks'", { basePath: "https://api.fireblocks.io.example/v1" }],
    ["to a name with Fireblocks' as its user", { basePath: "https://api.fireblocks.io:443@example.com/v1" }],
    ["without TLS", { basePath: "http://api.fireblocks.io/v1" }],
    ["to another path", { basePath: "https://api.fireblocks.io/v2" }],
    ["with a resolver that is configuration", { resolver: "127.0.0.1; proxy_ssl_verify off" }],
    ["without anybody to vouch for Fireblocks", { trusted: join(folder, "missing.pem") }],
  ])("%s is refused, and no secret is told", async (_, options) => {
    const failure = await relayTo(upstream.port, options).then(
      async (unwanted) => {
        await unwanted.stop();
        throw new Error("it has started");
      },
      (error: Error) => error.message,
    );
    expect(failure).toMatch(/^the relay ended with exit code 1: relay: (FIREBLOCKS|RELAY)_/);
    for (const told of [secret, other]) expect(failure).not.toContain(told);
  });
});

describe("what is let through", () => {
  it.each<[string, Sent]>([
    ["the users", { target: "/v1/management/users" }],
    ["a reset", { target: RESET, method: "POST" }],
    ["a reset of an odd id", { target: "/v1/management/users/a.b~c%20d%C3%A9'(e)!*/reset_device", method: "POST" }],
    ["the workspace", { target: "/v1/workspace" }],
    ["approvals, with a query", { target: "/v1/approvals?includeAllUsers=true&pageSize=30&pageCursor=a%2Fb%3D%3D" }],
    ["one approval", { target: `/v1/approvals/${USER}?quorumStatusMode=SUMMARY` }],
    ["the rejection of one", { target: `/v1/approvals/${USER}/reject`, method: "POST" }],
    [
      "audit logs, with a query of every kind of character",
      {
        target:
          "/v1/management/audit_logs?category=Administration&subject=Re-enroll%20mobile%20device&subject=User&order=DESC&startTime=1795467745000&user=a+b%2Bc%C3%BC'()!*~",
      },
    ],
  ])("%s, as it came to the byte", async (_, sent) => {
    expect((await relay.send({ ...sent, headers: withSecret })).status).toBe(200);
    expect(upstream.received.map(({ method, target }) => ({ method, target }))).toEqual([
      { method: sent.method ?? "GET", target: sent.target },
    ]);
  });

  it.each<[string, Sent]>([
    ["another method of a path", { target: "/v1/management/users", method: "POST" }],
    ["a reset by GET", { target: RESET }],
    ["the deletion of a user", { target: `/v1/management/users/${USER}`, method: "DELETE" }],
    ["HEAD", { target: "/v1/workspace", method: "HEAD" }],
    ["OPTIONS", { target: "/v1/workspace", method: "OPTIONS" }],
    ["an approval given", { target: `/v1/approvals/${USER}/approve`, method: "POST" }],
    ["a transaction", { target: "/v1/transactions", method: "POST" }],
    ["vault accounts", { target: "/v1/vault/accounts_paged" }],
    ["API users", { target: "/v1/management/api_users" }],
    ["freezing the workspace", { target: "/v1/workspace/freeze", method: "POST" }],
    ["the root", { target: "/" }],
    ["a path without its version", { target: "/management/users" }],
    ["a slash too many at the end", { target: "/v1/workspace/" }],
    ["a slash too many in the middle", { target: "/v1//workspace" }],
    ["a query where there is none", { target: "/v1/workspace?x=1" }],
    ["a query of a reset", { target: `${RESET}?x=1`, method: "POST" }],
    ["a fragment", { target: "/v1/workspace#x" }],
    ["other letter case", { target: "/V1/workspace" }],
    ["an encoded letter", { target: "/v1/%77orkspace" }],
    ["a way up", { target: "/v1/management/users/../../vault/accounts_paged" }],
    ["a way up to a path that is let through", { target: "/v1/vault/../workspace" }],
    ["a way up behind a reset", { target: `${RESET}/../../../../transactions`, method: "POST" }],
    ["a dot segment for an id", { target: "/v1/management/users/../reset_device", method: "POST" }],
    ["one dot for an id", { target: "/v1/approvals/." }],
    ["an encoded dot segment", { target: "/v1/management/users/%2E%2E/reset_device", method: "POST" }],
    ["an encoded dot segment in small letters", { target: "/v1/approvals/%2e%2e" }],
    [
      "an encoded slash",
      { target: "/v1/management/users/a%2Freset_device%2F..%2F..%2Fx/reset_device", method: "POST" },
    ],
    ["an encoded slash in small letters", { target: "/v1/approvals/a%2fb" }],
    ["an encoded backslash", { target: "/v1/approvals/..%5Cworkspace" }],
    ["a backslash", { target: "/v1/approvals/..\\workspace" }],
    ["an encoded line break", { target: "/v1/approvals/a%0D%0AX-Injected:%201" }],
    ["an encoded zero", { target: "/v1/approvals/a%00" }],
    ["an empty id", { target: "/v1/management/users//reset_device", method: "POST" }],
    ["half a percent sign", { target: "/v1/approvals/a%2" }],
    ["a semicolon", { target: "/v1/workspace;x" }],
    ["what is no ASCII", { target: "/v1/approvals/\u00e9" }],
  ])("is not %s", async (_, sent) => {
    const reply = await relay.send({ ...sent, headers: withSecret });
    // nginx itself refuses what leads above the root, or cannot be read.
    expect([400, 403]).toContain(reply.status);
    if (reply.status === 403 && sent.method !== "HEAD") expect(reply.text).toContain("Nothing was sent to Fireblocks");
    expect(upstream.received).toEqual([]);
  });

  it("are these headers of a request, and no secret", async () => {
    const passed = {
      "X-API-Key": "key",
      Authorization: "Bearer a.b.c",
      "Idempotency-Key": "one",
      Accept: "application/json",
      "Accept-Encoding": "gzip",
      "Content-Type": "application/json",
      "User-Agent": "worker",
    };
    const others = { Cookie: "a=b", "CF-Worker": "example.com", "X-Forwarded-For": "10.0.0.1", "X-Anything": "1" };
    await relay.send({ target: RESET, method: "POST", headers: { ...withSecret, ...passed, ...others } });
    const [{ headers } = { headers: {} }] = upstream.received;
    const expected = Object.fromEntries(Object.entries(passed).map(([name, value]) => [name.toLowerCase(), value]));
    expect(headers).toEqual({ ...expected, host: `${FIREBLOCKS}:${upstream.port}`, "content-length": "0" });
  });

  it("is no large body", async () => {
    const reply = await relay.send({ target: RESET, method: "POST", headers: withSecret, body: "x".repeat(4_096) });
    expect([reply.status, JSON.parse(reply.text).message]).toEqual([413, expect.stringContaining("Nothing was sent")]);
    const chunks = `POST ${RESET} HTTP/1.1\r\nHost: relay\r\nX-Relay-Secret: ${secret}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n`;
    expect(await relay.sendBytes(`${chunks}1000\r\n${"x".repeat(4_096)}\r\n0\r\n\r\n`)).toMatch(/^HTTP\/1\.1 413 /);
    expect(upstream.received).toEqual([]);
  });

  it("is no second request behind a first", async () => {
    const head = `POST ${RESET} HTTP/1.1\r\nHost: relay\r\nX-Relay-Secret: ${secret}\r\n`;
    const hidden = "GET /v1/workspace HTTP/1.1\r\nHost: relay\r\nConnection: close\r\n\r\n";
    const ambiguous = `${head}Content-Length: ${hidden.length}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`;
    expect(await relay.sendBytes(ambiguous)).toMatch(/^HTTP\/1\.1 400 /);
    expect(upstream.received).toEqual([]);
    // On the same connection, each says who it is.
    const following = await relay.sendBytes(`${head}Content-Length: 0\r\n\r\n${hidden}`);
    expect(following).toMatch(/^HTTP\/1\.1 200 [\s\S]*HTTP\/1\.1 401 /);
    expect(upstream.received.map(({ target }) => target)).toEqual([RESET]);
  });

  it("asks for a whole address as for its path", async () => {
    const target = `https://elsewhere.example/v1/workspace`;
    const bytes = `GET ${target} HTTP/1.1\r\nHost: elsewhere.example\r\nX-Relay-Secret: ${secret}\r\nConnection: close\r\n\r\n`;
    expect(await relay.sendBytes(bytes)).toMatch(/^HTTP\/1\.1 200 /);
    expect(upstream.received).toMatchObject([
      { target: "/v1/workspace", headers: { host: `${FIREBLOCKS}:${upstream.port}` } },
    ]);
  });
});

describe("an answer", () => {
  it("comes as Fireblocks gave it", async () => {
    const date = "Sun, 29 Nov 2020 08:00:00 GMT";
    const headers = { "X-Request-ID": "r-1", "Retry-After": "7", Date: date, "Fireblocks-Lifecycle-State": "beta" };
    for (const [status, body] of [
      [200, ""],
      [401, '{"message":"invalid signature","code":-1}'],
      [429, "{}"],
      [503, "<html>"],
    ] as const) {
      upstream.answer = (response) => response.writeHead(status, headers).end(body);
      const reply = await relay.send({ target: "/v1/workspace", headers: withSecret });
      expect([reply.status, reply.text]).toEqual([status, body]);
      expect(reply.headers).toMatchObject({ "x-request-id": "r-1", "retry-after": "7", date });
    }
  });

  it("does not steer the relay", async () => {
    upstream.answer = (response) =>
      response
        .writeHead(200, { "X-Accel-Redirect": "/v1/management/users", Location: "https://elsewhere.example/" })
        .end("1");
    const reply = await relay.send({ target: "/v1/workspace", headers: withSecret });
    expect([reply.text, reply.headers.location, upstream.received.length]).toEqual([
      "1",
      "https://elsewhere.example/",
      1,
    ]);
  });

  it("may be longer than the relay's memory for it", async () => {
    const body = "x".repeat(3_000_000);
    upstream.answer = (response) => response.end(body);
    expect((await relay.send({ target: "/v1/management/users", headers: withSecret })).text === body).toBe(true);
  });

  it("that does not come is asked for once, and not called certain", async () => {
    upstream.answer = (response) => response.destroy();
    const reply = await relay.send({ target: RESET, method: "POST", headers: withSecret });
    expect([reply.status, JSON.parse(reply.text).message]).toEqual([
      502,
      expect.stringContaining("may have taken effect"),
    ]);
    expect(upstream.received.length).toBe(1);
  });

  it("is waited for so long and no longer, and so is the rest of a request", async () => {
    upstream.answer = () => {};
    const [late, slow] = await Promise.all([
      relay.send({ target: RESET, method: "POST", headers: withSecret }),
      relay.sendBytes("GET /v1/workspace HTTP/1.1\r\nHost: relay\r\n"),
    ]);
    expect([late.status, JSON.parse(late.text).message]).toEqual([
      504,
      expect.stringContaining("may have taken effect"),
    ]);
    expect(slow).not.toContain(" 200 ");
    expect(upstream.received.length).toBe(1);
  });
});

describe("Fireblocks' certificate", () => {
  const stranger = new Authority(folder, "stranger");
  it.each<[string, () => Certified]>([
    ["for another name", () => authority.certify("eu-api.fireblocks.io")],
    ["by an authority that nobody trusts", () => stranger.certify(FIREBLOCKS)],
    ["that has run out", () => authority.certify(FIREBLOCKS, { days: -1 })],
  ])("%s is refused, and nothing is sent", async (_, certify) => {
    const impostor = await kept(Upstream.start(certify()));
    const misled = await kept(relayTo(impostor.port));
    const reply = await misled.send({ target: RESET, method: "POST", headers: withSecret });
    expect([reply.status, JSON.parse(reply.text).message]).toEqual([
      502,
      expect.stringContaining("Nothing was sent to Fireblocks"),
    ]);
    expect(impostor.received).toEqual([]);
  });

  it("is asked for by Fireblocks' name, whose address is looked up again", async () => {
    await relay.send({ target: "/v1/workspace", headers: withSecret });
    const before = names.asked.length;
    // The answer is good for a second.
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    await relay.send({ target: "/v1/workspace", headers: withSecret });
    expect(upstream.received.map(({ serverName }) => serverName)).toEqual([FIREBLOCKS, FIREBLOCKS]);
    expect(new Set(names.asked)).toEqual(new Set([FIREBLOCKS]));
    expect(names.asked.length).toBeGreaterThan(before);
  });
});

describe("what the package signs", () => {
  it("is valid behind the relay, for every operation that the worker uses", async () => {
    const data = mkdtempSync(join(folder, "simulator-"));
    const { service, line } = await startSimulator({ dir: data, log: join(data, "log") });
    started.push({ stop: () => service.stop() });
    requireLoopback(line.basePath, "simulator's base path");
    upstream.answer = handOnTo(new URL(line.basePath).origin);

    // As the worker does it: signed for Fireblocks, sent to the relay with the secret.
    const throughRelay = async (input: RequestInfo | URL, init?: RequestInit) => {
      const request = new Request(input, init);
      const { pathname, search } = new URL(request.url);
      const headers = { ...Object.fromEntries(request.headers), ...withSecret };
      const reply = await relay.send({ method: request.method, target: `${pathname}${search}`, headers });
      const answer = Object.entries(reply.headers).map(([name, value]): [string, string] => [name, String(value)]);
      return new Response(reply.text || null, { status: reply.status, headers: answer });
    };
    const client = await createClient({
      basePath: `https://${FIREBLOCKS}/v1`,
      apiKey: line.apiKey,
      secretKey: readFileSync(line.secretKeyFile, "utf8"),
      fetch: throughRelay,
      maxRetries: 0,
    });
    const { users } = await client.getConsoleUsers();
    const noor = users.find(({ email }) => email === "noor.haddad@northwind.example")?.id ?? "";
    const receipt = await client.resetDevice(noor, "once");
    const approvals = await client.getApprovals({ includeAllUsers: true, quorumStatusMode: "SUMMARY", pageSize: 30 });
    const { requestId } = JSON.parse(approvals.data[0]?.requestPayload ?? "{}");
    await client.getApproval(requestId, { quorumStatusMode: "SUMMARY" });
    await client.getAuditLogs({
      subject: ["Re-enroll mobile device", "User"],
      order: "DESC",
      startTime: Date.now() - 60_000,
    });
    await client.getWorkspace();

    const log = await (await fetch(`${line.controlUrl}/log`)).json();
    const { requests } = log as {
      requests: { operation: string; status: number; requestId: string; jwt: { verified: boolean }; headers: object }[];
    };
    expect(requests.map(({ operation, status, jwt }) => [operation, status, jwt.verified])).toEqual(
      ["getConsoleUsers", "resetDevice", "getApprovals", "getApproval", "getAuditLogs", "getWorkspace"].map(
        (operation) => [operation, 200, true],
      ),
    );
    expect(receipt.requestId).toBe(requests[1]?.requestId);
    expect(JSON.stringify(requests)).not.toMatch(new RegExp(`relay-secret|${secret}`, "i"));
    for (const told of [line.apiKey, "Bearer", "eyJ"]) expect(relay.log).not.toContain(told);
  });
});

describe("the log", () => {
  it("tells operations and outcomes, never a secret, a path or a header", async () => {
    await relay.send({
      target: RESET,
      method: "POST",
      headers: { ...withSecret, Authorization: "Bearer told-to-nobody" },
    });
    await relay.send({
      target: "/v1/workspace",
      headers: { "X-Relay-Secret": `${secret}0`, Cookie: "told-to-nobody" },
    });
    await relay.sendBytes(`GET /v1/workspace HTTP/1.1\r\nX-Relay-Secret ${secret}\r\n\r\n`);
    await relay.sendBytes(
      `GET /v1/workspace HTTP/1.1\r\nHost: relay\r\nX-Relay-Secret: ${secret}${"0".repeat(40_000)}\r\n\r\n`,
    );
    await expect.poll(() => relay.log).toMatch(/^\S+ 127\.0\.0\.1 resetDevice 200 upstream=200 seconds=[\d.]+$/m);
    expect(relay.log).toMatch(/^\S+ 127\.0\.0\.1 getWorkspace 401 upstream=- /m);
    expect(relay.log).not.toContain(secret);
    expect(relay.log).not.toContain("told-to-nobody");
  });
});
