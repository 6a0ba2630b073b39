import { describe, expect, it } from "vitest";
import { type Bindings, readConfiguration } from "../src/configuration";
import { gateway, origin, simulator } from "./setup/world";

const good = () => gateway().env;

const problemsOf = (change: Record<string, string | undefined>): string[] => {
  const settings = Object.entries({ ...good(), ...change }).filter(([, value]) => value !== undefined);
  const checked = readConfiguration(Object.fromEntries(settings) as unknown as Bindings);
  return checked.ok ? [] : checked.problems;
};

describe("the configuration", () => {
  it("that is right has no problem", () => expect(problemsOf({})).toEqual([]));

  const wrong: [string, Record<string, string | undefined>, RegExp][] = [
    ["no key", { FIREBLOCKS_API_KEY: undefined }, /^FIREBLOCKS_API_KEY is missing/],
    ["an empty key", { FIREBLOCKS_API_KEY: "" }, /^FIREBLOCKS_API_KEY is missing/],
    [
      "a public key in the secret's place",
      { FIREBLOCKS_SECRET_KEY: "-----BEGIN PUBLIC KEY-----" },
      /^FIREBLOCKS_SECRET_KEY is not a private key/,
    ],
    [
      "an encrypted key",
      { FIREBLOCKS_SECRET_KEY: "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----" },
      /^FIREBLOCKS_SECRET_KEY is encrypted/,
    ],
    [
      "an encrypted key of the old form",
      { FIREBLOCKS_SECRET_KEY: "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA" },
      /^FIREBLOCKS_SECRET_KEY is encrypted/,
    ],
    [
      "an EC key",
      { FIREBLOCKS_SECRET_KEY: "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----" },
      /^FIREBLOCKS_SECRET_KEY is not an RSA key/,
    ],
    [
      "an EC key in PKCS#8",
      {
        FIREBLOCKS_SECRET_KEY:
          "-----BEGIN PRIVATE KEY-----\nMEECAQAwEwYHKoZIzj0CAQYIKoZIzj0DAQcEJzAlAgEBBCA=\n-----END PRIVATE KEY-----",
      },
      /^FIREBLOCKS_SECRET_KEY is not an RSA key/,
    ],
    ["no base path", { FIREBLOCKS_BASE_PATH: undefined }, /^FIREBLOCKS_BASE_PATH is missing/],
    [
      "a base path of others",
      { FIREBLOCKS_BASE_PATH: "https://fireblocks.io.evil.example/v1" },
      /^FIREBLOCKS_BASE_PATH is not an address of Fireblocks/,
    ],
    ["http to Fireblocks", { FIREBLOCKS_BASE_PATH: "http://api.fireblocks.io/v1" }, /must be https/],
    [
      "a password in an address",
      { FIREBLOCKS_BASE_PATH: "https://a:b@api.fireblocks.io/v1" },
      /must not hold a user name/,
    ],
    [
      "a local sign-in for the real Fireblocks",
      { FIREBLOCKS_BASE_PATH: "https://api.fireblocks.io/v1", RATE_LIMITS: "on" },
      /ACCESS_TEAM_DOMAIN is a local stand-in/,
    ],
    [
      "no limits for the real Fireblocks",
      { FIREBLOCKS_BASE_PATH: "https://api.fireblocks.io/v1", ACCESS_TEAM_DOMAIN: "https://t.cloudflareaccess.com" },
      /RATE_LIMITS may be off only/,
    ],
    [
      "a team domain with a path",
      { ACCESS_TEAM_DOMAIN: "https://t.cloudflareaccess.com/cdn-cgi" },
      /ACCESS_TEAM_DOMAIN must be an origin/,
    ],
    ["no audience", { ACCESS_AUD: undefined }, /^ACCESS_AUD is missing/],
    ["roles that are no JSON", { ROLES: "amara" }, /^ROLES must be JSON/],
    ["a role that does not exist", { ROLES: '{"admin":["a@b.example"]}' }, /^ROLES/],
    ["an entry that is nobody", { ROLES: '{"viewer":["*"]}' }, /^ROLES entry is no e-mail/],
    ["groups from nowhere", { ROLES: '{"viewer":["group:All"]}' }, /^ROLES names groups/],
    ["groups from somewhere odd", { ACCESS_GROUPS: "header" }, /^ACCESS_GROUPS must be/],
    ["a flag that is neither", { RESETS_PAUSED: "yes" }, /^RESETS_PAUSED must be/],
    ["a flag in capitals", { REQUIRE_SECOND_PERSON: "TRUE" }, /^REQUIRE_SECOND_PERSON must be/],
    ["a number that is none", { DAILY_RESET_LIMIT: "many" }, /^DAILY_RESET_LIMIT must be a whole number/],
    ["sending again after a day", { RESEND_WITHIN_MINUTES: "1381" }, /^RESEND_WITHIN_MINUTES must be at most 1380/],
    ["waiting longer than the page", { UPSTREAM_TIMEOUT_MS: "30000" }, /^UPSTREAM_TIMEOUT_MS must be at most/],
    ["a retention that is too short", { RETENTION_DAYS: "30" }, /^RETENTION_DAYS must be at least 90/],
    ["an origin with a path", { ALLOWED_ORIGINS: "https://a.example/x" }, /^ALLOWED_ORIGINS entry is no origin/],
    ["an origin of http", { ALLOWED_ORIGINS: "http://a.example" }, /^ALLOWED_ORIGINS entry must be https/],
    ["a wildcard origin", { ALLOWED_ORIGINS: "*" }, /^ALLOWED_ORIGINS entry is no origin/],
    ["a hook without a secret", { NOTIFY_URL: "https://h.example" }, /^NOTIFY_URL and NOTIFY_SECRET go together/],
    ["a weak hook secret", { NOTIFY_URL: "https://h.example", NOTIFY_SECRET: "whsec_abc" }, /^NOTIFY_SECRET must be/],
    ["a user map that is a list", { USER_MAP: "[1]" }, /^USER_MAP/],
  ];
  it.each(wrong)("names %s", (_, change, sentence) => {
    const problems = problemsOf(change);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(sentence);
    expect(problems[0]).toMatch(/\.$/);
  });

  it("names every problem at once", () => {
    const checked = readConfiguration({ RESETS_PAUSED: "perhaps" } as unknown as Bindings);
    const names = checked.ok ? [] : checked.problems.map((problem) => problem.split(" ")[0]);
    expect(new Set(names)).toEqual(
      new Set([
        "FIREBLOCKS_BASE_PATH",
        "FIREBLOCKS_API_KEY",
        "FIREBLOCKS_SECRET_KEY",
        "ACCESS_TEAM_DOMAIN",
        "ACCESS_AUD",
        "ROLES",
        "RESETS_PAUSED",
        "DB",
        "RESET_LIMIT",
        "READ_LIMIT",
      ]),
    );
  });

  it("never tells what a setting holds", () => {
    const problems = problemsOf({
      FIREBLOCKS_SECRET_KEY: "SECRETVALUE",
      NOTIFY_SECRET: "SECRETVALUE",
      ROLES: "SECRETVALUE",
      ACCESS_TEAM_DOMAIN: "SECRETVALUE",
    });
    expect(problems.length).toBeGreaterThanOrEqual(4);
    expect(problems.join()).not.toContain("SECRETVALUE");
  });

  it.each([
    ["https://api.fireblocks.io/v1", "production"],
    ["https://eu-api.fireblocks.io/v1", "production"],
    ["https://eu2-api.fireblocks.io", "production"],
    ["https://sandbox-api.fireblocks.io/v1", "sandbox"],
  ])("%s is %s", (basePath, environment) => {
    const checked = readConfiguration({
      ...good(),
      FIREBLOCKS_BASE_PATH: basePath,
      ACCESS_TEAM_DOMAIN: "https://t.cloudflareaccess.com",
      RATE_LIMITS: "on",
    });
    expect(checked.ok && checked.configuration.environment).toBe(environment);
  });
});

it("an origin of this machine may be http", () => {
  expect(problemsOf({ ALLOWED_ORIGINS: "http://localhost:5173 https://a.example" })).toEqual([]);
});

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
});
