// Which failures are tried again, when, and how often.

import type { Attempt } from "fireblocks-reset-device";
import { describe, expect, test } from "vitest";
import { failureOf, signingClient, simulatorClient, USER_ID } from "../support/clients.ts";
import { type Answer, accepted, type ReceivedRequest, scriptedServer } from "../support/scripted-server.ts";
import { startSimulator } from "../support/simulator.ts";

const simulator = await startSimulator();
const { users } = await (await simulatorClient(simulator)).getConsoleUsers();
const userId = users.find((user) => user.email === "noor.haddad@northwind.example")?.id ?? "";

const SPENT = "This operation doesn't support the usage of the same idempotency key after an internal error";
const spent: Answer = { status: 400, body: JSON.stringify({ message: SPENT, code: 400 }) };
const busy: Answer = { status: 429, headers: { "Retry-After": "0" } };

async function elapsed<T>(work: Promise<T>): Promise<{ result: T; ms: number }> {
  const began = performance.now();
  const result = await work;
  return { result, ms: performance.now() - began };
}

describe("each retry keeps the key and is signed anew", () => {
  test.each<[string, Answer]>([
    ["a connection that breaks", "hangUp"],
    ["an attempt that times out", "never"],
    ["429", busy],
    ["502", { status: 502, headers: { "Retry-After": "0" } }],
    ["503", { status: 503, headers: { "Retry-After": "0" } }],
    ["504", { status: 504, headers: { "Retry-After": "0" } }],
  ])("%s is tried again", async (_, answer) => {
    const server = await scriptedServer(answer, accepted);
    const client = await signingClient(server, { timeoutMs: 1_000 });
    const receipt = await client.resetDevice(USER_ID, "kept");
    expect(receipt).toMatchObject({ attempts: 2, idempotencyKey: "kept" });
    const [first, second] = server.requests;
    expect([first, second].map((request) => request?.headers["idempotency-key"])).toEqual(["kept", "kept"]);
    expect(second?.jwt?.claims.nonce).not.toBe(first?.jwt?.claims.nonce);
    expect(second?.headers.authorization).not.toBe(first?.headers.authorization);
  });

  test("a key that the client made is kept as well: it is never changed silently", async () => {
    const server = await scriptedServer("hangUp", busy, accepted);
    const { idempotencyKey } = await (await signingClient(server)).resetDevice(USER_ID);
    const sent = server.requests.map((request) => request.headers["idempotency-key"]);
    expect(sent).toEqual([idempotencyKey, idempotencyKey, idempotencyKey]);
  });
});

describe("what is not tried again, or once only", () => {
  test.each([500, 408, 501, 505, 507, 508, 511, 520, 524, 599])("%d is not", async (status) => {
    const server = await scriptedServer({ status }, accepted);
    const client = await signingClient(server, { maxRetries: 5 });
    expect(await failureOf(client.resetDevice(USER_ID))).toMatchObject({ kind: "server", status, attempts: 1 });
    expect(server.requests).toHaveLength(1);
  });

  test.each([400, 401, 402, 403, 404, 405, 406, 409, 410, 413, 415, 418, 422, 425, 451])(
    "%d is not",
    async (status) => {
      const server = await scriptedServer({ status, headers: { "Retry-After": "0" } }, accepted);
      const client = await signingClient(server, { maxRetries: 5 });
      expect(await failureOf(client.resetDevice(USER_ID))).toMatchObject({ status, attempts: 1, outcome: "refused" });
      expect(server.requests).toHaveLength(1);
    },
  );

  test("502, 503 and 504 together are tried again once, however many retries are left", async () => {
    const headers = { "Retry-After": "0" };
    const server = await scriptedServer({ status: 503, headers }, { status: 502, headers }, accepted);
    const client = await signingClient(server, { maxRetries: 5 });
    expect(await failureOf(client.resetDevice(USER_ID))).toMatchObject({
      status: 502,
      attempts: 2,
      outcome: "unknown",
    });
    expect(server.requests).toHaveLength(2);
  });

  test("the documented 400 for a key that was used before an internal error stops the call on its first attempt", async () => {
    const server = await scriptedServer(spent, accepted);
    const client = await signingClient(server, { maxRetries: 5 });
    const error = await failureOf(client.resetDevice(USER_ID, "spent"));
    expect(error).toMatchObject({ kind: "idempotencyKeySpent", outcome: "unknown", attempts: 1, retryable: false });
    expect(error.message).toContain("may exist");
    expect(server.requests).toHaveLength(1);
  });

  test("… and on a later one", async () => {
    const server = await scriptedServer({ status: 503, headers: { "Retry-After": "0" } }, spent, accepted);
    const error = await failureOf((await signingClient(server, { maxRetries: 5 })).resetDevice(USER_ID));
    expect(error).toMatchObject({ kind: "idempotencyKeySpent", outcome: "unknown", attempts: 2 });
    expect(server.requests).toHaveLength(2);
  });

  test("… and in the other documented shape, whatever the content-type", async () => {
    const body = JSON.stringify({ error: { type: "VALIDATION", message: SPENT } });
    const server = await scriptedServer({ status: 400, headers: { "Content-Type": "text/plain" }, body });
    const error = await failureOf((await signingClient(server)).resetDevice(USER_ID));
    expect(error).toMatchObject({ kind: "idempotencyKeySpent", outcome: "unknown" });
  });

  test("maxRetries limits the attempts after the first, for a client and for a call", async () => {
    const server = await scriptedServer(busy);
    const client = await signingClient(server, { maxRetries: 1 });
    expect((await failureOf(client.resetDevice(USER_ID))).attempts).toBe(2);
    expect((await failureOf(client.resetDevice(USER_ID, undefined, { maxRetries: 0 }))).attempts).toBe(1);
    expect((await failureOf(client.resetDevice(USER_ID, undefined, { maxRetries: 3 }))).attempts).toBe(4);
    expect(server.requests).toHaveLength(7);
  });

  test("by default a call is tried three times", async () => {
    const server = await scriptedServer(busy);
    const client = await signingClient(server);
    expect((await failureOf(client.resetDevice(USER_ID))).attempts).toBe(3);
  });
});

describe("the wait before a retry", () => {
  test("Retry-After in seconds is kept", async () => {
    const server = await scriptedServer({ status: 429, headers: { "Retry-After": "1" } }, accepted);
    await (await signingClient(server)).resetDevice(USER_ID);
    const [first = Number.NaN, second = Number.NaN] = server.requests.map(({ at }) => at);
    expect(second - first).toBeGreaterThanOrEqual(990);
    expect(second - first).toBeLessThan(3_000);
  });

  test("Retry-After as an HTTP date is kept, by the server's own clock", async () => {
    // A server whose clock is years from ours.
    const headers = { Date: "Sun, 06 Nov 1994 08:49:37 GMT", "Retry-After": "Sun, 06 Nov 1994 08:49:38 GMT" };
    const server = await scriptedServer({ status: 429, headers }, accepted);
    await (await signingClient(server)).resetDevice(USER_ID);
    const [first = Number.NaN, second = Number.NaN] = server.requests.map(({ at }) => at);
    expect(second - first).toBeGreaterThanOrEqual(990);
    expect(second - first).toBeLessThan(3_000);
  });

  test.each([
    ["seconds", { "Retry-After": "3600" }, 3_600_000],
    [
      "an HTTP date",
      { Date: "Sun, 06 Nov 1994 08:00:00 GMT", "Retry-After": "Sun, 06 Nov 1994 09:00:00 GMT" },
      3_600_000,
    ],
    ["more seconds than a number holds", { "Retry-After": "9".repeat(30) }, undefined],
  ])(
    "a wait in %s that the deadline does not allow is not slept through, and the error tells it",
    async (_, headers, expected) => {
      const server = await scriptedServer({ status: 429, headers: headers as Record<string, string> }, accepted);
      const client = await signingClient(server, { deadlineMs: 3_000 });
      const { result: error, ms } = await elapsed(failureOf(client.resetDevice(USER_ID)));
      expect(ms).toBeLessThan(5_000);
      expect(error).toMatchObject({ kind: "rateLimited", outcome: "refused", attempts: 1, retryable: true });
      if (expected === undefined) expect(error.retryAfterMs).toBeGreaterThan(1e12);
      else expect(error.retryAfterMs).toBe(expected);
    },
  );

  test.each(["soon", "-5", "1.5", "", "1e3"])(
    "a Retry-After of %j is no wait that anyone can keep: backoff takes its place",
    async (value) => {
      const delays: (number | undefined)[] = [];
      const server = await scriptedServer({ status: 429, headers: { "Retry-After": value } }, accepted);
      const onAttempt = ({ retryDelayMs }: Attempt) => delays.push(retryDelayMs);
      await (await signingClient(server, { onAttempt })).resetDevice(USER_ID);
      expect(delays[0]).toBeLessThanOrEqual(500);
      expect(delays[1]).toBeUndefined();
    },
  );

  test("without Retry-After the backoff grows and has full jitter", async () => {
    const delays: number[][] = [];
    const server = await scriptedServer({ status: 429 });
    const calls = Array.from({ length: 24 }, async () => {
      const own: number[] = [];
      delays.push(own);
      const onAttempt = ({ retryDelayMs }: Attempt) => void (retryDelayMs === undefined || own.push(retryDelayMs));
      await failureOf((await signingClient(server, { onAttempt, maxRetries: 2 })).resetDevice(USER_ID));
    });
    await Promise.all(calls);
    const first = delays.map((own) => own[0] as number);
    const second = delays.map((own) => own[1] as number);
    expect(Math.max(...first)).toBeLessThanOrEqual(500);
    expect(Math.max(...second)).toBeLessThanOrEqual(1_000);
    // With full jitter a wait may be anything from nothing up: 24 of them are neither all long nor all alike.
    expect(Math.min(...first)).toBeLessThan(250);
    expect(Math.max(...second)).toBeGreaterThan(500);
    expect(new Set(first).size).toBeGreaterThan(12);
  });

  test("an abort stops it at once", async () => {
    const server = await scriptedServer({ status: 429, headers: { "Retry-After": "30" } }, accepted);
    const client = await signingClient(server, { deadlineMs: 60_000 });
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error("changed my mind")), 1_000);
    const { result: error, ms } = await elapsed(
      failureOf(client.resetDevice(USER_ID, undefined, { signal: controller.signal })),
    );
    expect(ms).toBeLessThan(10_000);
    expect(error).toMatchObject({ kind: "aborted", outcome: "refused", attempts: 1 });
    expect(error.cause).toMatchObject({ message: "changed my mind" });
    expect(server.requests).toHaveLength(1);
  });

  test("an abort in a wait leaves unknown what the attempt before left unknown", async () => {
    const server = await scriptedServer({ status: 503, headers: { "Retry-After": "30" } }, accepted);
    const signal = AbortSignal.timeout(1_000);
    const client = await signingClient(server, { deadlineMs: 60_000 });
    const error = await failureOf(client.resetDevice(USER_ID, undefined, { signal }));
    expect(error).toMatchObject({ kind: "aborted", outcome: "unknown", attempts: 1 });
  });
});

describe("the bounds of a call", () => {
  test("an attempt that times out is aborted: its connection closes", async () => {
    let closed: () => void = () => {};
    const connectionClosed = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const server = await scriptedServer((response) => void response.on("close", closed));
    const client = await signingClient(server, { timeoutMs: 1_000, maxRetries: 0 });
    expect(await failureOf(client.resetDevice(USER_ID))).toMatchObject({ kind: "timeout", outcome: "unknown" });
    await connectionClosed;
  });

  test("the deadline holds for all attempts and waits together", async () => {
    const server = await scriptedServer("never");
    const client = await signingClient(server, { timeoutMs: 300, deadlineMs: 700, maxRetries: 10 });
    const { result: error, ms } = await elapsed(failureOf(client.resetDevice(USER_ID)));
    expect(error).toMatchObject({ kind: "timeout", outcome: "unknown" });
    expect(ms).toBeLessThan(2_500);
  });

  test("the time-out holds for the body too", async () => {
    const stalls: Answer = (response) => {
      response.writeHead(200, { "Content-Type": "application/json", "Content-Length": "100" });
      response.write('{"users":[');
    };
    const client = await signingClient(await scriptedServer(stalls), { timeoutMs: 200, maxRetries: 0 });
    const { result: error, ms } = await elapsed(failureOf(client.getConsoleUsers()));
    expect(["timeout", "network"]).toContain(error.kind);
    expect(ms).toBeLessThan(5_000);
  });

  test("a time-out that is given with the call replaces the client's", async () => {
    const client = await signingClient(await scriptedServer("never"), { timeoutMs: 60_000, maxRetries: 0 });
    const { result: error, ms } = await elapsed(failureOf(client.resetDevice(USER_ID, undefined, { timeoutMs: 100 })));
    expect(error.kind).toBe("timeout");
    expect(ms).toBeLessThan(5_000);
  });
});

describe("a clock that is wrong is corrected by the response's Date", () => {
  test.each([
    ["-10, ten minutes behind", 600],
    ["-12, ten minutes ahead", -600],
  ])("code %s: once, and the correction is kept for the client's life", async (_, skewSeconds) => {
    await simulator.control.clear();
    await simulator.control.set({ skewSeconds });
    const client = await simulatorClient(simulator);
    expect(await client.resetDevice(userId)).toMatchObject({ attempts: 2 });
    expect(await simulator.control.approvals(userId)).toHaveLength(1);

    const attempts: Attempt[] = [];
    const other = await simulatorClient(simulator, { onAttempt: (attempt) => attempts.push(attempt) });
    await other.getConsoleUsers();
    await other.getConsoleUsers();
    await other.getWorkspace();
    expect(attempts.map(({ operation, status }) => [operation, status])).toEqual([
      ["getConsoleUsers", 401],
      ["getConsoleUsers", 200],
      ["getConsoleUsers", 200],
      ["getWorkspace", 200],
    ]);
    await simulator.control.set({ skewSeconds: 0 });
  });

  test.each([-10, -12])("code %d again after the correction: no third attempt", async (code) => {
    const server = await scriptedServer({ status: 401, body: JSON.stringify({ message: "no", code }) });
    const error = await failureOf((await signingClient(server, { maxRetries: 5 })).resetDevice(USER_ID));
    expect(error).toMatchObject({ kind: "authentication", code, attempts: 2, outcome: "refused" });
  });

  test.each([-1, -2, -3, -4, -5, -6, -7, -8])("code %d is not tried again", async (code) => {
    const server = await scriptedServer({ status: 401, body: JSON.stringify({ message: "no", code }) }, accepted);
    const error = await failureOf((await signingClient(server, { maxRetries: 5 })).resetDevice(USER_ID));
    expect(error).toMatchObject({ kind: "authentication", code, attempts: 1, outcome: "refused", retryable: false });
  });

  test("the token of the second attempt carries the server's time", async () => {
    const headers = { Date: "Sun, 06 Nov 1994 08:49:37 GMT" };
    const server = await scriptedServer({ status: 401, headers, body: '{"code":-12}' }, accepted);
    await (await signingClient(server)).resetDevice(USER_ID);
    const { iat, exp } = timesOf(server.requests[1]);
    expect(iat).toBeGreaterThanOrEqual(784_111_777);
    expect(iat).toBeLessThan(784_111_777 + 5);
    expect(exp - iat).toBe(29);
  });
});

function timesOf(request: ReceivedRequest | undefined): { iat: number; exp: number } {
  if (request?.jwt === undefined) throw new Error("The request carried no token.");
  return request.jwt.claims as { iat: number; exp: number };
}
