// What may have happened: `notSent`, `refused` or `unknown`, of the whole call.

import { describe, expect, test } from "vitest";
import { failureOf, gatewayClient, signingClient, simulatorClient, USER_ID } from "../support/clients.ts";
import { type Answer, accepted, scriptedServer } from "../support/scripted-server.ts";
import { startSimulator } from "../support/simulator.ts";

const busy: Answer = { status: 429, headers: { "Retry-After": "0" } };
const noGateway: Answer = { status: 503, headers: { "Retry-After": "0" } };
const portal: Answer = {
  status: 200,
  headers: { "Content-Type": "text/html" },
  body: "<html>Sign in to the Wi-Fi</html>",
};

describe("one answer", () => {
  /** A server or a proxy that gave up waiting: what it had passed on may go on. */
  const gaveUp = [408, 444, 460, 499];
  // Fetch itself makes a network error of 407, and asks again by itself after 421.
  const every4xx = Array.from({ length: 100 }, (_, index) => 400 + index).filter(
    (s) => ![407, ...gaveUp, 421].includes(s),
  );
  const every5xx = Array.from({ length: 100 }, (_, index) => 500 + index);

  test("every 5xx is unknown, and so is the 4xx of who gave up waiting", async () => {
    for (const status of [...gaveUp, ...every5xx]) {
      const client = await signingClient(await scriptedServer({ status }), { maxRetries: 0 });
      expect(await failureOf(client.resetDevice(USER_ID)), `${status}`).toMatchObject({
        status,
        kind: "server",
        outcome: "unknown",
      });
    }
  });

  test("every other 4xx is refused, and has its kind", async () => {
    const kinds: Record<number, string> = {
      401: "authentication",
      403: "forbidden",
      404: "notFound",
      409: "conflict",
      410: "gone",
      429: "rateLimited",
    };
    for (const status of every4xx) {
      const client = await signingClient(await scriptedServer({ status }), { maxRetries: 0 });
      expect(await failureOf(client.resetDevice(USER_ID)), `${status}`).toMatchObject({
        status,
        kind: kinds[status] ?? "invalidRequest",
        outcome: "refused",
      });
    }
  });

  test("no answer is unknown: the request may have arrived", async () => {
    const hungUp = await signingClient(await scriptedServer("hangUp"), { maxRetries: 0 });
    expect(await failureOf(hungUp.resetDevice(USER_ID))).toMatchObject({
      kind: "network",
      outcome: "unknown",
      attempts: 1,
    });
    const silent = await signingClient(await scriptedServer("never"), { maxRetries: 0, timeoutMs: 1_000 });
    expect(await failureOf(silent.resetDevice(USER_ID))).toMatchObject({
      kind: "timeout",
      outcome: "unknown",
      attempts: 1,
    });
  });

  test("a captive portal that answers 200 to everything is unknown, never success", async () => {
    const client = await signingClient(await scriptedServer(portal));
    const error = await failureOf(client.resetDevice(USER_ID));
    expect(error).toMatchObject({ kind: "unexpectedResponse", outcome: "unknown", status: 200, attempts: 1 });
  });

  test("a redirect is unknown", async () => {
    const client = await signingClient(
      await scriptedServer({ status: 302, headers: { Location: "https://a.example/" } }),
    );
    expect(await failureOf(client.resetDevice(USER_ID))).toMatchObject({ kind: "redirect", outcome: "unknown" });
  });
});

describe("a whole call", () => {
  const sticks: [
    name: string,
    answers: [Answer, ...Answer[]],
    last: { kind: string; outcome: string; attempts: number },
  ][] = [
    [
      "broken connection, then 403",
      ["hangUp", { status: 403 }],
      { kind: "forbidden", outcome: "unknown", attempts: 2 },
    ],
    ["broken connection, then 404", ["hangUp", { status: 404 }], { kind: "notFound", outcome: "unknown", attempts: 2 }],
    ["time-out, then 401", ["never", { status: 401 }], { kind: "authentication", outcome: "unknown", attempts: 2 }],
    ["503, then 409", [noGateway, { status: 409 }], { kind: "conflict", outcome: "unknown", attempts: 2 }],
    ["503, then 429 for ever", [noGateway, busy], { kind: "rateLimited", outcome: "unknown", attempts: 3 }],
    [
      "429, then 403: nothing was ever left open",
      [busy, { status: 403 }],
      { kind: "forbidden", outcome: "refused", attempts: 2 },
    ],
    ["429, then 500", [busy, { status: 500 }], { kind: "server", outcome: "unknown", attempts: 2 }],
    ["429 for ever", [busy], { kind: "rateLimited", outcome: "refused", attempts: 3 }],
  ];
  test.each(sticks)("%s", async (_, answers, last) => {
    const client = await signingClient(await scriptedServer(...answers), { timeoutMs: 1_000 });
    expect(await failureOf(client.resetDevice(USER_ID))).toMatchObject(last);
  });

  test("a 2xx after an unanswered attempt is success", async () => {
    const client = await signingClient(await scriptedServer("hangUp", accepted));
    expect(await client.resetDevice(USER_ID)).toMatchObject({ attempts: 2, requestId: "request-1" });
  });

  test("what was never sent says so", async () => {
    const server = await scriptedServer(accepted);
    const client = await signingClient(server);
    const aborted = AbortSignal.abort("before");
    expect(await failureOf(client.resetDevice(USER_ID, undefined, { signal: aborted }))).toMatchObject({
      kind: "aborted",
      outcome: "notSent",
      attempts: 0,
      cause: "before",
    });
    expect(await failureOf(client.resetDevice(""))).toMatchObject({ outcome: "notSent", attempts: 0 });
    expect(server.requests).toEqual([]);
  });

  test("an abort while a request is on its way is unknown", async () => {
    const client = await signingClient(await scriptedServer("never"));
    const error = await failureOf(client.resetDevice(USER_ID, undefined, { signal: AbortSignal.timeout(1_000) }));
    expect(error).toMatchObject({ kind: "aborted", outcome: "unknown", attempts: 1 });
  });
});

describe("a gateway that states an outcome", () => {
  const stating = (status: number, outcome: unknown): Answer => ({
    status,
    headers: { "Retry-After": "0" },
    body: JSON.stringify({ message: "the gateway's words", outcome, recordId: "record-7" }),
  });

  test.each([
    [500, "refused"],
    [503, "notSent"],
    [409, "unknown"],
    [403, "unknown"],
  ])("is believed: %d, %s", async (status, outcome) => {
    const client = await gatewayClient(await scriptedServer(stating(status, outcome)), { maxRetries: 0 });
    const error = await failureOf(client.resetDevice(USER_ID));
    expect(error).toMatchObject({ status, outcome, recordId: "record-7" });
    expect(error.message).toContain("the gateway's words");
  });

  test.each([
    ["a value that is none", "perhaps"],
    ["no string", 3],
    ["null", null],
  ])("is not believed where it states %s", async (_, outcome) => {
    const client = await gatewayClient(await scriptedServer(stating(500, outcome)), { maxRetries: 0 });
    expect(await failureOf(client.resetDevice(USER_ID))).toMatchObject({ outcome: "unknown" });
  });

  test("cannot take back what an attempt before it left unknown", async () => {
    const client = await gatewayClient(await scriptedServer("hangUp", stating(403, "notSent")));
    expect(await failureOf(client.resetDevice(USER_ID))).toMatchObject({ outcome: "unknown", attempts: 2 });
  });

  test("is not expected of Fireblocks itself: its 500 stays unknown, whatever the body says", async () => {
    const client = await signingClient(await scriptedServer(stating(500, "refused")));
    expect(await failureOf(client.resetDevice(USER_ID))).toMatchObject({ outcome: "unknown" });
  });
});

describe("against the simulator, the outcome is what happened", () => {
  test("500 before and after the effect, and what a second call with the same key says", async () => {
    const simulator = await startSimulator();
    const client = await simulatorClient(simulator);
    const { users } = await client.getConsoleUsers();
    const idOf = (name: string) => users.find((user) => user.email === `${name}@northwind.example`)?.id ?? "";

    for (const [userId, effect] of [
      [idOf("noor.haddad"), false],
      [idOf("jonas.weber"), true],
    ] as const) {
      await simulator.control.order({ match: { operation: "resetDevice", userId }, status: 500, effect });
      const key = `key-${effect}`;
      expect(await failureOf(client.resetDevice(userId, key))).toMatchObject({ outcome: "unknown", kind: "server" });
      expect(await simulator.control.approvals(userId)).toHaveLength(effect ? 1 : 0);
      const again = await failureOf(client.resetDevice(userId, key));
      expect(again).toMatchObject({ kind: "idempotencyKeySpent", outcome: "unknown", attempts: 1 });
    }
  });
});
