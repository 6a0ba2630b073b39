import { beforeEach, describe, expect, it } from "vitest";
import { CODES } from "../src/errors";
import { Client, cleanWorld, errorOf, gateway, people, simulator, tokenOf } from "./setup/world";

beforeEach(cleanWorld);

/** What the page's document names as its script. */
const scriptOf = (document: string) => /\/assets\/[\w.-]+\.js/.exec(document)?.[0] ?? "";

const nobody = (settings = {}) => new Client(gateway(settings), undefined);

/** The one link of a document, with its text. */
function linkOf(document: string): { href: string; text: string } {
  const links = [...document.matchAll(/<a href="([^"]*)">([^<]*)<\/a>/g)];
  expect(links).toHaveLength(1);
  return { href: (links[0]?.[1] ?? "").replaceAll("&amp;", "&"), text: links[0]?.[2] ?? "" };
}

describe("whoever opens an address of the page and has not signed in", () => {
  const signIns: [string, Parameters<typeof tokenOf>[0] | undefined, string][] = [
    ["with no token", undefined, "Sign in to go on."],
    ["with an expired token", { email: people.amara, expiresIn: -60 }, "Your sign-in has expired. Sign in again."],
    ["with a forged token", { email: people.amara, alg: "none" }, "Your sign-in is not accepted. Sign in again."],
  ];

  it.each(signIns)("%s reads that, with one link to sign in", async (_, token, sentence) => {
    const response = await new Client(gateway(), token && tokenOf(token)).open("/");
    expect(response.status).toBe(401);
    expect(response.headers.get("Content-Type")).toMatch(/^text\/html; charset=utf-8$/i);
    expect(response.headers.get("Cache-Control")).toBe("no-store");
    const document = await response.text();
    expect(document).toContain(`<p>${sentence}</p>`);
    expect(linkOf(document)).toEqual({
      text: "Sign in",
      href: `${simulator.teamDomain}/cdn-cgi/access/login/127.0.0.1:8787?kid=${simulator.audience}&redirect_url=%2F`,
    });
  });

  it("comes back to where they were, and nowhere else", async () => {
    const back = async (path: string) => {
      const document = await (await nobody().open(path)).text();
      return new URL(linkOf(document).href).searchParams.get("redirect_url");
    };
    expect(await back("/resets?state=unknown&askedBy=a%40b.example")).toBe(
      "/resets?state=unknown&askedBy=a%40b.example",
    );
    expect(await back("/?q=%22%3E%3Cscript%3E")).toBe("/?q=%22%3E%3Cscript%3E");
    expect(await back("//evil.example/")).toBe("/");
    expect(await back("/\\evil.example/")).toBe("/");
  });

  it("gets nothing of what they wrote into the address", async () => {
    for (const path of ["/?q=<script>alert(1)</script>", '/"><img>', "/?q='onclick='"]) {
      const document = await (await nobody().open(path)).text();
      expect(document, path).not.toMatch(/<script|<img|'onclick|"onclick/);
    }
  });

  it("gets a page that needs no file, whose one style sheet its policy names", async () => {
    const response = await nobody().open("/resets");
    const document = await response.text();
    expect(document).not.toMatch(/<(script|link|img)|src=|@import|url\(|style="/);
    expect(document).toMatch(/<html lang="en">.*<title>You are signed out · Device resets<\/title>/s);
    expect(document).toMatch(/<main>.*<h1>You are signed out<\/h1>.*<\/main>/s);
    const [, style = ""] = /<style>(.*)<\/style>/s.exec(document) ?? [];
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(style)));
    const hash = `'sha256-${btoa(String.fromCharCode(...digest))}'`;
    expect(response.headers.get("Content-Security-Policy")).toContain(`; style-src 'self' ${hash};`);
  });

  it("is known by what old browsers send, too", async () => {
    const response = await nobody().bare("GET", "/", { headers: { Accept: "text/html,application/xhtml+xml" } });
    expect(response.headers.get("Content-Type")).toContain("text/html");
    expect(response.status).toBe(401);
  });
});

describe("without a sign-in", () => {
  it("no file of the page is given out, and the refusal is not kept", async () => {
    const script = scriptOf(await (await gateway().as({ email: people.amara }).open("/")).text());
    for (const path of [script, "/favicon.svg", "/index.html", "/assets/gone.js"]) {
      const response = await nobody().get(path);
      expect(response.status, path).toBe(401);
      expect(response.headers.get("Cache-Control")).toBe("no-store");
      expect(await errorOf(response)).toMatchObject({ code: CODES.signedOut, error: { type: "AUTHENTICATION" } });
    }
  });

  it("every method and address is alike, but for the health", async () => {
    for (const [method, path] of [
      ["HEAD", "/"],
      ["POST", "/"],
      ["OPTIONS", "/"],
      ["GET", "/nowhere"],
      ["GET", "/api"],
      ["GET", "/api/health/"],
      ["POST", "/api/health"],
      ["GET", "/%61pi/session"],
      ["GET", "//api/session"],
    ] as const) {
      expect((await nobody().request(method, path)).status, `${method} ${path}`).toBe(401);
    }
    expect((await nobody().get("/api/health")).status).toBe(200);
  });

  it("nothing is given out where nobody can be recognised: the person reads why", async () => {
    const without = nobody({ ACCESS_AUD: undefined });
    const opened = await without.open("/");
    expect(opened.status).toBe(503);
    expect(await opened.text()).toContain("This worker is not configured rightly.");
    expect((await without.get("/favicon.svg")).status).toBe(503);
  });

  it("a worker that has no page is no other", async () => {
    const without = gateway({ ASSETS: undefined });
    expect((await new Client(without, undefined).open("/")).status).toBe(401);
    expect((await without.as({ email: people.amara }).open("/")).status).toBe(404);
  });
});
