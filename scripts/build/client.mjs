// The client: `.` in each of its forms, and `./slim`.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build, transform } from "esbuild";
import { repository } from "../base/environment.mjs";
import { Failure } from "../base/terminal.mjs";
import { translate } from "./commonjs.mjs";
import { inTemporaryFolder } from "./temporary.mjs";

const client = join(repository, "npm", "client");

/**
 * @param {string} pkg the package's folder
 * @param {string} bound the folder of what wasm-pack has made
 */
export async function buildClient(pkg, bound) {
  await bundle(pkg, bound, ["index", "workerd", "edge-light", "slim"]);
  await inTemporaryFolder("commonjs", async (folder) => {
    await bundle(folder, bound, [{ in: "commonjs", out: "index" }, "slim"]);
    await translate({ from: folder, files: ["index.js", "slim.js", "client.js"], to: pkg });
  });
}

/**
 * Entries, over one chunk that they share, so that each has the same classes and the same instance.
 *
 * @param {string} outdir
 * @param {string} bound
 * @param {(string | { in: string, out: string })[]} entries modules of npm/client
 */
async function bundle(outdir, bound, entries) {
  const points = entries.map((entry) => (typeof entry === "string" ? { in: entry, out: entry } : entry));
  await build({
    entryPoints: points.map(({ in: module, out }) => ({ in: join(client, `${module}.ts`), out })),
    outdir,
    bundle: true,
    splitting: true,
    chunkNames: "client",
    format: "esm",
    platform: "neutral",
    target: "es2022",
    minify: true,
    // Node prints the line of an uncaught error.
    lineLimit: 600,
    plugins: [{ name: "wasm-pack", setup: (build) => resolveBound(build, bound) }],
    logLevel: "warning",
  });
}

/**
 * Puts what wasm-pack has made in the place of the names that npm/client/ imports it by.
 *
 * @param {import("esbuild").PluginBuild} build
 * @param {string} bound
 */
function resolveBound(build, bound) {
  const wasm = join(bound, "reset_device_bg.wasm");
  build.onResolve({ filter: /\/reset_device\.wasm(\?module)?$/ }, ({ path }) => ({
    path: path.replace("../", "./"),
    external: true,
  }));
  build.onResolve({ filter: /^glue$/ }, () => ({ path: join(bound, "reset_device.js"), namespace: "glue" }));
  build.onLoad({ filter: /.*/, namespace: "glue" }, async ({ path }) => ({
    contents: await glue(readFileSync(path, "utf8")),
  }));
  build.onResolve({ filter: /^wasm-base64(-plain)?$/ }, ({ path }) => ({ path, namespace: "base64" }));
  build.onLoad({ filter: /.*/, namespace: "base64" }, async ({ path }) => ({
    contents: path === "wasm-base64" ? await compressed(readFileSync(wasm)) : readFileSync(wasm),
    loader: "base64",
  }));
}

/**
 * The glue as a module. wasm-bindgen writes a function and calls it once, for the one instance of a page; here it is
 * exported instead, so that after a trap there can be a second instance.
 *
 * It is given a compiled module. What it would do with an address or a response is left out, by telling the minifier that
 * there is none; so is its question after the script that it stands in, which the `document` of a test may not answer.
 *
 * @param {string} written
 */
async function glue(written) {
  const called = /^let wasm_bindgen = (\(function\(exports\) \{.*\}\))\(\{ __proto__: null \}\);\s*$/s.exec(written);
  if (called === null)
    throw new Failure("wasm-bindgen writes its glue otherwise: look at what scripts/build/client.mjs exports.");
  const absent = ["document", "Request", "Response", "URL"].map((name) => [name, "undefined"]);
  const { code } = await transform(`export default ${called[1]};`, {
    define: Object.fromEntries(absent),
    pure: ["console.warn"],
    minifySyntax: true,
    target: "es2022",
  });
  return code;
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
