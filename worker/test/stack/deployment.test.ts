import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { unstable_readConfig as readConfig } from "wrangler";
import { problemsOfDeployment, warningsOfDeployment } from "../../scripts/check.mjs";

const secrets = ["FIREBLOCKS_API_KEY", "FIREBLOCKS_SECRET_KEY"];

const config = (vars: Record<string, string> = {}, database_id = "4d2f8a7e-6f0b-4f8e-9a51-0f3f8f6d9c11") => ({
  vars: {
    FIREBLOCKS_BASE_PATH: "https://api.fireblocks.io/v1",
    ACCESS_TEAM_DOMAIN: "https://team.cloudflareaccess.com",
    ACCESS_AUD: "f".repeat(64),
    ROLES: '{"resetter":["a@example.com"]}',
    ...vars,
  },
  d1_databases: [{ binding: "DB", database_id }],
  ratelimits: [
    { name: "RESET_LIMIT", namespace_id: "1", simple: { limit: 1, period: 60 as const } },
    { name: "READ_LIMIT", namespace_id: "2", simple: { limit: 1, period: 60 as const } },
  ],
  send_email: [] as { name: string }[],
  triggers: { crons: ["* * * * *"] },
  workers_dev: false as boolean | undefined,
  preview_urls: false as boolean | undefined,
  observability: { enabled: true, logs: { enabled: true, invocation_logs: false } },
});

describe("a deployment", () => {
  it("that is right has no problem", async () => {
    expect(await problemsOfDeployment(config(), secrets)).toEqual([]);
  });

  it("is told every problem at once", async () => {
    const problems = await problemsOfDeployment(
      {
        ...config(
          { ROLES: "nonsense", RESETS_PAUSED: "maybe", NOTIFY_SECRET: "in the open" },
          "00000000-0000-0000-0000-000000000000",
        ),
        ratelimits: [],
      },
      ["FIREBLOCKS_API_KEY"],
    );
    expect(new Set(problems.map((problem) => problem.split(" ")[0]))).toEqual(
      new Set(["FIREBLOCKS_SECRET_KEY", "ROLES", "RESETS_PAUSED", "NOTIFY_SECRET", "RESET_LIMIT", "READ_LIMIT", "DB"]),
    );
    expect(problems.join()).not.toContain("in the open");
  });

  it.each([
    ["no cron", { triggers: { crons: [] } }, "triggers"],
    ["another cron", { triggers: { crons: ["0 * * * *"] } }, "triggers"],
    ["a workers.dev address", { workers_dev: true }, "workers_dev"],
    ["a workers.dev address by default", { workers_dev: undefined }, "workers_dev"],
    ["preview addresses", { preview_urls: true }, "preview_urls"],
    [
      "logs of addresses",
      { observability: { enabled: true, logs: { enabled: true, invocation_logs: true } } },
      "observability",
    ],
  ])("is told of %s", async (_, change, name) => {
    const problems = await problemsOfDeployment({ ...config(), ...change }, secrets);
    expect(problems).toEqual([expect.stringMatching(new RegExp(`^${name} .*\\.$`))]);
  });

  it("by the repository's own wrangler.jsonc lacks a database and settings, and nothing else", async () => {
    const own = readConfig({ config: join(import.meta.dirname, "../../../wrangler.jsonc") });
    expect(own.observability).toEqual({ enabled: true, logs: { enabled: true, invocation_logs: false } });
    const problems = await problemsOfDeployment({ ...own, vars: config().vars }, secrets);
    expect(problems).toEqual([expect.stringMatching(/^DB has no database yet/)]);
  });

  it("is warned of groups that are named by a text", async () => {
    expect(await warningsOfDeployment(config(), secrets)).toEqual([]);
    const byText = config({ ROLES: '{"resetter":["group:Treasury"]}', ACCESS_GROUPS: "identity" });
    expect(await problemsOfDeployment(byText, secrets)).toEqual([]);
    expect(await warningsOfDeployment(byText, secrets)).toEqual([expect.stringContaining("group-id:")]);
  });

  it("may have as the only ones to be told whoever a secret names", async () => {
    const ROLES = '{"resetter":["a@example.com"],"auditor":["b@example.com"]}';
    const named = config({ ROLES, BREAK_GLASS: "a@example.com" });
    expect(await problemsOfDeployment(named, secrets)).toEqual([
      expect.stringMatching(/^BREAK_GLASS needs NOTIFY_URL/),
    ]);
    expect(await problemsOfDeployment(named, [...secrets, "DESTINATIONS"])).toEqual([]);
  });

  it("does not speak to this machine", async () => {
    const vars = { FIREBLOCKS_BASE_PATH: "http://127.0.0.1:1/v1", ACCESS_TEAM_DOMAIN: "http://127.0.0.1:1" };
    expect(await problemsOfDeployment(config(vars), secrets)).toEqual([
      expect.stringContaining("FIREBLOCKS_BASE_PATH"),
    ]);
  });
});
