// Defects that were found in other clients of this API, each shown where that client is installed here
// (@fireblocks/ts-sdk and the older fireblocks-sdk), and shown to be absent from ours.

import { execFile } from "node:child_process";
import { inspect, promisify } from "node:util";
import { Fireblocks } from "@fireblocks/ts-sdk";
import { FireblocksError } from "fireblocks-reset-device";
import { FireblocksSDK } from "fireblocks-sdk";
import { describe, expect, test } from "vitest";
import { repository } from "../../scripts/base/environment.mjs";
import { API_KEY, failureOf, signingClient, USER_ID } from "./support/clients.ts";
import { accepted, type ScriptedServer, scriptedServer } from "./support/scripted-server.ts";
import { usualPem } from "./support/secret-keys.ts";

function tsSdk({ basePath }: ScriptedServer) {
  return new Fireblocks({ basePath, apiKey: API_KEY, secretKey: usualPem() });
}

/** Takes its base path without `/v1`. */
function olderSdk({ basePath }: ScriptedServer) {
  return new FireblocksSDK(usualPem(), API_KEY, basePath.replace(/\/v1$/, ""));
}

/** What a peer throws, whatever it is. */
async function thrownBy(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.unreachable("the call must fail"),
    (error: unknown) => error,
  );
}

describe("an idempotency key is sent as it was given, or refused", () => {
  const broken = [
    { key: "bad\nkey", theirs: "badkey", reason: "visible ASCII" },
    { key: "ключ", theirs: "", reason: "visible ASCII" },
    { key: "", theirs: "", reason: "empty" },
    { key: "k".repeat(41), theirs: "k".repeat(41), reason: "40 characters" },
  ];
  test.each(broken)(
    "ts-sdk sends $key as “$theirs”; ours refuses it, and sends nothing",
    async ({ key, theirs, reason }) => {
      const server = await scriptedServer(accepted);
      await tsSdk(server).resetDevice.resetDevice({ id: USER_ID, idempotencyKey: key });
      expect(server.requests.map((request) => request.headers["idempotency-key"])).toEqual([theirs]);

      const client = await signingClient(server);
      const error = await failureOf(client.resetDevice(USER_ID, key));
      expect(error).toMatchObject({ kind: "invalidArgument", outcome: "notSent", attempts: 0 });
      expect(error.message).toContain(reason);
      expect(server.requests).toHaveLength(1);
    },
  );

  test("the older Python SDK cannot send a key for a reset at all; ours always sends one", async () => {
    const server = await scriptedServer(accepted);
    const client = await signingClient(server);
    const { idempotencyKey } = await client.resetDevice(USER_ID);
    expect(server.requests[0]?.headers["idempotency-key"]).toBe(idempotencyKey);
    expect(idempotencyKey).toHaveLength(36);
  });
});

describe("an id stays one segment of the path that is called", () => {
  test.each(["..", "."])("ts-sdk posts the id %j to another path; ours refuses it, and sends nothing", async (id) => {
    const server = await scriptedServer(accepted);
    await tsSdk(server).resetDevice.resetDevice({ id });
    const elsewhere = id === ".." ? "/v1/management/reset_device" : "/v1/management/users/reset_device";
    expect(server.requests.map((request) => request.target)).toEqual([elsewhere]);

    const client = await signingClient(server);
    expect(await failureOf(client.resetDevice(id))).toMatchObject({ kind: "invalidArgument", outcome: "notSent" });
    expect(server.requests).toHaveLength(1);
  });

  test("the older SDK does not encode ids, and signs another path than it calls; ours does neither", async () => {
    const server = await scriptedServer(accepted);
    await olderSdk(server).resetDeviceRequest("user/1 a");
    const [theirs] = server.requests;
    expect(theirs?.target).toBe("/v1/management/users/user/1%20a/reset_device");
    expect(theirs?.jwt?.claims.uri).not.toBe(theirs?.target);

    const client = await signingClient(server);
    await client.resetDevice("user/1 a");
    const ours = server.requests[1];
    expect(ours?.target).toBe("/v1/management/users/user%2F1%20a/reset_device");
    expect(ours?.jwt?.claims.uri).toBe(ours?.target);
  });
});

describe("an error tells what Fireblocks said", () => {
  const forbidden = { status: 403, body: '{"error":{"type":"AUTHORIZATION","message":"Ask the Owner"}}' };
  test("ts-sdk loses the documented message; ours has it, with the type and the request id", async () => {
    const server = await scriptedServer({ ...forbidden, headers: { "X-Request-ID": "request-9" } });
    const theirs = await thrownBy(tsSdk(server).resetDevice.resetDevice({ id: USER_ID }));
    expect(theirs).toMatchObject({ message: "Request failed with status code 403" });

    const client = await signingClient(server);
    const ours = await failureOf(client.resetDevice(USER_ID));
    expect(ours.message).toContain("Ask the Owner");
    expect(ours).toMatchObject({ status: 403, type: "AUTHORIZATION", requestId: "request-9", kind: "forbidden" });
  });

  test("ts-sdk answers a JSON null with a TypeError; ours with a FireblocksError", async () => {
    const server = await scriptedServer({ status: 403, headers: { "Content-Type": "application/json" }, body: "null" });
    expect(await thrownBy(tsSdk(server).resetDevice.resetDevice({ id: USER_ID }))).toBeInstanceOf(TypeError);

    const client = await signingClient(server);
    expect(await failureOf(client.resetDevice(USER_ID))).toMatchObject({ kind: "forbidden", outcome: "refused" });
  });

  test("the Python SDK fails on an error.type that is newer than it; ours passes it through", async () => {
    const server = await scriptedServer({ status: 403, body: '{"error":{"type":"QUANTUM","message":"m"}}' });
    const client = await signingClient(server);
    expect(await failureOf(client.resetDevice(USER_ID))).toMatchObject({ kind: "forbidden", type: "QUANTUM" });
  });

  test.each([
    { body: '{"message":"invalid signature","code":-1}', code: -1 },
    { body: '{ "message": "Unauthorized: Token was not accepted.", "code": -7 }', code: -7 },
  ])("the official command drops $body for its content-type; ours reads it", async ({ body, code }) => {
    const headers = { "Content-Type": "application/octet-stream" };
    const client = await signingClient(await scriptedServer({ status: 401, headers, body }));
    const ours = await failureOf(client.resetDevice(USER_ID));
    expect(ours).toMatchObject({ kind: "authentication", code, status: 401 });
    expect(ours.message).toContain(JSON.parse(body).message.replace(/\.$/, ""));
  });
});

describe("an error is an Error", () => {
  test("ts-sdk's has no stack, no name, and is not instanceof Error; ours is and has", async () => {
    const server = await scriptedServer({ status: 404 });
    const theirs = await thrownBy(tsSdk(server).resetDevice.resetDevice({ id: USER_ID }));
    expect(theirs).not.toBeInstanceOf(Error);
    expect(theirs).not.toHaveProperty("stack");

    const client = await signingClient(server);
    const ours = await failureOf(client.resetDevice(USER_ID));
    expect(ours).toBeInstanceOf(Error);
    expect(ours).toBeInstanceOf(FireblocksError);
    expect(ours.name).toBe("FireblocksError");
    expect(ours.stack).toContain("FireblocksError");
  });

  test("ts-sdk's shows the token to whoever prints it; ours holds no request at all", async () => {
    const server = await scriptedServer({ status: 404 });
    const theirs = await thrownBy(tsSdk(server).resetDevice.resetDevice({ id: USER_ID }));
    expect(inspect(theirs, { depth: 5 })).toContain("Bearer eyJ");

    const client = await signingClient(server);
    const ours = await failureOf(client.resetDevice(USER_ID));
    expect(inspect(ours, { depth: Number.POSITIVE_INFINITY, showHidden: true })).not.toMatch(/eyJ|Bearer/);
  });
});

describe("a call ends", () => {
  test("ts-sdk waits for a silent server without limit, and its resetDevice takes no signal; ours does neither", async () => {
    const server = await scriptedServer("never");
    const sdk = tsSdk(server);
    expect(sdk.resetDevice.resetDevice.length).toBe(1);
    const theirs = sdk.resetDevice.resetDevice({ id: USER_ID }).catch(() => "ended");
    const client = await signingClient(server, { timeoutMs: 500, maxRetries: 0 });
    expect(await failureOf(client.resetDevice(USER_ID))).toMatchObject({ kind: "timeout", outcome: "unknown" });
    const signal = AbortSignal.timeout(500);
    const aborted = await failureOf(client.resetDevice(USER_ID, undefined, { signal, timeoutMs: 5_000 }));
    expect(aborted).toMatchObject({ kind: "aborted", outcome: "unknown" });
    const after300ms = new Promise((resolve) => setTimeout(resolve, 300, "still waiting"));
    expect(await Promise.race([theirs, after300ms])).toBe("still waiting");
  });

  test("ts-sdk gives up at the first 429; ours waits and tries again with the same key and a new token", async () => {
    const busy = { status: 429, headers: { "Retry-After": "0" } };
    const once = await scriptedServer(busy, accepted);
    await thrownBy(tsSdk(once).resetDevice.resetDevice({ id: USER_ID }));
    expect(once.requests).toHaveLength(1);

    const server = await scriptedServer(busy, accepted);
    const client = await signingClient(server);
    expect(await client.resetDevice(USER_ID)).toMatchObject({ attempts: 2 });
    const [first, second] = server.requests;
    expect(second?.headers["idempotency-key"]).toBe(first?.headers["idempotency-key"]);
    expect(second?.jwt?.claims.nonce).not.toBe(first?.jwt?.claims.nonce);
  });

  test("ts-sdk leaves an unhandled rejection behind when a request is stopped on its way; ours leaves none", async () => {
    const key = JSON.stringify(usualPem());
    const watched = (body: string) => `
      let unhandled = 0;
      process.on("unhandledRejection", () => unhandled++);
      ${body}
      await new Promise((resolve) => setTimeout(resolve, 50));
      console.log(unhandled);`;
    const theirs = watched(`
      const { Fireblocks } = await import("@fireblocks/ts-sdk");
      const sdk = new Fireblocks({ basePath: "http://127.0.0.1:9/v1", apiKey: "k", secretKey: ${key} });
      sdk.axiosManager.axios.interceptors.request.use(() => { throw new Error("stopped"); });
      await sdk.resetDevice.resetDevice({ id: "u" }).catch(() => {});`);
    const ours = watched(`
      const { createClient } = await import("fireblocks-reset-device");
      const stopped = () => { throw new Error("stopped"); };
      for (const config of [{ fetch: stopped, secretKey: ${key} }, { secretKey: stopped }]) {
        const client = await createClient({ basePath: "http://127.0.0.1:9/v1", apiKey: "k", maxRetries: 0, ...config });
        await client.resetDevice("u").catch(() => {});
      }`);
    expect(await outputOf(theirs)).toBe("1");
    expect(await outputOf(ours)).toBe("0");
  });
});

/** What a program prints that runs in a Node of its own. */
async function outputOf(program: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], {
    cwd: repository,
    timeout: 20_000,
  });
  return stdout.trim();
}
