// Which idempotency keys are accepted, and where they appear.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { API_KEY, failureOf, signingClient, USER_ID } from "../support/clients.ts";
import { accepted, scriptedServer } from "../support/scripted-server.ts";

const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe("a key that Fireblocks or HTTP would not take as it is, is refused before anything is sent", () => {
  const refused: [name: string, key: unknown, reason: RegExp][] = [
    ["empty", "", /empty/],
    ["41 characters", "k".repeat(41), /40/],
    ["a space inside", "a b", /visible ASCII/],
    ["a space at the end", "a ", /visible ASCII/],
    ["a line break", "a\r\nX-Evil: 1", /visible ASCII/],
    ["letters beyond ASCII", "schlüssel", /visible ASCII/],
    ["a lone surrogate", "\ud800", /visible ASCII/],
    ["DEL", "a\u007f", /visible ASCII/],
    ["a number", 12, /string/],
    ["an object", {}, /string/],
  ];
  test.each(refused)("%s", async (_, key, reason) => {
    const server = await scriptedServer(accepted);
    const error = await failureOf((await signingClient(server)).resetDevice(USER_ID, key as string));
    expect(error).toMatchObject({ kind: "invalidArgument", outcome: "notSent", attempts: 0 });
    expect(error.message).toMatch(reason);
    expect(server.requests).toEqual([]);
  });
});

describe("a key is always known to the caller", () => {
  test.each(["1", "!~", "k".repeat(40), '"quoted",;='])(
    "%j is sent as it is, and stands in the receipt",
    async (key) => {
      const server = await scriptedServer(accepted);
      const receipt = await (await signingClient(server)).resetDevice(USER_ID, key);
      expect(receipt.idempotencyKey).toBe(key);
      expect(server.requests[0]?.headers["idempotency-key"]).toBe(key);
    },
  );

  test("every string of 1 to 40 visible ASCII characters is accepted, and arrives unchanged", async () => {
    let sent: string | null = null;
    const recorder: typeof fetch = async (input, init) => {
      sent = new Request(input, init).headers.get("Idempotency-Key");
      return new Response(null, { headers: { "X-Request-ID": "r" } });
    };
    const client = await signingClient(
      { basePath: "http://127.0.0.1:9/v1" },
      { fetch: recorder, apiKey: API_KEY, secretKey: () => new Uint8Array(256) },
    );
    const visible = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code));
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: visible, minLength: 1, maxLength: 40 }), async (key) => {
        expect((await client.resetDevice(USER_ID, key)).idempotencyKey).toBe(key);
        expect(sent).toBe(key);
      }),
      { numRuns: 500 },
    );
  });

  test.each([undefined, null])("%s: a UUID of version 4 is made, a new one for each call", async (none) => {
    const server = await scriptedServer(accepted);
    const client = await signingClient(server);
    const first = await client.resetDevice(USER_ID, none as undefined);
    const second = await client.resetDevice(USER_ID, none as undefined);
    expect(first.idempotencyKey).toMatch(UUID_V4);
    expect(second.idempotencyKey).toMatch(UUID_V4);
    expect(second.idempotencyKey).not.toBe(first.idempotencyKey);
    expect(server.requests.map((request) => request.headers["idempotency-key"])).toEqual([
      first.idempotencyKey,
      second.idempotencyKey,
    ]);
  });

  test("it stands on the error of a call that failed, made or given", async () => {
    const server = await scriptedServer({ status: 500 });
    const client = await signingClient(server);
    expect((await failureOf(client.resetDevice(USER_ID, "mine"))).idempotencyKey).toBe("mine");
    const made = (await failureOf(client.resetDevice(USER_ID))).idempotencyKey;
    expect(made).toMatch(UUID_V4);
    expect(server.requests[1]?.headers["idempotency-key"]).toBe(made);
  });

  test("what reads carries none: Fireblocks takes none with GET", async () => {
    const server = await scriptedServer({ headers: { "X-Request-ID": "r" }, body: '{"users":[],"data":[]}' });
    const client = await signingClient(server);
    await client.getConsoleUsers();
    await client.getWorkspace();
    await client.getAuditLogs();
    await client.getApprovals();
    await client.getApproval("a");
    expect(server.requests).toHaveLength(5);
    expect(server.requests.filter((request) => request.headers["idempotency-key"] !== undefined)).toEqual([]);
  });
});
