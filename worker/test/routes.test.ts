// What is promised of every route, tried on every route that docs/routes.md tells of.

import type { Role } from "fireblocks-reset-device/gateway-api";
import { beforeAll, describe, expect, it } from "vitest";
import { CODES } from "../src/errors";
import { Client, cleanWorld, errorOf, gateway, people, routes } from "./setup/world";

beforeAll(cleanWorld);

/** Which need no sign-in, as the document says. */
const OPEN = ["/api/health", "/api/webhooks/fireblocks"];
const ROLES: readonly Role[] = ["viewer", "resetter", "auditor"];
const holders = { viewer: people.priya, resetter: people.amara, auditor: people.tomas };

const guarded = routes
  .filter(({ path }) => !OPEN.includes(path))
  .map((route) => ({ ...route, path: route.path.replace(/\{\w+\}/, () => crypto.randomUUID()) }));
const rolesOf = (who: string) => ROLES.filter((role) => who.startsWith("any role") || who.includes(`\`${role}\``));

async function refusal(client: Client, method: string, path: string, headers: Record<string, string> = {}) {
  const response = await client.request(method, path, { headers });
  return [response.status, response.ok ? undefined : (await errorOf(response)).code];
}

describe("every route of the API", () => {
  it("is among those that are tried", () => {
    expect(guarded.length).toBeGreaterThan(30);
    expect(routes.length - guarded.length).toBe(OPEN.length);
  });

  it("is closed to whoever is not signed in", async () => {
    const nobody = new Client(gateway(), undefined);
    for (const { method, path } of guarded) {
      expect(await refusal(nobody, method, path), `${method} ${path}`).toEqual([401, CODES.signedOut]);
    }
  });

  it("is closed to each role that it does not name, and to whoever has none", async () => {
    const named = guarded.filter(({ who }) => rolesOf(who).length > 0);
    expect(named.length).toBeGreaterThan(20);
    const world = gateway();
    for (const { method, path, who } of named) {
      const others = ROLES.filter((role) => !rolesOf(who).includes(role)).map((role) => holders[role]);
      for (const email of [people.eli, ...others]) {
        const told = await refusal(world.as({ email }), method, path);
        expect(told, `${email}: ${method} ${path}`).toEqual([403, CODES.noRole]);
      }
    }
  });

  it("is open to each role that it names", async () => {
    const world = gateway();
    for (const { method, path, who } of guarded) {
      for (const role of rolesOf(who)) {
        const [, code] = await refusal(world.as({ email: holders[role] }), method, path);
        expect(code, `${role}: ${method} ${path}`).not.toBe(CODES.noRole);
      }
    }
  });

  it("is closed to a page of another site, whoever is signed in there", async () => {
    const world = gateway();
    const evil = { Origin: "https://evil.example", "Sec-Fetch-Site": "cross-site" };
    for (const { method, path } of guarded) {
      for (const email of Object.values(holders)) {
        const told = await refusal(world.as({ email }), method, path, evil);
        expect(told, `${email}: ${method} ${path}`).toEqual([403, CODES.crossSite]);
      }
    }
  });
});
