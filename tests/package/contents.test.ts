// What `npm pack` would publish: what users need, and nothing that tells where or how it was built.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { repository, toolEnvironment } from "../../scripts/base/environment.mjs";

const pkg = join(repository, "pkg");
let files: string[];

beforeAll(() => {
  const printed = execFileSync("npm", ["pack", "--dry-run", "--json", pkg], {
    env: toolEnvironment(),
    encoding: "utf8",
  });
  const packed = JSON.parse(printed);
  // npm 11 prints a list; npm 12 an object by package name.
  const [first] = Array.isArray(packed) ? packed : Object.values(packed);
  files = (first as { files: { path: string }[] }).files.map(({ path }) => path).sort();
});

test("holds these files and no others", () => {
  const migration = /^worker\/migrations\/\d{4}_\w+\.sql$/;
  expect(files.some((path) => migration.test(path))).toBe(true);
  expect(files.filter((path) => !migration.test(path))).toEqual(
    [
      "LICENSE-APACHE",
      "LICENSE-MIT",
      "README.md",
      "button/attributes.d.cts",
      "button/attributes.d.ts",
      "button/custom-elements.json",
      "button/element.d.cts",
      "button/element.d.ts",
      "button/events.d.cts",
      "button/events.d.ts",
      "button/index.cjs",
      "button/index.d.cts",
      "button/index.d.ts",
      "button/index.js",
      "button/markup.d.cts",
      "button/markup.d.ts",
      "button/preact.d.cts",
      "button/preact.d.ts",
      "button/react.d.cts",
      "button/react.d.ts",
      "button/svelte.d.cts",
      "button/svelte.d.ts",
      "button/vue.d.cts",
      "button/vue.d.ts",
      "cli/THIRD-PARTY-LICENSES.txt",
      "cli/index.js",
      "cli/proxy.js",
      "client.cjs",
      "client.js",
      "edge-light.js",
      "gateway-api.cjs",
      "gateway-api.d.cts",
      "gateway-api.d.ts",
      "gateway-api.js",
      "gateway.d.cts",
      "gateway.d.ts",
      "index.cjs",
      "index.d.cts",
      "index.d.ts",
      "index.js",
      "package.json",
      "remedies.cjs",
      "remedies.js",
      "reset_device.wasm",
      "reset_device.wasm.d.ts",
      "slim.cjs",
      "slim.d.cts",
      "slim.d.ts",
      "slim.js",
      "states.d.cts",
      "states.d.ts",
      "worker/THIRD-PARTY-LICENSES.txt",
      "worker/configuration/bindings.d.ts",
      "worker/gateway.d.ts",
      "worker/gateway.js",
      "worker/log.d.ts",
      "workerd.js",
    ].sort(),
  );
});

test("tells no path of the machine that built it", () => {
  for (const path of files) {
    const content = readFileSync(join(pkg, path), "latin1");
    for (const place of [repository, `${homedir()}/`, "registry/src", "/home/"]) {
      expect(content.includes(place), `${path} holds ${place}`).toBe(false);
    }
  }
});

test("has no dependencies: what it needs of others is inside, with its licence", () => {
  const manifest = JSON.parse(readFileSync(join(pkg, "package.json"), "utf8"));
  expect(Object.keys(manifest).filter((key) => /dependencies/i.test(key))).toEqual([]);
  const inside = { cli: ["commander", "proxy-from-env", "undici"], worker: ["hono", "jose", "valibot"] };
  for (const [folder, names] of Object.entries(inside)) {
    const notices = readFileSync(join(pkg, folder, "THIRD-PARTY-LICENSES.txt"), "utf8");
    for (const name of names) expect(notices).toMatch(new RegExp(`^${name} .*\\(MIT\\)`, "m"));
  }
});

test("agrees with the lock file, without which npm ci fails", () => {
  const manifest = JSON.parse(readFileSync(join(repository, "npm/package.json"), "utf8"));
  const lock = JSON.parse(readFileSync(join(repository, "package-lock.json"), "utf8")).packages.pkg;
  const { name, version, license, bin, engines } = manifest;
  expect(lock).toEqual({ name, version, license, bin, engines });
});

test("can be published with provenance: it names its repository as npm compares it, and one version", () => {
  const manifest = JSON.parse(readFileSync(join(pkg, "package.json"), "utf8"));
  const { repository: source, homepage, bugs, publishConfig, version } = manifest;
  const [, address = ""] = /^git\+(https:\/\/github\.com\/[\w.-]+\/[\w.-]+)\.git$/.exec(source.url) ?? [];
  expect(address).not.toBe("");
  expect(homepage).toBe(`${address}#readme`);
  expect(bugs).toBe(`${address}/issues`);
  expect(existsSync(join(repository, source.directory, "package.json"))).toBe(true);
  expect(publishConfig).toEqual({ access: "public", provenance: true });
  const crate = /^version = "(.+)"$/m.exec(readFileSync(join(repository, "Cargo.toml"), "utf8"))?.[1];
  expect(crate).toBe(version);
});
