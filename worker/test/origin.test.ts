import { beforeEach, describe, expect, it } from "vitest";
import { CODES } from "../src/errors";
import { approvals, Client, cleanWorld, errorOf, gateway, note, origin, people, tokenOf, userId } from "./setup/world";

describe("on the worker, a post from another site", () => {
  beforeEach(cleanWorld);

  const attack = async (headers: Record<string, string>, body?: string) => {
    const id = await userId(people.noor);
    const world = gateway();
    return world.send(
      new Request(`${origin}/v1/management/users/${id}/reset_device`, {
        method: "POST",
        headers: { Cookie: `CF_Authorization=${await tokenOf({ email: people.amara })}`, ...headers },
        ...(body !== undefined && { body }),
      }),
    );
  };

  it.each([
    [
      "with a body",
      { Origin: "https://evil.example", "Sec-Fetch-Site": "cross-site", "Content-Type": "application/json" },
      JSON.stringify(note),
    ],
    ["without a body", { Origin: "https://evil.example", "Sec-Fetch-Site": "cross-site" }, undefined],
    ["as a form", { Origin: "https://evil.example", "Content-Type": "application/x-www-form-urlencoded" }, "a=b"],
    ["from an opaque origin", { Origin: "null" }, undefined],
    ["from a sibling domain", { "Sec-Fetch-Site": "same-site" }, undefined],
    ["with neither header", {}, JSON.stringify(note)],
  ] as [string, Record<string, string>, string | undefined][])("%s is refused", async (_, headers, body) => {
    const response = await attack(headers, body);
    expect(response.status).toBe(403);
    expect(await errorOf(response)).toMatchObject({ code: CODES.crossSite, outcome: "refused" });
    expect(response.headers.get("Access-Control-Allow-Origin")).toBeNull();
    expect(await approvals()).toEqual([]);
  });

  it("is also refused for settling, releasing and withdrawing", async () => {
    const client = new Client(gateway(), tokenOf({ email: people.amara }));
    for (const action of ["settle", "release", "withdraw"]) {
      const response = await client.post(
        `/api/resets/${crypto.randomUUID()}/${action}`,
        { reason: "why" },
        { Origin: "https://evil.example" },
      );
      expect((await errorOf(response)).code).toBe(CODES.crossSite);
    }
  });

  it("is let through, and may read its answer, where its origin is on the list", async () => {
    const friend = "https://admin.example";
    const world = gateway({ ALLOWED_ORIGINS: friend });
    const preflight = await world.send(
      new Request(`${origin}/v1/management/users/x/reset_device`, {
        method: "OPTIONS",
        headers: {
          Origin: friend,
          "Access-Control-Request-Method": "POST",
          "Access-Control-Request-Headers": "content-type,idempotency-key",
        },
      }),
    );
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("Access-Control-Allow-Origin")).toBe(friend);
    expect(preflight.headers.get("Access-Control-Allow-Credentials")).toBe("true");
    const response = await world
      .as({ email: people.amara })
      .post(`/v1/management/users/${await userId(people.noor)}/reset_device`, note, {
        Origin: friend,
        "Sec-Fetch-Site": "cross-site",
      });
    expect(response.status).toBe(200);
    expect(response.headers.get("Access-Control-Allow-Origin")).toBe(friend);
    expect(response.headers.get("Access-Control-Expose-Headers")).toContain("X-Reset-Record");
  });

  it("is not, by default, even asked about", async () => {
    const preflight = await gateway().send(
      new Request(`${origin}/v1/workspace`, {
        method: "OPTIONS",
        headers: { Origin: "https://evil.example", "Access-Control-Request-Method": "GET" },
      }),
    );
    expect(preflight.headers.get("Access-Control-Allow-Origin")).toBeNull();
  });

  it("a service token needs no browser's headers, to act or to read", async () => {
    const world = gateway({
      ROLES: JSON.stringify({ resetter: ["service:robot.access"] }),
      RESETS_BY_SERVICE_TOKENS: "true",
    });
    const token = await tokenOf({ commonName: "robot.access" });
    const id = await userId(people.noor);
    const response = await world.send(
      new Request(`${origin}/v1/management/users/${id}/reset_device`, {
        method: "POST",
        headers: { "Cf-Access-Jwt-Assertion": token, "Content-Type": "application/json" },
        body: JSON.stringify(note),
      }),
    );
    expect(response.status).toBe(200);
    const reading = new Client(world, Promise.resolve(token));
    expect((await reading.bare("GET", "/api/resets")).status).toBe(200);
  });
});

describe("on the worker, reading", () => {
  beforeEach(cleanWorld);
  const paths = ["/api/session", "/api/users", "/api/resets", "/v1/workspace", "/api/nothing"];

  it.each(paths)("for a person by neither header is refused, and told what it takes: %s", async (path) => {
    const amara = gateway().as({ email: people.amara });
    const response = await amara.bare("GET", path);
    expect(response.status).toBe(403);
    expect(await errorOf(response)).toMatchObject({ code: CODES.crossSite, outcome: "refused" });
    expect((await amara.bare("HEAD", path)).status).toBe(403);
  });

  it("for a person is done by either header", async () => {
    const amara = gateway().as({ email: people.amara });
    for (const headers of [{ Origin: origin }, { "Sec-Fetch-Site": "same-origin" }, { "Sec-Fetch-Site": "none" }]) {
      const response = await amara.bare("GET", "/api/session", { headers });
      expect(response.status, JSON.stringify(headers)).toBe(200);
    }
    const told = await errorOf(await amara.bare("GET", "/api/session"));
    expect(told.message).toContain("sends this worker's own origin as Origin");
  });

  it("the page is for whoever comes from elsewhere: it holds nothing of anybody's", async () => {
    const amara = gateway().as({ email: people.amara });
    expect((await amara.open("/", { "Sec-Fetch-Site": "cross-site" })).status).toBe(200);
    expect((await amara.bare("GET", "/favicon.svg")).status).toBe(200);
    const framed = await amara.get("/favicon.svg", { "Sec-Fetch-Site": "cross-site" });
    expect(framed.headers.get("Cross-Origin-Resource-Policy")).toBe("same-origin");
  });
});
