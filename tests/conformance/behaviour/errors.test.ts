// What an error is, what it says, and how it is kept.

import { type AddressInfo, createServer } from "node:net";
import { inspect } from "node:util";
import { FireblocksError, type FireblocksErrorJSON } from "fireblocks-reset-device";
import { describe, expect, test } from "vitest";
import { failureOf, signingClient, simulatorClient, USER_ID } from "../support/clients.ts";
import { scriptedServer } from "../support/scripted-server.ts";
import { startSimulator } from "../support/simulator.ts";

test("from reads what can be read of anything, and never throws", () => {
  const fails = () => {
    throw new Error("a getter");
  };
  const hostile = Object.defineProperties(
    { kind: "network", outcome: "refused" },
    { message: { get: fails }, status: { get: fails } },
  );
  const error = FireblocksError.from(hostile as unknown as FireblocksErrorJSON);
  expect(error).toMatchObject({ kind: "network", outcome: "refused" });
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  for (const given of [proxy, undefined, null, 7, "text", new Proxy({}, { get: fails })]) {
    const nothing = FireblocksError.from(given as FireblocksErrorJSON);
    expect(nothing).toMatchObject({ kind: "internal", outcome: "unknown", attempts: 0 });
    expect(given instanceof FireblocksError).toBe(false);
  }
  expect(FireblocksError.from(error)).toEqual(error);
});

describe("the gateway codes -1 … -12", () => {
  const remedies: [code: number, remedy: RegExp][] = [
    [-1, /secret key/i],
    [-2, /X-API-Key|API key/],
    [-3, /token|Authorization/],
    [-4, /path|basePath/],
    [-5, /certificate.*expired/i],
    [-6, /apiKey|API user/],
    [-7, /apiKey.*basePath|basePath.*region|region/],
    [-8, /Admin/],
    [-10, /clock/],
    [-12, /clock/],
  ];
  test.each(remedies)("%d has its remedy", async (code, remedy) => {
    const body = JSON.stringify({ message: "the server's words", code });
    const client = await signingClient(await scriptedServer({ status: 401, body }), { maxRetries: 0 });
    const error = await failureOf(client.resetDevice(USER_ID));
    expect(error).toMatchObject({ kind: "authentication", code, outcome: "refused", status: 401 });
    expect(error.message).toMatch(remedy);
    expect(error.message).toContain("the server's words");
  });

  test("the simulator's real ones: a wrong key, a wrong API key", async () => {
    const simulator = await startSimulator();
    const other = await simulator.control.makeApiKey("ADMIN");
    const wrongSecret = await simulatorClient(simulator, { secretKey: other.secretKey });
    expect(await failureOf(wrongSecret.getWorkspace())).toMatchObject({ kind: "authentication", code: -1 });
    const wrongApiKey = await simulatorClient(simulator, { apiKey: "00000000-0000-4000-8000-000000000000" });
    expect(await failureOf(wrongApiKey.getWorkspace())).toMatchObject({ kind: "authentication", code: -7 });
  });
});

test("the error has its own name, wherever it is printed", async () => {
  const client = await signingClient(await scriptedServer({ status: 404 }));
  const error = await failureOf(client.resetDevice(USER_ID));
  expect(error.constructor.name).toBe("FireblocksError");
  expect(inspect(error)).toMatch(/^FireblocksError: /);
  expect(String(error)).toMatch(/^FireblocksError: /);
});

describe("the message", () => {
  test("says what happened, whether anything may have taken effect, and what to do next", async () => {
    const message = async (status: number) => {
      const client = await signingClient(await scriptedServer({ status }), { maxRetries: 0 });
      return (await failureOf(client.resetDevice(USER_ID))).message;
    };
    expect(await message(503)).toMatch(/503.*may exist.*same idempotency key/);
    expect(await message(500)).toMatch(/500.*may exist.*new idempotency key/);
    expect(await message(403)).toMatch(/403.*Admin.*Nothing was filed/);
    expect(await message(404)).toMatch(/404.*id.*Nothing was filed/);
  });

  test("of a GET says nothing of approvals", async () => {
    const client = await signingClient(await scriptedServer({ status: 503 }), { maxRetries: 0 });
    expect((await failureOf(client.getConsoleUsers())).message).not.toMatch(/approval|filed/);
  });

  test("has the cause of a broken connection behind it", async () => {
    const client = await signingClient({ basePath: `http://127.0.0.1:${await closedPort()}/v1` }, { maxRetries: 0 });
    const error = await failureOf(client.resetDevice(USER_ID));
    expect(error.kind).toBe("network");
    expect(error.cause).toBeInstanceOf(TypeError);
    expect((error.cause as { cause?: { code?: string } }).cause?.code).toBe("ECONNREFUSED");
  });
});

describe("an error can be kept and brought back", () => {
  async function anError() {
    const headers = { "X-Request-ID": "r-3", "X-Reset-Record": "record-3", "Retry-After": "7200" };
    const body = JSON.stringify({ error: { type: "VALIDATION", message: "words" }, code: 12 });
    const client = await signingClient(await scriptedServer({ status: 429, headers, body }));
    return failureOf(client.resetDevice(USER_ID, "kept-key"));
  }

  test("toJSON has every documented member, and JSON has nothing else", async () => {
    const error = await anError();
    const { message } = error;
    const expected: FireblocksErrorJSON = {
      name: "FireblocksError",
      message,
      kind: "rateLimited",
      outcome: "refused",
      retryable: true,
      attempts: 1,
      status: 429,
      code: 12,
      type: "VALIDATION",
      requestId: "r-3",
      idempotencyKey: "kept-key",
      recordId: "record-3",
      retryAfterMs: 7_200_000,
    };
    expect(error.toJSON()).toEqual(expected);
    expect(JSON.parse(JSON.stringify(error))).toEqual(expected);
  });

  test("FireblocksError.from brings it back, also from a structured clone and a store", async () => {
    const error = await anError();
    for (const json of [error.toJSON(), structuredClone(error.toJSON()), JSON.parse(JSON.stringify(error))]) {
      const back = FireblocksError.from(json);
      expect(back).toBeInstanceOf(FireblocksError);
      expect(back).toBeInstanceOf(Error);
      expect(back.toJSON()).toEqual(error.toJSON());
      expect(back.stack).toContain("FireblocksError");
    }
  });

  test("the cause stays out of the JSON", async () => {
    const client = await signingClient(await scriptedServer("hangUp"), { maxRetries: 0 });
    const error = await failureOf(client.resetDevice(USER_ID));
    expect(error.cause).toBeDefined();
    expect(error.toJSON()).not.toHaveProperty("cause");
  });

  test("a kind that is newer than this package becomes “internal”; what may have happened stays", () => {
    const json = {
      ...({} as FireblocksErrorJSON),
      message: "m",
      kind: "sunshine" as "network",
      outcome: "refused" as const,
    };
    expect(FireblocksError.from(json)).toMatchObject({ kind: "internal", outcome: "refused", message: "m" });
  });

  test.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["a string", "FireblocksError"],
    ["an empty object", {}],
    ["an outcome that does not exist", { name: "FireblocksError", message: "m", kind: "network", outcome: "fine" }],
    ["members of wrong types", { name: "FireblocksError", message: 1, kind: 2, outcome: 3, attempts: "x", status: {} }],
  ])("from %s: a TypeError, or an error that claims no more than it knows", (_, json) => {
    let back: FireblocksError;
    try {
      back = FireblocksError.from(json as FireblocksErrorJSON);
    } catch (error) {
      expect(error).toBeInstanceOf(TypeError);
      return;
    }
    expect(back).toBeInstanceOf(FireblocksError);
    expect(back.outcome).toBe("unknown");
    expect(typeof back.message).toBe("string");
  });
});

describe("the odd ways in which a call is stopped", () => {
  test.each<[string, unknown]>([
    ["a string", "reason"],
    ["a number", 0],
    ["null", null],
    ["an object without prototype", Object.create(null)],
    ["a symbol", Symbol("s")],
    ["an Error", new Error("mine")],
    ["a DOMException", new DOMException("late", "TimeoutError")],
  ])("aborted with %s: the call settles, and the reason is the cause as it was given", async (_, reason) => {
    const client = await signingClient(await scriptedServer("never"));
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), 50);
    const error = await failureOf(client.resetDevice(USER_ID, undefined, { signal: controller.signal }));
    expect(error.kind).toBe("aborted");
    expect(error.cause).toBe(reason);
    const before = await failureOf(client.resetDevice(USER_ID, undefined, { signal: AbortSignal.abort(reason) }));
    expect(before).toMatchObject({ kind: "aborted", outcome: "notSent", attempts: 0 });
    expect(before.cause).toBe(reason);
  });

  test.each<[string, unknown]>([
    ["a string", "signal"],
    ["an object", {}],
    ["a number", 1],
  ])("a signal that is %s is refused, or ignored where it can never fire; the call settles", async (_, signal) => {
    const client = await signingClient(await scriptedServer({ headers: { "X-Request-ID": "r" } }));
    const settled = await client.resetDevice(USER_ID, undefined, { signal: signal as AbortSignal }).then(
      () => "fulfilled",
      (error) => error.kind,
    );
    expect(["fulfilled", "invalidArgument"]).toContain(settled);
  });
});

/** A port on this machine where nothing listens. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
