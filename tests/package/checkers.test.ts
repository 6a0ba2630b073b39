// What publint and "are the types wrong?" say of the package.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { publint } from "publint";
import { expect, test } from "vitest";
import { repository, toolEnvironment } from "../../scripts/base/environment.mjs";

const pkg = join(repository, "pkg");

test("publint finds nothing", async () => {
  const { messages } = await publint({ pkgDir: pkg, strict: true });
  expect(messages).toEqual([]);
});

test("are-the-types-wrong finds nothing, the .wasm and the migrations left out", () => {
  const folder = mkdtempSync(join(tmpdir(), "fireblocks-reset-device-pack-"));
  try {
    const env = toolEnvironment();
    execFileSync("npm", ["pack", pkg, "--pack-destination", folder], { env, stdio: "pipe" });
    const [tarball = ""] = readdirSync(folder);
    const excluded = ["reset_device.wasm", "package.json"];
    // Ends with another exit code than 0, and so throws, where it finds anything.
    const printed = execFileSync(
      "attw",
      [join(folder, tarball), "--profile", "esm-only", "--format", "json", "--exclude-entrypoints", ...excluded],
      { env, encoding: "utf8", maxBuffer: 1 << 26 },
    );
    const { analysis } = JSON.parse(printed);
    expect(Object.keys(analysis.entrypoints)).toEqual(expect.arrayContaining([".", "./slim", "./button", "./worker"]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
