// The default client: which configuration a call meets, in whatever order they are given and become ready.

import { type ClientConfig, configure, getAuditLogs, getWorkspace } from "fireblocks-reset-device";
import * as slim from "fireblocks-reset-device/slim";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { API_KEY, failureOf } from "../support/clients.ts";
import { scriptedServer } from "../support/scripted-server.ts";
import { usualPem } from "../support/secret-keys.ts";

/** A configuration whose answers are `name`; nothing leaves. */
function named(name: string): ClientConfig {
  return { basePath: "http://127.0.0.1:9/v1", fetch: async () => new Response(JSON.stringify({ name })) };
}

/** The same with a key that is being read until `ready` is called. */
function slow(name: string): { config: ClientConfig; ready: () => void } {
  const importKey = crypto.subtle.importKey.bind(crypto.subtle) as (...args: unknown[]) => Promise<CryptoKey>;
  const { promise, resolve: ready } = Promise.withResolvers<void>();
  const late = async (...args: unknown[]) => {
    // The bytes are wiped once the import is over, so they are taken now.
    const imported = importKey(...args);
    await promise;
    return imported;
  };
  // biome-ignore lint/suspicious/noExplicitAny: the overloads of importKey.
  const spy = vi.spyOn(crypto.subtle, "importKey").mockImplementationOnce(late as any);
  onTestFinished(() => spy.mockRestore());
  return { config: { ...named(name), apiKey: API_KEY, secretKey: usualPem() }, ready };
}

const broken: ClientConfig = { apiKey: API_KEY, secretKey: "broken" };

/** Long enough for whatever is ready to be taken over. */
const turns = () => new Promise((resolve) => setTimeout(resolve, 20));

describe("before the first configuration", () => {
  test("a call is refused, and so it is after one that cannot work", async () => {
    const refusal = { kind: "configuration", outcome: "notSent", message: expect.stringContaining("call configure") };
    expect(await failureOf(slim.getWorkspace())).toMatchObject(refusal);
    const failed = slim.configure({ basePath: "no address" });
    const between = slim.getWorkspace();
    expect(await failureOf(failed)).toMatchObject({ message: expect.stringContaining("basePath") });
    expect(await failureOf(between)).toMatchObject(refusal);
    expect(await failureOf(slim.getWorkspace())).toMatchObject(refusal);
  });
});

describe("the last configuration counts", () => {
  test("from the moment it is given: a call waits until it is ready", async () => {
    await configure(named("before"));
    const { config, ready } = slow("after");
    const configured = configure(config);
    const asked = getWorkspace();
    await turns();
    ready();
    expect(await asked).toEqual({ name: "after" });
    await configured;
  });

  test("however long the one before it takes", async () => {
    const { config, ready } = slow("first");
    const first = configure(config);
    await turns();
    await configure(named("second"));
    expect(await getWorkspace()).toEqual({ name: "second" });
    ready();
    await first;
    expect(await getWorkspace()).toEqual({ name: "second" });
    // What was ready last is not what was given last.
    await failureOf(configure(broken));
    expect(await getWorkspace()).toEqual({ name: "second" });
  });

  test("unless it cannot work: then the one before it, ready or not", async () => {
    await configure(named("oldest"));
    const { config, ready } = slow("before");
    const before = configure(config);
    await turns();
    await failureOf(configure(broken));
    const asked = getWorkspace();
    await turns();
    ready();
    expect(await asked).toEqual({ name: "before" });
    await before;
  });

  test("a call that is made while a configuration fails is answered by the one before", async () => {
    await configure(named("works"));
    const failed = failureOf(configure(broken));
    expect(await getWorkspace()).toEqual({ name: "works" });
    expect(await failed).toMatchObject({ kind: "configuration", outcome: "notSent" });
  });

  test("two that fail at once leave the one before in place", async () => {
    await configure(named("works"));
    const failed = [failureOf(configure(broken)), failureOf(configure(broken))];
    expect(await getWorkspace()).toEqual({ name: "works" });
    await Promise.all(failed);
    expect(await getWorkspace()).toEqual({ name: "works" });
  });
});

test("a configuration is read before configure returns", async () => {
  const first = await scriptedServer({ body: '{"name":"first"}' });
  const config = { basePath: first.basePath, headers: { "X-Tenant": "1" } };
  const configured = configure(config);
  config.basePath = "http://127.0.0.1:9/v1";
  config.headers["X-Tenant"] = "2";
  await configured;
  expect(await getWorkspace()).toEqual({ name: "first" });
  expect(first.requests[0]?.headers["x-tenant"]).toBe("1");
});

test("what a bare function is given is read before it returns, too", async () => {
  const asked: string[] = [];
  const fetch = async (url: string | URL | Request) => {
    asked.push(new URL(String(url)).search);
    return new Response('{"data":[]}');
  };
  await configure({ basePath: "http://127.0.0.1:9/v1", fetch });
  const params = { user: "a" };
  const first = getAuditLogs(params);
  params.user = "b";
  await Promise.all([first, getAuditLogs(params)]);
  expect(asked.sort()).toEqual(["?user=a", "?user=b"]);
});
