import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CODES } from "../src/errors";
import { Client, cleanWorld, control, errorOf, gateway, origin, people, simulator, tokenOf } from "./setup/world";

beforeEach(cleanWorld);
afterEach(() => vi.restoreAllMocks());

/** Counts what goes out to the team's certs, and can change the answers. */
function certsWatch(answer?: () => Promise<Response>) {
  const seen: string[] = [];
  const watched = (async (input: RequestInfo | URL, init?: RequestInit) => {
    const url = typeof input === "string" ? input : input instanceof URL ? input.href : input.url;
    if (url.endsWith("/cdn-cgi/access/certs")) {
      seen.push(url);
      if (answer !== undefined) return answer();
    }
    return fetch(input as RequestInfo, init);
  }) as typeof fetch;
  return { seen, fetch: watched };
}

describe("a good sign-in", () => {
  it("is known by the header", async () => {
    const response = await gateway().as({ email: people.amara }).get("/api/session");
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      email: people.amara,
      roles: ["resetter"],
      can: { read: true, reset: true, export: false, settle: true },
      environment: "local",
      workspace: { name: "Northwind Treasury" },
    });
  });

  it("is known by the cookie, among others", async () => {
    const token = await tokenOf({ email: people.amara });
    const response = await new Client(gateway(), undefined).get("/api/session", {
      Cookie: `theme=dark; CF_Authorization=${token}; x=y`,
    });
    expect(response.status).toBe(200);
  });

  it("by a bad header is not saved by a good cookie", async () => {
    const token = await tokenOf({ email: people.amara });
    const response = await new Client(gateway(), undefined).get("/api/session", {
      "Cf-Access-Jwt-Assertion": "forged",
      Cookie: `CF_Authorization=${token}`,
    });
    expect(response.status).toBe(401);
  });

  it("outlives a rotation of the keys, at once", async () => {
    const certs = certsWatch();
    const world = gateway({}, { fetch: certs.fetch });
    const before = world.as({ email: people.amara });
    expect((await before.get("/api/session")).status).toBe(200);
    await control("POST", "access/rotate", {});
    const after = world.as({ email: people.amara });
    expect((await after.get("/api/session")).status).toBe(200);
    expect((await before.get("/api/session")).status).toBe(200);
    expect(certs.seen).toHaveLength(2);
  });
});

describe("a forged sign-in is refused", () => {
  const bad: [string, Parameters<typeof tokenOf>[0]][] = [
    ["an expired token", { email: people.amara, expiresIn: -60 }],
    ["a token for another application", { email: people.amara, aud: "f".repeat(64) }],
    ["a token of another team", { email: people.amara, iss: "https://evil.cloudflareaccess.com" }],
    ["a token that is not valid yet", { email: people.amara, notBefore: 600 }],
    ["alg: none", { email: people.amara, alg: "none" }],
    ["HS256 keyed with the public key", { email: people.amara, alg: "HS256" }],
    ["a kid that the team does not have", { email: people.amara, kid: "made-up" }],
  ];

  it.each(bad)("%s", async (_, token) => {
    const response = await gateway().as(token).get("/api/session");
    expect(response.status).toBe(401);
    const body = await errorOf(response);
    expect(body.outcome).toBe("refused");
    expect(body.signInUrl).toBe(
      `${simulator.teamDomain}/cdn-cgi/access/login/127.0.0.1:8787?kid=${simulator.audience}&redirect_url=%2F`,
    );
  });

  it("an altered payload", async () => {
    const [head, payload, signature] = (await tokenOf({ email: people.priya })).split(".") as [string, string, string];
    const claims = JSON.parse(atob(payload.replaceAll("-", "+").replaceAll("_", "/"))) as Record<string, unknown>;
    const altered = btoa(JSON.stringify({ ...claims, email: people.amara })).replaceAll("=", "");
    const response = await new Client(gateway(), Promise.resolve(`${head}.${altered}.${signature}`)).get(
      "/api/session",
    );
    expect(response.status).toBe(401);
  });

  it.each(["", "x", "a.b.c", "é", "ey".repeat(4_500)])("text that is no token: %j", async (text) => {
    const response = await new Client(gateway(), undefined).get("/api/session", {
      Cookie: `CF_Authorization=${encodeURI(text)}`,
    });
    expect(response.status).toBe(401);
  });
});

it.each(["service:robot", "group:Treasury", "group-id:g1", "robot", "@northwind.example"])(
  "an e-mail that is none gives nobody another's role: %s",
  async (email) => {
    const ROLES = JSON.stringify({ resetter: ["service:robot", "group:Treasury", "group-id:g1"] });
    const world = gateway({ ROLES, ACCESS_GROUPS: "identity" });
    expect((await world.as({ email }).get("/api/session")).status).toBe(401);
  },
);

describe("the team's certs", () => {
  it("are fetched once for many requests", async () => {
    const certs = certsWatch();
    const amara = gateway({}, { fetch: certs.fetch }).as({ email: people.amara });
    for (let index = 0; index < 5; index++) expect((await amara.get("/api/session")).status).toBe(200);
    expect(certs.seen).toHaveLength(1);
  });

  it("that cannot be fetched any more serve from the last time, for an hour", async () => {
    let reachable = true;
    const certs = certsWatch(async () => {
      if (!reachable) throw new TypeError("refused");
      return fetch(`${simulator.teamDomain}/cdn-cgi/access/certs`);
    });
    const real = Date.now;
    let later = 0;
    vi.spyOn(Date, "now").mockImplementation(() => real() + later);
    const world = gateway({}, { fetch: certs.fetch });
    const amara = world.as({ email: people.amara, expiresIn: 86_400 });
    expect((await amara.get("/api/session")).status).toBe(200);
    reachable = false;
    later = 50 * 60_000;
    expect((await amara.get("/api/session")).status).toBe(200);
    expect((await world.as({ email: people.amara, aud: "f".repeat(64) }).get("/api/session")).status).toBe(401);
    later = 75 * 60_000;
    expect((await amara.get("/api/session")).status).toBe(503);
  });

  it("are not fetched for each made-up kid", async () => {
    const certs = certsWatch();
    const world = gateway({}, { fetch: certs.fetch });
    const answers = [];
    for (let index = 0; index < 8; index++) {
      answers.push(await world.as({ email: people.amara, kid: `made-up-${index}` }).get("/api/session"));
    }
    // Whose key that is nobody can tell before the certs may be fetched again: no 401, which would say that it is nobody's.
    expect(answers.map(({ status }) => status)).toEqual([401, ...Array(7).fill(503)]);
    expect(answers[7]?.headers.get("Retry-After")).toBe("30");
    expect(certs.seen).toHaveLength(2);
    expect((await world.as({ email: people.amara }).get("/api/session")).status).toBe(200);
  });

  it.each([
    ["that are endless", async () => new Response(endless())],
    ["that are an error", async () => new Response("oops", { status: 500 })],
    ["that are a redirect", async () => Response.redirect("https://evil.example/certs", 302)],
    ["that are no JSON", async () => new Response("<html>")],
    ["that are unreachable", async () => Promise.reject(new TypeError("refused"))],
  ])("%s let nobody in, and are not asked for at every request", async (_, answer) => {
    const certs = certsWatch(answer);
    const amara = gateway({}, { fetch: certs.fetch }).as({ email: people.amara });
    for (let index = 0; index < 4; index++) {
      const response = await amara.get("/api/session");
      expect(response.status).toBe(503);
      expect((await errorOf(response)).outcome).toBe("refused");
    }
    expect(certs.seen).toHaveLength(1);
  });

  it("that do not answer are given up within seconds", async () => {
    const certs = certsWatch(() => new Promise(() => undefined));
    const started = Date.now();
    const response = await gateway({}, { fetch: certs.fetch }).as({ email: people.amara }).get("/api/session");
    expect(response.status).toBe(503);
    expect(response.headers.get("Retry-After")).toBe("30");
    expect(Date.now() - started).toBeLessThan(8_000);
  });
});

function endless(): ReadableStream<Uint8Array> {
  const chunk = new Uint8Array(16 * 1024).fill(32);
  return new ReadableStream({
    pull(controller) {
      controller.enqueue(chunk);
    },
  });
}

describe("a service token", () => {
  const token = { commonName: "robot.access" };

  it.each(["/api/session", "/api/users", "/v1/workspace", "/api/nothing", "/", "/favicon.svg"])(
    "that nobody has named is accepted nowhere: %s",
    async (path) => {
      const response = await gateway().as(token).get(path);
      expect(response.status).toBe(403);
      const { code, message } = await errorOf(response);
      expect(code).toBe(CODES.noRole);
      expect(message).toContain("This service token is not accepted here");
    },
  );

  it("that nobody has named learns of the health what anybody does", async () => {
    const response = await gateway().as(token).get("/api/health");
    expect(await response.json()).toEqual({ status: "up" });
  });

  it("reads where it is named", async () => {
    const world = gateway({ ROLES: JSON.stringify({ viewer: ["service:robot.access"] }) });
    expect((await world.as(token).get("/api/users")).status).toBe(200);
    expect(await (await world.as(token).get("/api/session")).json()).toMatchObject({
      actor: "robot.access",
      roles: ["viewer"],
    });
  });

  it("is not taken for the person of the same name", async () => {
    const world = gateway({ ROLES: JSON.stringify({ viewer: ["robot@example.com"] }) });
    expect((await world.as({ commonName: "robot@example.com" }).get("/api/users")).status).toBe(403);
  });
});

it("a 401 keeps no record of the token anywhere", async () => {
  const world = gateway();
  const token = await tokenOf({ email: people.amara, expiresIn: -60 });
  const response = await world.send(
    new Request(`${origin}/api/session`, { headers: { "Cf-Access-Jwt-Assertion": token } }),
  );
  const told = JSON.stringify([await response.json(), [...response.headers], world.log]);
  expect(told).not.toContain(token.split(".")[2]);
  expect(told).not.toContain(people.amara);
});
