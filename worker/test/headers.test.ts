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
    expect(directives.get("script-src")).toBe("script-src 'self' 'wasm-unsafe-eval'");
    expect(directives.get("frame-ancestors")).toBe("frame-ancestors 'none'");
    expect(directives.get("base-uri")).toBe("base-uri 'none'");
    expect(directives.get("require-trusted-types-for")).toBe("require-trusted-types-for 'script'");
    expect(directives.has("trusted-types")).toBe(true);
    expect(csp).not.toMatch(/unsafe-eval'(?<!wasm-unsafe-eval')|unsafe-inline|unsafe-hashes|\*/);
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
