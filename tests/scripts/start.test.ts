// `npm start` as a whole: with the simulator whatever the environment holds, and --live against a workspace of a
// simulator's, up to its end.

import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { repository, toolEnvironment } from "../../scripts/base/environment.mjs";
import { freePort, startSimulator } from "../../scripts/stack.mjs";
import { TerminalRun } from "./support/terminal.ts";

const START = [process.execPath, join(repository, "scripts", "start.mjs")];
const WORKSPACE = "Northwind Treasury";
/** Of this run alone: what a person keeps in .local/ is not touched, and may be in use. */
const folder = mkdtempSync(join(tmpdir(), "fireblocks-reset-device-start-"));
let run: TerminalRun | undefined;

afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
afterEach(() => {
  run?.stop();
  run = undefined;
});

function start(args: string[], env: NodeJS.ProcessEnv): TerminalRun {
  run = new TerminalRun([...START, ...args], { ...toolEnvironment(), ...env });
  return run;
}

describe("npm start", () => {
  it("uses the simulator, whatever the environment holds", async () => {
    const elsewhere = {
      FIREBLOCKS_API_KEY: "11111111-2222-4333-8444-555555555555",
      FIREBLOCKS_SECRET_KEY: "-----BEGIN PRIVATE KEY-----\nnot a key\n-----END PRIVATE KEY-----",
      FIREBLOCKS_BASE_PATH: "https://fireblocks.invalid/v1",
      FIREBLOCKS_RELAY_URL: "https://relay.invalid/",
    };
    const port = await freePort();
    const started = start(["--port", String(port), "--data", join(folder, "stack")], elsewhere);
    await started.prints("Ctrl-C stops everything");
    const log = readFileSync(join(folder, "stack", "logs", "simulator.log"), "utf8");
    const { basePath, controlUrl: control } = JSON.parse(/^\{.*\}$/m.exec(log)?.[0] ?? "");
    expect(basePath).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1$/);

    const told = started.output.trimEnd().split("\r\n").slice(-5);
    expect(told[0]).toMatch(new RegExp(`Ready in .*: http://127\\.0\\.0\\.1:${port}$`));
    expect(told[1]).toMatch(/^Sign in as amara\.lindqvist@northwind\.example/);
    expect(told[2]).toMatch(/^Or sign in as noor\.haddad/);
    expect(told[3]).toMatch(/^Search for “noor”/);
    expect(told[4]).toMatch(/^What would be mailed is on http:\/\/127\.0\.0\.1:\d+\/mail\. /);

    const worker = `http://127.0.0.1:${port}`;
    const { users } = await read(worker, "/api/users", control);
    expect(users.map(({ email }: { email: string }) => email)).toContain("noor.haddad@northwind.example");
    const { requests } = await (await fetch(`${control}/log`)).json();
    expect(requests.map(({ operation }: { operation: string }) => operation)).toContain("getConsoleUsers");

    expect(await started.interrupt()).toBe(0);
    expect(started.output).toContain("✓ Stopped.");
    expect(started.output).not.toMatch(/fireblocks\.invalid|relay\.invalid|not a key/);
  }, 120_000);
});

describe("npm start -- --live", () => {
  const data = join(folder, "live");
  const secrets = join(data, "worker.env");
  let simulator: Awaited<ReturnType<typeof startSimulator>>;
  let port: number;
  let args: string[];
  let env: NodeJS.ProcessEnv;

  beforeAll(async () => {
    simulator = await startSimulator({ dir: join(folder, "simulator"), log: join(folder, "simulator.log") });
    const { apiKey, secretKeyFile, basePath, teamDomain, audience } = simulator.line;
    port = await freePort();
    args = ["--live", "--data", data, "--port", String(port), "--access-team", teamDomain, "--access-aud", audience];
    args.push("--hostname", "resets.example.com", "--resetter", "amara.lindqvist@northwind.example");
    env = {
      FIREBLOCKS_API_KEY: apiKey,
      FIREBLOCKS_SECRET_KEY: readFileSync(secretKeyFile, "utf8"),
      FIREBLOCKS_BASE_PATH: basePath,
    };
  });
  afterAll(() => simulator?.service.stop());

  it("has the workspace's name typed, works, and leaves no key behind", async () => {
    // Left by somebody who let everybody read it.
    mkdirSync(data, { recursive: true });
    writeFileSync(secrets, "");
    chmodSync(secrets, 0o644);
    const started = start(args, env);
    await started.prints("Type the workspace's name to go on:");
    expect(started.output).toContain(`“${WORKSPACE}”`);
    started.type(`${WORKSPACE}\n`);
    let mode = 0;
    while (!started.output.includes("Ready in") && mode === 0) {
      const size = existsSync(secrets) ? statSync(secrets).size : 0;
      if (size > 0) mode = statSync(secrets).mode & 0o777;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(mode).toBe(0o600);
    await started.prints("Resets are REAL in the workspace");
    expect(existsSync(secrets)).toBe(false);
    // Long enough for wrangler to have read the file again, if it did.
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const session = await read(`http://127.0.0.1:${port}`, "/api/session", simulator.line.controlUrl);
    expect(session).toMatchObject({ workspace: { name: WORKSPACE } });
    expect(await started.interrupt()).toBe(0);
    expect(existsSync(secrets)).toBe(false);
  }, 120_000);

  it("leaves no key behind when it is interrupted before the worker answers", async () => {
    const started = start(args, env);
    await started.prints("Type the workspace's name to go on:");
    started.type(`${WORKSPACE}\n`);
    while (!existsSync(secrets)) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await started.interrupt()).not.toBe(0);
    expect(existsSync(secrets)).toBe(false);
  }, 60_000);

  it.each([
    ["another name", "Another Workspace\n", "That is not the workspace's name. Nothing was started."],
    ["the end of the input", "\u0004", "That is not the workspace's name. Nothing was started."],
  ])(
    "starts nothing after %s",
    async (_, typed, sentence) => {
      const started = start(args, env);
      await started.prints("Type the workspace's name to go on:");
      started.type(typed);
      expect(await started.ended()).toBe(1);
      expect(started.output).toContain(sentence);
      expect(started.output).not.toContain("    at ");
    },
    60_000,
  );
});

/** What the worker tells a resetter's own page. */
async function read(worker: string, path: string, control: string) {
  const issued = await fetch(`${control}/access/token`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email: "amara.lindqvist@northwind.example" }),
  });
  const { token } = await issued.json();
  const headers = { Cookie: `CF_Authorization=${token}`, "Sec-Fetch-Site": "same-origin" };
  return (await fetch(`${worker}${path}`, { headers })).json();
}
