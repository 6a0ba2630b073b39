// A real workspace's credentials reach nothing that a script starts, `npm start -- --live` alone left out.

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { repository } from "../../scripts/base/environment.mjs";
import { EmptyMachine } from "./support/empty-machine.ts";

const CREDENTIALS = {
  FIREBLOCKS_API_KEY: "11111111-2222-4333-8444-555555555555",
  FIREBLOCKS_SECRET_KEY: "a-secret-key",
  FIREBLOCKS_BASE_PATH: "https://api.fireblocks.io/v1",
  CLOUDFLARE_API_TOKEN: "a-cloudflare-token",
};

describe("set-up on a machine where nothing is installed", () => {
  let machine: EmptyMachine;

  beforeEach(() => {
    machine = new EmptyMachine();
  });
  afterEach(() => machine.remove());

  it("gives no program a credential", async () => {
    const { code, output } = await machine.setUp({ root: true, env: CREDENTIALS });
    expect(code, output).toBe(0);
    const calls = machine.calls();
    const lines = calls.map(({ program, args }) => `${program} ${args}`);
    for (const install of [
      /^rustup toolchain install$/,
      /^cargo install wasm-pack /,
      /^npm ci /,
      /^apt-get install /,
    ]) {
      expect(lines).toContainEqual(expect.stringMatching(install));
    }
    for (const { program, env } of calls) {
      expect(Object.keys(env), program).toContain("PATH");
      expect(
        Object.keys(env).filter((name) => name in CREDENTIALS),
        program,
      ).toEqual([]);
    }
  });

  it("installs Chromium, its driver and its headless shell by apt-get as root", async () => {
    await machine.setUp({ root: true, env: {} });
    const calls = machine.calls().filter(({ program }) => program === "apt-get");
    expect(calls.map(({ args }) => args)).toEqual([
      "--version",
      // Another's lock is waited for: a new machine may be at its own upgrades.
      "update --option DPkg::Lock::Timeout=300",
      "install --yes --no-install-recommends --option DPkg::Lock::Timeout=300 chromium chromium-driver chromium-headless-shell",
    ]);
    expect(calls.at(-1)?.env.DEBIAN_FRONTEND).toBe("noninteractive");
  });

  it("asks an ordinary user to install Chromium, and calls no apt-get", async () => {
    const { code, output } = await machine.setUp({ root: false, env: {} });
    expect(code).toBe(1);
    expect(output).toContain("apt-get install chromium chromium-driver chromium-headless-shell");
    expect(machine.calls().filter(({ program }) => program === "apt-get")).toEqual([]);
  });
});

describe("a script", () => {
  const scripts = Object.values<string>(JSON.parse(readFileSync(join(repository, "package.json"), "utf8")).scripts);
  // npm run deploy is npm's own, and of the worker's workspace: it has to have Cloudflare's credentials.
  const entries = [...new Set(scripts.flatMap((line) => /^node (\S+)/.exec(line)?.[1] ?? []))];
  const files = ["scripts", "bench"].flatMap((folder) =>
    readdirSync(join(repository, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".mjs"))
      .map((file) => join(folder, file)),
  );
  const text = (file: string) => readFileSync(join(repository, file), "utf8");

  it("starts what it starts, by whatever way, without credentials", () => {
    const script = `
      import { execFileSync } from "node:child_process";
      import { runMain } from ${JSON.stringify(join(repository, "scripts/base/terminal.mjs"))};
      await runMain(async () => console.log(execFileSync("env", { encoding: "utf8" })));
    `;
    const printed = execFileSync(process.execPath, ["--input-type=module", "--eval", script], {
      env: { ...CREDENTIALS, PATH: process.env.PATH },
      encoding: "utf8",
    });
    expect(printed).toContain("PATH=");
    expect(printed).not.toMatch(/FIREBLOCKS_|CLOUDFLARE_/);
  });

  it.each(entries)("runs without them: %s", (entry) => expect(text(entry)).toContain("await runMain("));

  it("hands on no environment as it is", () => {
    expect(files.length).toBeGreaterThan(30);
    expect(files.filter((file) => /\benv: process\.env\b|\.\.\.process\.env\b/.test(text(file)))).toEqual([]);
  });

  it("reads them nowhere but for --live", () => {
    expect(files.filter((file) => text(file).includes("takeCredentials()")).sort()).toEqual([
      "scripts/base/credentials.mjs",
      "scripts/base/terminal.mjs",
      "scripts/start/live.mjs",
    ]);
  });
});
