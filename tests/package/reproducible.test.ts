// Two clean clones of one commit, in folders whose paths have other lengths, build the same bytes.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { localFolder, repository, toolEnvironment } from "../../scripts/base/environment.mjs";

const run = promisify(execFile);

mkdirSync(localFolder, { recursive: true });
// On the same disk as the installed packages, which the clones share by hard links.
const folder = mkdtempSync(join(localFolder, "clones-"));

/** Hashes of all that was built, by the file's path. */
async function built(name: string): Promise<Record<string, string>> {
  const clone = join(folder, name);
  const pkg = join(clone, "pkg");
  const env = { ...toolEnvironment(), CARGO_TARGET_DIR: join(clone, "target") };
  await run("git", ["clone", "--quiet", "--local", repository, clone]);
  await run("cp", ["--archive", "--link", join(repository, "node_modules"), clone]);
  await run(process.execPath, ["scripts/build.mjs"], { cwd: clone, env, maxBuffer: 1 << 26 });
  await run("npm", ["pack", pkg, "--pack-destination", clone], { cwd: clone, env });
  const files = readdirSync(pkg, { recursive: true, encoding: "utf8" }).filter((path) =>
    statSync(join(pkg, path)).isFile(),
  );
  const tarball = readdirSync(clone).find((path) => path.endsWith(".tgz")) ?? "";
  return Object.fromEntries([
    ...files.sort().map((path) => [path, hashOf(join(pkg, path))]),
    ["the tarball", hashOf(join(clone, tarball))],
  ]);
}

function hashOf(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

let clones: Record<string, string>[];

beforeAll(async () => {
  clones = await Promise.all([built("a"), built("in-a-folder/whose-path-is-much/longer")]);
}, 600_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the same files with the same bytes, and the same tarball", () => {
  const [one = {}, other] = clones;
  expect(Object.keys(one)).toEqual(expect.arrayContaining(["index.js", "reset_device.wasm", "worker/gateway.js"]));
  expect(other).toEqual(one);
});
