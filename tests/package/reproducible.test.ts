// Two copies of the sources in different folders, built by different build folders, give the same bytes.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { repository, toolEnvironment } from "../../scripts/base/environment.mjs";

const root = mkdtempSync(join(tmpdir(), "fireblocks-reset-device-build-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test("the build is reproducible", { timeout: 900_000 }, () => {
  const first = build(join(root, "one"));
  const second = build(join(root, "two", "folders", "down"));
  expect(Object.keys(first)).toContain("reset_device.wasm");
  expect(second).toEqual(first);
});

/** The hash of each file that a build of a copy in `folder` makes. */
function build(folder: string): Record<string, string> {
  const env = { ...toolEnvironment(), CARGO_TARGET_DIR: join(folder, "target") };
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], {
    cwd: repository,
    encoding: "utf8",
  });
  for (const path of listed.split("\0").filter((name) => name !== "")) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    cpSync(join(repository, path), join(folder, path), { force: true });
  }
  // The tools and libraries are the same for both; what they are is pinned by the lock file.
  for (const place of ["node_modules", "worker/node_modules", "www/node_modules"]) {
    mkdirSync(dirname(join(folder, place)), { recursive: true });
    symlinkSync(join(repository, place), join(folder, place));
  }
  execFileSync("node", ["scripts/build.mjs"], { cwd: folder, env, stdio: "pipe" });
  rmSync(join(folder, "target"), { recursive: true, force: true });
  return hashes(join(folder, "pkg"));
}

function hashes(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    files
      .sort()
      .map((file) => [file.slice(folder.length + 1), createHash("sha256").update(readFileSync(file)).digest("hex")]),
  );
}
