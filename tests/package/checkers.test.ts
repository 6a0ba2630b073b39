// What publint and "are the types wrong?" say of the package.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { publint } from "publint";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { repository, toolEnvironment } from "../../scripts/base/environment.mjs";

const pkg = join(repository, "pkg");

test("publint finds nothing", async () => {
  const { messages } = await publint({ pkgDir: pkg, strict: true });
  expect(messages).toEqual([]);
});

describe("are-the-types-wrong finds nothing", () => {
  const folder = mkdtempSync(join(tmpdir(), "fireblocks-reset-device-pack-"));
  let tarball: string;

  beforeAll(() => {
    execFileSync("npm", ["pack", pkg, "--pack-destination", folder], { env: toolEnvironment(), stdio: "pipe" });
    tarball = join(folder, readdirSync(folder)[0] ?? "");
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** The entries that were looked at. Throws where it finds anything, since it ends with another exit code than 0. */
  function lookedAt(...args: string[]): string[] {
    const printed = execFileSync("attw", [tarball, "--format", "json", ...args], {
      env: toolEnvironment(),
      encoding: "utf8",
      maxBuffer: 1 << 26,
    });
    return Object.keys(JSON.parse(printed).analysis.entrypoints);
  }

  test("by its strictest profile, from require, import and resolvers that know no exports", () => {
    const entries = lookedAt("--profile", "strict", "--exclude-entrypoints", "reset_device.wasm", "worker");
    expect(entries).toEqual(
      expect.arrayContaining([".", "./slim", "./button", "./button/react", "./button/vue", "./gateway-api"]),
    );
  });

  test("of the worker as an ES module, which every Worker is", () => {
    expect(lookedAt("--profile", "esm-only", "--entrypoints", "worker")).toEqual(["./worker"]);
  });
});
