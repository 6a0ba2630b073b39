// Builds the npm package into pkg/: the Rust client by wasm-pack and wasm-opt, its JavaScript half by esbuild, and the
// other entries.
//
// usage: npm run build

import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { cargoTargetFolder, repository, toolEnvironment } from "./base/environment.mjs";
import { outputOf, run } from "./base/process.mjs";
import { runMain, say } from "./base/terminal.mjs";
import { optimise } from "./package/optimise.mjs";
import { shortenNames } from "./package/short-names.mjs";
import { setUp } from "./setup.mjs";

const npm = join(repository, "npm");
const pkg = join(repository, "pkg");
/** What wasm-pack makes: the WebAssembly and the glue that wasm-bindgen wrote for it. */
const bound = join(cargoTargetFolder(), "wasm-pack");
const wasm = join(bound, "reset_device_bg.wasm");

/** Names of properties that stay within the client, its glue included: nobody else ever sees such an object. */
const OWN_NAMES = [
  ...["__wbg_ptr", "begin", "resume"],
  ...["elapsed", "exchange", "pending", "randomBits", "report", "requests", "sleep"],
  ...["interval", "longest"],
];

await runMain(async () => {
  await setUp();
  await compile();
  await optimise(wasm);
  await shortenNames(bound, "reset_device");
  emptyPackage();
  await bundle();
  const { buildEntries } = await import("./package/entries.mjs");
  await buildEntries(pkg);
  tellSizes();
});

/** Rust to WebAssembly. wasm-pack finds wasm-bindgen on the path and may download nothing. */
async function compile() {
  rmSync(bound, { recursive: true, force: true });
  const options = ["--release", "--target", "web", "--mode", "no-install", "--no-pack", "--no-typescript"];
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
  for (const file of ["README.md", "index.d.ts", "slim.d.ts", "reset_device.wasm.d.ts"]) {
    copyFileSync(join(npm, file), join(pkg, file));
  }
  for (const license of ["LICENSE-APACHE", "LICENSE-MIT"]) {
    copyFileSync(join(repository, license), join(pkg, license));
  }
}

/** The entries, over one chunk that they share, so that each has the same classes and the same instance. */
async function bundle() {
  const { build } = await import("esbuild");
  await build({
    entryPoints: ["index", "workerd", "slim"].map((entry) => join(npm, "client", `${entry}.ts`)),
    outdir: pkg,
    bundle: true,
    splitting: true,
    chunkNames: "client",
    format: "esm",
    platform: "neutral",
    target: "es2022",
    minify: true,
    mangleProps: new RegExp(`^(${OWN_NAMES.join("|")})$`),
    // Node prints the line of an uncaught error. Shorter lines compress worse.
    lineLimit: 600,
    plugins: [{ name: "wasm-pack", setup: resolveBound }],
    logLevel: "warning",
  });
}

/**
 * Puts what wasm-pack has made in the place of the names that npm/client/ imports it by.
 *
 * @param {import("esbuild").PluginBuild} build
 */
function resolveBound(build) {
  build.onResolve({ filter: /\/reset_device\.wasm$/ }, () => ({ path: "./reset_device.wasm", external: true }));
  build.onResolve({ filter: /^glue$/ }, () => ({ path: join(bound, "reset_device.js") }));
  build.onResolve({ filter: /^wasm-base64$/ }, () => ({ path: wasm, namespace: "base64" }));
  build.onLoad({ filter: /.*/, namespace: "base64" }, async ({ path }) => ({
    contents: await compressed(readFileSync(path)),
    loader: "base64",
  }));
}

/**
 * By Zopfli, compiled to WebAssembly: a twentieth smaller than zlib, whose output also differs between versions of Node.
 *
 * @param {Uint8Array} bytes
 */
async function compressed(bytes) {
  const { deflateAsync } = await import("@gfx/zopfli");
  return deflateAsync(bytes, { numiterations: 15 });
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
