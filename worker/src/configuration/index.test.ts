import { describe, expect, it } from "vitest";
import { readConfiguration } from ".";
import type { Bindings } from "./bindings";

/** Settings of a worker beside a Fireblocks of this machine. */
const good = () =>
  ({
    DB: {},
    FIREBLOCKS_BASE_PATH: "http://127.0.0.1:9/v1",
    FIREBLOCKS_API_KEY: "key",
    FIREBLOCKS_SECRET_KEY: "secret",
    ACCESS_TEAM_DOMAIN: "http://127.0.0.1:9",
    ACCESS_AUD: "aud",
    ROLES: '{"resetter":["a@b.example"]}',
    RATE_LIMITS: "off",
    RESET_LIMIT: {},
    READ_LIMIT: {},
  }) as unknown as Bindings;

const hook = "https://h.example/services/x?token=y";
const destinations = (...list: object[]) => ({
  DESTINATIONS: JSON.stringify(list),
  ...(list.some((entry) => "to" in entry) && { PUBLIC_URL: "https://r.example" }),
});
const chat = JSON.stringify([{ kind: "text", name: "a", url: hook }]);

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
    [
      "a map that says two things of one",
      { USER_MAP: '{"A@b.example":"u1","a@B.example":"u2"}' },
      /^USER_MAP names an/,
    ],
    [
      "two managers of one",
      { MANAGERS: '{"A@b.example":"c@d.example","a@b.example":"e@d.example"}' },
      /^MANAGERS names/,
    ],
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
    [
      "a person's number that uses up the workspace's",
      { DAILY_RESET_LIMIT: "10", WORKSPACE_DAILY_RESET_LIMIT: "39" },
      /^DAILY_RESET_LIMIT is more than a quarter/,
    ],
    [
      "a relay without a secret",
      { FIREBLOCKS_RELAY_URL: "https://r.example" },
      /^FIREBLOCKS_RELAY_URL and FIREBLOCKS_RELAY_SECRET go together/,
    ],
    [
      "a weak secret of a relay",
      { FIREBLOCKS_RELAY_URL: "https://r.example", FIREBLOCKS_RELAY_SECRET: "secret" },
      /^FIREBLOCKS_RELAY_SECRET must be 64 hex digits/,
    ],
    [
      "a weak secret of a webhook beside a good one",
      { FIREBLOCKS_WEBHOOK_SECRET: `${"a".repeat(64)} secret` },
      /^FIREBLOCKS_WEBHOOK_SECRET must be 64 hex digits/,
    ],
    [
      "three secrets of a webhook",
      { FIREBLOCKS_WEBHOOK_SECRET: ["a", "b", "c"].map((digit) => digit.repeat(64)).join(" ") },
      /^FIREBLOCKS_WEBHOOK_SECRET must be one secret/,
    ],
    ["a hook without a secret", { NOTIFY_URL: "https://h.example" }, /^NOTIFY_URL and NOTIFY_SECRET go together/],
    ["a weak hook secret", { NOTIFY_URL: "https://h.example", NOTIFY_SECRET: "whsec_abc" }, /^NOTIFY_SECRET must be/],
    ["destinations that are no JSON", { DESTINATIONS: "slack" }, /^DESTINATIONS must be JSON/],
    [
      "a kind that does not exist",
      destinations({ kind: "sms", name: "a" }),
      /^DESTINATIONS entry is none of the kinds/,
    ],
    ["a destination of no name", destinations({ kind: "text", url: hook }), /^DESTINATIONS entry lacks a part/],
    [
      "a name that is taken",
      destinations({ kind: "text", name: "notify", url: hook }),
      /^DESTINATIONS entry has a name/,
    ],
    [
      "two of one name",
      destinations({ kind: "text", name: "a", url: hook }, { kind: "text", name: "a", url: hook }),
      /^DESTINATIONS has two entries/,
    ],
    [
      "a destination by http",
      destinations({ kind: "text", name: "a", url: "http://h.example/x" }),
      /^DESTINATIONS entry has a url that is not https/,
    ],
    [
      "an event that does not exist",
      destinations({ kind: "text", name: "a", url: hook, events: ["reset.done"] }),
      /^DESTINATIONS entry names events/,
    ],
    [
      "a part that its kind does not have",
      destinations({ kind: "text", name: "a", url: hook, secret: "s" }),
      /^DESTINATIONS entry lacks a part/,
    ],
    [
      "mail to a name",
      destinations({ kind: "email", name: "a", to: ["SOC <soc@h.example>"] }),
      /^DESTINATIONS must be an e-mail alone/,
    ],
    [
      "mail without a sender",
      destinations({ kind: "email", name: "a", to: ["soc@h.example"] }),
      /^DESTINATIONS has one of kind email/,
    ],
    ["a chat without the page's address", { DESTINATIONS: chat }, /^PUBLIC_URL is missing/],
    ["alerts without a sender", { ALERT_TO: "soc@h.example" }, /^ALERT_TO names people/],
    ["reminders without a sender", { ESCALATE_TO: "boss@h.example" }, /^ESCALATE_TO names people/],
    [
      "a sender without a binding",
      { MAIL_FROM: "r@h.example", PUBLIC_URL: "https://r.example" },
      /^MAIL_FROM is set, but EMAIL is missing/,
    ],
    ["a sender with a name", { MAIL_FROM: "Resets <r@h.example>" }, /^MAIL_FROM must be an e-mail alone/],
    [
      "a sender that is two lines",
      { MAIL_FROM: "r@h.example\r\nBcc: x@h.example" },
      /^MAIL_FROM must be an e-mail alone/,
    ],
    ["a manager who is no e-mail", { MANAGERS: '{"a@example.com":"boss"}' }, /^MANAGERS entry is no e-mail/],
    ["managers that are no JSON", { MANAGERS: "boss" }, /^MANAGERS must be JSON like/],
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
      FIREBLOCKS_BASE_PATH: "SECRETVALUE",
      NOTIFY_SECRET: "SECRETVALUE",
      DESTINATIONS: JSON.stringify([{ kind: "text", name: "SECRETVALUE", url: "ftp://SECRETVALUE" }]),
      MAIL_FROM: "SECRETVALUE",
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

it.each([
  [["SECRETVALUE"]],
  [[{ kind: "SECRETVALUE" }]],
  [[{ kind: "text", name: "a", url: ["SECRETVALUE"] }]],
  [[{ kind: "text", name: "a", url: hook, SECRETVALUE: 1 }]],
  [[{ kind: "text", name: "a", url: hook, events: "SECRETVALUE" }]],
  [[{ kind: "text", name: "a", url: hook, events: [{ SECRETVALUE: 1 }] }]],
  [[{ kind: "standard-webhook", name: "a", url: hook, secret: { SECRETVALUE: 1 } }]],
  [[{ kind: "email", name: "a", to: "SECRETVALUE" }]],
  [[{ kind: "email", name: "a", to: [["SECRETVALUE"]] }]],
])("never tells what an odd destination holds: %j", (list) => {
  const problems = problemsOf({ DESTINATIONS: JSON.stringify(list) });
  expect(problems.length).toBeGreaterThan(0);
  expect(problems.join()).not.toMatch(/SECRETVALUE|h\.example/);
  expect(problems.join()).toMatch(/^DESTINATIONS (entry|must)/);
});

it("an origin of this machine may be http", () => {
  expect(problemsOf({ ALLOWED_ORIGINS: "http://localhost:5173 https://a.example" })).toEqual([]);
});
