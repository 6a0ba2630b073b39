// Builds the npm package into pkg/: the Rust client by wasm-pack, which runs wasm-bindgen and wasm-opt, its JavaScript half
// by esbuild, and the other entries. What needs no set-up is here; the rest, which imports npm packages, in build/.
//
// usage: npm run build

import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { cargoTargetFolder, repository, toolEnvironment } from "./base/environment.mjs";
import { outputOf, run } from "./base/process.mjs";
import { runMain, say } from "./base/terminal.mjs";
import { setUp } from "./setup.mjs";

const npm = join(repository, "npm");
const pkg = join(repository, "pkg");
/** What wasm-pack makes: the WebAssembly and the glue that wasm-bindgen wrote for it. */
const bound = join(cargoTargetFolder(), "wasm-pack");
const wasm = join(bound, "reset_device_bg.wasm");

await runMain(async () => {
  await setUp();
  await compile();
  emptyPackage();
  const { buildClient } = await import("./build/client.mjs");
  await buildClient(pkg, bound);
  const { buildEntries } = await import("./build/entries.mjs");
  await buildEntries(pkg);
  tellSizes();
});

/**
 * Rust to WebAssembly, and the glue that wasm-bindgen writes for it. wasm-pack finds wasm-bindgen and wasm-opt on the path
 * and may download nothing; how wasm-opt is called stands in Cargo.toml. `no-modules` gives the glue as a function, which
 * is called once for each instance: scripts/build/client.mjs.
 */
async function compile() {
  rmSync(bound, { recursive: true, force: true });
  const options = ["--release", "--target", "no-modules", "--mode", "no-install", "--no-pack", "--no-typescript"];
  await run("wasm-pack", ["build", repository, ...options, "--out-dir", bound, "--out-name", "reset_device"], {
    env: { ...toolEnvironment(), CARGO_ENCODED_RUSTFLAGS: (await withoutPaths()).join("\x1f") },
    failure: "wasm-pack failed. The lines above say where.",
  });
}

/**
 * Panic messages hold the paths of source files. Without where this machine keeps them the bytes are the same
 * everywhere, and fewer.
 */
async function withoutPaths() {
  const sources = join(process.env.CARGO_HOME ?? join(homedir(), ".cargo"), "registry", "src");
  const registries = existsSync(sources) ? readdirSync(sources).map((name) => join(sources, name)) : [];
  // The standard library's own paths depend on whether its sources are installed beside the compiler.
  const env = toolEnvironment();
  const sysroot = (await outputOf("rustc", ["--print", "sysroot"], env))?.trim();
  const commit = /^commit-hash: (\w+)/m.exec((await outputOf("rustc", ["--version", "--verbose"], env)) ?? "")?.[1];
  return [
    ...[...registries, repository].map((path) => `--remap-path-prefix=${path}/=`),
    `--remap-path-prefix=${sysroot}/lib/rustlib/src/rust/=/rustc/${commit}/`,
  ];
}

/** Empties pkg/ and puts what needs no building there. package.json is never absent: npm's links lead to it. */
function emptyPackage() {
  mkdirSync(pkg, { recursive: true });
  copyFileSync(join(npm, "package.json"), join(pkg, "package.json"));
  for (const entry of readdirSync(pkg)) {
    if (entry !== "package.json") {
      rmSync(join(pkg, entry), { recursive: true });
    }
  }
  copyFileSync(wasm, join(pkg, "reset_device.wasm"));
  for (const file of [
    "README.md",
    "index.d.ts",
    "slim.d.ts",
    "gateway-api.d.ts",
    "gateway-api.js",
    "remedies.js",
    "reset_device.wasm.d.ts",
  ]) {
    copyFileSync(join(npm, file), join(pkg, file));
  }
  for (const license of ["LICENSE-APACHE", "LICENSE-MIT"]) {
    copyFileSync(join(repository, license), join(pkg, license));
  }
}

function tellSizes() {
  /** @param {string[]} files */
  const sizes = (files) => {
    const contents = files.map((file) => readFileSync(join(pkg, file)));
    const raw = contents.reduce((sum, content) => sum + content.length, 0);
    const gzip = contents.reduce((sum, content) => sum + gzipSync(content, { level: 9 }).length, 0);
    return `${raw} bytes, ${gzip} gzip`;
  };
  say(`reset_device.wasm alone:   ${sizes(["reset_device.wasm"])}`);
  say(`As workerd loads it:       ${sizes(["workerd.js", "client.js", "reset_device.wasm"])}`);
  say(`With the bytes inlined:    ${sizes(["index.js", "client.js"])}`);
}
