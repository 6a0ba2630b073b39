import type { HealthReport } from "fireblocks-reset-device/gateway-api";
import { beforeEach, describe, expect, it } from "vitest";
import { CODES } from "../src/errors";
import { cleanWorld, errorOf, gateway, origin, people, simulator, upstreamLog } from "./setup/world";

beforeEach(cleanWorld);

describe("a worker that is wrongly configured", () => {
  it("does nothing, tells nobody what is wrong, and logs all of it", async () => {
    const world = gateway({ ROLES: "nonsense", ACCESS_AUD: undefined });
    for (const path of ["/api/session", "/v1/management/users"]) {
      const response = await world.send(new Request(`${origin}${path}`));
      expect(response.status).toBe(503);
      expect(response.headers.get("Retry-After")).toBe("60");
      const body = JSON.stringify(await response.json());
      expect(body).not.toContain("ROLES");
      expect(body).not.toContain(simulator.apiKey);
    }
    const entry = world.log.find(({ event }) => event === "configuration");
    expect(entry).toMatchObject({
      level: "error",
      problems: [expect.stringContaining("ACCESS_AUD"), expect.stringContaining("ROLES")],
    });
    await world.sweep();
  });

  it.each([
    ["a public key in the secret's place", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", /public key/],
    [
      "an encrypted key",
      "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----",
      /passphrase/,
    ],
    [
      "an encrypted key of the old form",
      "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END RSA PRIVATE KEY-----",
      /passphrase/,
    ],
    ["an EC key", "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----", /elliptic-curve/],
    [
      "a key that is cut off",
      "-----BEGIN PRIVATE KEY-----\nMEECAQAwEwYHKoZIzj0CAQYIKoZIzj0DAQcEJzAlAgEBBCA=\n-----END PRIVATE KEY-----",
      /cut off/,
    ],
  ])("sends nothing and says why, in the package's words: %s", async (_, FIREBLOCKS_SECRET_KEY, why) => {
    const world = gateway({ FIREBLOCKS_SECRET_KEY });
    const answer = await world.as({ email: people.amara }).reset(crypto.randomUUID());
    expect(answer.status).toBe(503);
    const error = await errorOf(answer);
    expect(error).toMatchObject({ code: CODES.configuration, outcome: "refused" });
    expect(error.message).toMatch(why);
    const health = await world.as({ email: people.priya }).get("/api/health");
    expect(((await health.json()) as HealthReport).checks.fireblocks.problem).toMatch(why);
    expect(await upstreamLog()).toEqual([]);
  });
});
