import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { beforeEach, describe, expect, it } from "vitest";
import type { Bindings } from "../src/configuration/bindings";
import { createGateway } from "../src/gateway";
import { cleanWorld, errorOf, gateway, origin, people, tokenOf, upstreamLog, userId } from "./setup/world";

beforeEach(cleanWorld);

/** Another Worker, whose own names for things are its own. */
interface Host {
  RESETS: Bindings;
}

describe("mounted in another Worker", () => {
  const webhookSecret = "0123456789abcdef".repeat(4);
  const host: Host = { RESETS: gateway({ FIREBLOCKS_WEBHOOK_SECRET: webhookSecret }).env };
  const mounted = createGateway<Host>({ prefix: "/fireblocks", bindings: ({ RESETS }) => RESETS, log: () => {} });

  async function send(path: string, init: RequestInit = {}): Promise<Response> {
    const ctx = createExecutionContext();
    const response = await mounted.fetch(new Request(`${origin}${path}`, init), host, ctx);
    await waitOnExecutionContext(ctx);
    return response;
  }

  const signedIn = async () => ({
    "Cf-Access-Jwt-Assertion": await tokenOf({ email: people.amara, notBefore: -600 }),
    "Sec-Fetch-Site": "same-origin",
    Origin: origin,
  });

  it("it resets under its prefix, and nowhere else", async () => {
    const noor = await userId(people.noor);
    const ask = async (prefix: string) =>
      send(`${prefix}/v1/management/users/${noor}/reset_device`, {
        method: "POST",
        headers: { ...(await signedIn()), "Content-Type": "application/json" },
        body: JSON.stringify({ reason: "Lost phone", verifiedBy: "Video call" }),
      });
    expect((await ask("")).status).toBe(404);
    expect((await ask("/fireblocks")).status).toBe(200);
    expect(await upstreamLog("resetDevice")).toHaveLength(1);
  });

  it("Fireblocks' notifications reach it under its prefix, and nowhere else", async () => {
    const notify = (prefix: string) =>
      send(`${prefix}/api/webhooks/fireblocks`, { method: "POST", headers: { "X-Webhook-Secret": webhookSecret } });
    expect((await notify("")).status).toBe(404);
    expect((await notify("/fireblocks")).status).toBe(200);
  });

  it("people come back to it from signing in and out", async () => {
    const refused = await errorOf(await send("/fireblocks/api/session"));
    expect(new URL(refused.signInUrl ?? "").searchParams.get("redirect_url")).toBe("/fireblocks/");
    const session = (await (await send("/fireblocks/api/session", { headers: await signedIn() })).json()) as {
      signOutUrl: string;
    };
    expect(new URL(session.signOutUrl).searchParams.get("returnTo")).toBe(`${origin}/fireblocks/`);
  });

  it("whoever opens an address of its page comes back there from signing in", async () => {
    const navigation = { headers: { "Sec-Fetch-Mode": "navigate" } };
    for (const path of ["/fireblocks/resets?open=true", "/fireblocks"]) {
      const document = await (await send(path, navigation)).text();
      expect(document).toContain(`redirect_url=${encodeURIComponent(path)}"`);
    }
  });

  it("its page has its files, kept for ever as ever, for whoever has signed in", async () => {
    const headers = await signedIn();
    expect((await send("/fireblocks/")).status).toBe(401);
    const page = await send("/fireblocks/", { headers });
    expect(page.headers.get("Content-Type")).toContain("text/html");
    const file = /\/assets\/[\w.-]+\.js/.exec(await page.text())?.[0];
    expect((await send(`/fireblocks${file}`)).status).toBe(401);
    const kept = await send(`/fireblocks${file}`, { headers });
    expect(kept.headers.get("Content-Type")).toContain("javascript");
    expect(kept.headers.get("Cache-Control")).toContain("immutable");
    expect((await send("/fireblocks", { headers })).headers.get("Content-Type")).toContain("text/html");
  });
});
