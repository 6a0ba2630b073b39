import { beforeEach, describe, expect, it } from "vitest";
import { Client, cleanWorld, gateway, origin, people } from "./setup/world";

beforeEach(cleanWorld);

const page = () => gateway().as({ email: people.amara }).open("/");
const api = () => gateway().as({ email: people.amara }).get("/api/session");
const refused = () => gateway().send(new Request(`${origin}/api/session`));
const missing = () => gateway().as({ email: people.amara }).get("/api/nothing");
const signedOut = () => new Client(gateway(), undefined).open("/");

describe.each([
  ["the page", page],
  ["an answer of the API", api],
  ["a refusal", refused],
  ["an address that is not there", missing],
  ["what a person reads who has not signed in", signedOut],
])("%s", (_, load) => {
  it("forbids framing, sniffing, referrers and scripts of others", async () => {
    const { headers } = await load();
    expect(headers.get("X-Frame-Options")).toBe("DENY");
    expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
    expect(headers.get("Referrer-Policy")).toBe("no-referrer");
    expect(headers.get("Strict-Transport-Security")).toMatch(/^max-age=\d{8,}/);
    expect(headers.get("Cross-Origin-Opener-Policy")).toBe("same-origin");
    const csp = headers.get("Content-Security-Policy") ?? "";
    const directives = new Map(csp.split(";").map((part) => [part.trim().split(" ")[0], part.trim()]));
    expect(directives.get("default-src")).toBe("default-src 'none'");
    expect(directives.get("script-src")).toMatch(/^script-src 'self' 'wasm-unsafe-eval' 'sha256-[\w+/=]{44}'$/);
    expect(directives.get("style-src")).toMatch(/^style-src 'self' 'sha256-[\w+/=]{44}'$/);
    expect(directives.get("frame-ancestors")).toBe("frame-ancestors 'none'");
    expect(directives.get("base-uri")).toBe("base-uri 'none'");
    expect(directives.get("require-trusted-types-for")).toBe("require-trusted-types-for 'script'");
    expect(directives.has("trusted-types")).toBe(true);
    expect(csp).not.toMatch(/unsafe-eval'(?<!wasm-unsafe-eval')|unsafe-hashes|unsafe-inline|\*/);
  });
});

describe("answers of the API", () => {
  it.each([
    ["an answer", api],
    ["a refusal", refused],
    ["nothing", missing],
  ])("are not kept anywhere: %s", async (_, load) => {
    expect((await load()).headers.get("Cache-Control")).toBe("no-store");
  });

  it("carry an id that the log has too", async () => {
    const world = gateway();
    const response = await world.as({ email: people.amara }).get("/api/session");
    const id = response.headers.get("X-Gateway-Request-ID");
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(world.log.filter((entry) => entry.event === "request").map((entry) => entry.requestId)).toEqual([id]);
  });

  it("have a line with their route, also where they were refused before any route", async () => {
    const world = gateway();
    const id = crypto.randomUUID();
    await new Client(world, undefined).get(`/api/resets/${id}`);
    await world.as({ email: people.amara }).bare("GET", "/api/users");
    expect(world.log.map(({ event, route, status }) => ({ event, route, status }))).toEqual([
      { event: "request", route: "/api/resets/:id", status: 401 },
      { event: "request", route: "/api/users", status: 403 },
    ]);
  });

  it("are JSON also where nothing is", async () => {
    const response = await gateway().as({ email: people.amara }).post("/v1/management/users");
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ outcome: "refused", error: { type: "NOT_FOUND" } });
  });
});

describe("the page", () => {
  it.each([
    ["a role", people.amara],
    ["no role", people.eli],
  ])("is served to whoever has signed in, with its own address for each screen: %s", async (_, email) => {
    const person = gateway().as({ email });
    for (const path of ["/", "/history", "/resets/1"]) {
      const response = await person.open(path);
      expect(response.status, path).toBe(200);
      expect(response.headers.get("Content-Type")).toContain("text/html");
    }
  });

  it("has files that this browser keeps for ever, and none that only seems to be one", async () => {
    const index = await (await page()).text();
    const file = /\/assets\/[\w.-]+\.js/.exec(index)?.[0];
    expect(file).toBeDefined();
    const amara = gateway().as({ email: people.amara });
    const kept = await amara.get(file ?? "");
    expect(kept.headers.get("Content-Type")).toContain("javascript");
    expect(kept.headers.get("Cache-Control")).toMatch(/^private, max-age=\d{8}, immutable$/);
    for (const path of ["/", "/assets/gone.js"]) {
      expect((await amara.get(path)).headers.get("Cache-Control"), path).toBe("private, no-cache");
    }
  });

  it("has inline what the policy names by its hash, and nothing else", async () => {
    const response = await page();
    const policy = response.headers.get("Content-Security-Policy") ?? "";
    const html = await response.text();
    for (const [directive, tag] of [
      ["script-src", "script"],
      ["style-src", "style"],
    ] as const) {
      const named = new RegExp(`${directive} ([^;]*)`).exec(policy)?.[1]?.match(/sha256-[^']+/g);
      const inline = [...html.matchAll(new RegExp(`<${tag}(?![^>]* src=)[^>]*>([\\s\\S]*?)</${tag}>`, "g"))];
      const hashes = inline.map(async ([, text]) => {
        const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
        return `sha256-${btoa(String.fromCharCode(...new Uint8Array(hash)))}`;
      });
      expect(await Promise.all(hashes), tag).toEqual(named);
    }
    expect(html).not.toMatch(/ (style|on\w+)="/);
  });

  it("takes nothing but reading", async () => {
    for (const method of ["POST", "PUT", "DELETE"]) {
      expect((await gateway().as({ email: people.amara }).request(method, "/")).status).toBe(404);
    }
  });
});
