// What a client calls of its caller's may call the same client again: each call stays one of its own.

import { type Client, type ClientConfig, createClient } from "fireblocks-reset-device";
import { describe, expect, test } from "vitest";
import { API_KEY, USER_ID } from "../support/clients.ts";

const USERS = { users: [{ id: "u1" }] };

/** A client whose `during` begins another call the first time, and everything that it has asked for. */
async function nesting(during: "fetch" | "secretKey" | "onAttempt", statuses: number[]) {
  const asked: string[] = [];
  let [begun, inner]: [boolean, Promise<unknown> | undefined] = [false, undefined];
  const begin = (place: string) => {
    if (place !== during || begun) return;
    begun = true;
    inner = client.getConsoleUsers();
  };
  const config: ClientConfig = {
    basePath: "http://127.0.0.1:9/v1",
    apiKey: API_KEY,
    secretKey: () => {
      begin("secretKey");
      return new Uint8Array(256);
    },
    fetch: async (_, init) => {
      const method = String(init?.method);
      asked.push(method);
      begin("fetch");
      await new Promise((resolve) => setTimeout(resolve, method === "POST" ? 20 : 5));
      return method === "POST"
        ? new Response(null, { status: statuses.shift() ?? 200, headers: { "X-Request-ID": "r" } })
        : Response.json(USERS);
    },
    onAttempt: () => begin("onAttempt"),
  };
  const client: Client = await createClient(config);
  return { client, asked, inner: () => inner };
}

describe.each(["fetch", "secretKey", "onAttempt"] as const)("a call begun from within %s", (during) => {
  test("leaves the call around it its answer, and has its own", async () => {
    const { client, asked, inner } = await nesting(during, [200]);
    await expect(client.resetDevice(USER_ID, "k-1")).resolves.toEqual({
      requestId: "r",
      idempotencyKey: "k-1",
      attempts: 1,
    });
    await expect(inner()).resolves.toEqual(USERS);
    expect(asked.toSorted()).toEqual(["GET", "POST"]);
  });

  test("neither hurries nor doubles a retry", async () => {
    const { client, asked, inner } = await nesting(during, [503, 200]);
    await expect(client.resetDevice(USER_ID, "k-1")).resolves.toMatchObject({ attempts: 2 });
    await expect(inner()).resolves.toEqual(USERS);
    expect(asked.toSorted()).toEqual(["GET", "POST", "POST"]);
  });
});
