// A redirect is an error: nothing that carries a credential goes where Fireblocks did not say.

import { describe, expect, test } from "vitest";
import { failureOf, gatewayClient, signingClient, USER_ID } from "../support/clients.ts";
import { accepted, scriptedServer } from "../support/scripted-server.ts";

test.each([300, 301, 302, 303, 307, 308])("%d is not followed, and names the target's origin only", async (status) => {
  const target = await scriptedServer(accepted);
  const { origin } = new URL(target.basePath);
  const Location = `${origin.replace("http://", "http://user:word@")}/private/path?token=secret#part`;
  const server = await scriptedServer({ status, headers: { Location, "X-Request-ID": "r" } });
  for (const client of [await signingClient(server), await gatewayClient(server)]) {
    for (const call of [() => client.resetDevice(USER_ID), () => client.getConsoleUsers()]) {
      const error = await failureOf(call());
      expect(error).toMatchObject({ kind: "redirect", status, attempts: 1, retryable: false });
      expect(error.message).toContain(origin);
      expect(JSON.stringify(error)).not.toMatch(/private|secret|word|part/);
    }
  }
  expect(target.requests).toEqual([]);
});

test("through a gateway it leads to a sign-in, most likely: basePath is not blamed", async () => {
  const Location = "https://team.cloudflareaccess.com/cdn-cgi/access/login";
  const error = await failureOf(
    (await gatewayClient(await scriptedServer({ status: 302, headers: { Location } }))).getWorkspace(),
  );
  expect(error.message).toMatch(/^The address redirects to https:\/\/team\.cloudflareaccess\.com, .*\. Sign in again/);
  expect(error.message).not.toContain("basePath");
});

test.each([
  ["no Location", {}],
  ["a Location that is no address", { Location: "http://[" }],
  ["a Location of another scheme", { Location: "javascript:alert(1)" }],
  ["a path", { Location: "/elsewhere" }],
])("with %s it is an error all the same", async (_, headers) => {
  const server = await scriptedServer({ status: 302, headers: headers as Record<string, string> });
  const error = await failureOf((await signingClient(server)).resetDevice(USER_ID));
  expect(error).toMatchObject({ kind: "redirect", status: 302, attempts: 1, outcome: "unknown" });
  expect(error.message).not.toMatch(/elsewhere|alert|null/);
  expect(server.requests).toHaveLength(1);
});

test("304 is an error too: the client asks no conditional questions", async () => {
  const client = await signingClient(await scriptedServer({ status: 304 }));
  const error = await failureOf(client.getConsoleUsers());
  expect(error).toMatchObject({ kind: "redirect", status: 304 });
  expect(error.message).toMatch(/^The response says that nothing has changed/);
});

test.each([undefined, null, "", Number.NaN, "ok", 0])(
  "a status of %s is no response, and no redirect",
  async (status) => {
    const odd = async () => ({ status, headers: new Headers(), body: null }) as unknown as Response;
    const client = await signingClient({ basePath: "http://127.0.0.1:9/v1" }, { fetch: odd });
    const error = await failureOf(client.resetDevice(USER_ID));
    expect(error).toMatchObject({ kind: "unexpectedResponse", outcome: "unknown", attempts: 1 });
    expect(error.message).toContain("fetch gave no response that can be read");
  },
);

describe("a response whose status is hidden is told by its type", () => {
  const failureWith = async (type: ResponseType) => {
    const hidden = async () => ({ type, status: 0, headers: new Headers(), body: null }) as Response;
    const config = { fetch: hidden, maxRetries: 0 };
    return failureOf((await signingClient({ basePath: "http://127.0.0.1:9/v1" }, config)).resetDevice(USER_ID));
  };

  test("opaqueredirect, as browsers have it for a redirect that is not followed", async () => {
    const error = await failureWith("opaqueredirect");
    expect(error).toMatchObject({ kind: "redirect", outcome: "unknown", attempts: 1 });
  });

  test("error, the type of Response.error(): the connection has failed", async () => {
    const error = await failureWith("error");
    expect(error).toMatchObject({ kind: "network", outcome: "unknown", attempts: 1, retryable: true });
    expect(error.message).not.toMatch(/redirect/);
  });

  test("opaque, of a fetch in the mode no-cors: nothing can be known of it", async () => {
    const error = await failureWith("opaque");
    expect(error).toMatchObject({ kind: "unexpectedResponse", outcome: "unknown", attempts: 1 });
    expect(error.message).toContain("fetch gave no response that can be read");
  });
});

test("a replacement for fetch that follows one is caught: whoever answered is not who was asked", async () => {
  const target = await scriptedServer(accepted);
  const server = await scriptedServer({ status: 307, headers: { Location: `${target.basePath}/elsewhere` } });
  const follows: typeof fetch = (input, init) => fetch(input, { ...init, redirect: "follow" });
  const error = await failureOf((await signingClient(server, { fetch: follows })).resetDevice(USER_ID));
  expect(error).toMatchObject({ kind: "redirect", outcome: "unknown", attempts: 1 });
  expect(error.message).toContain(new URL(target.basePath).origin);
  expect(error.message).not.toContain("elsewhere");
});
