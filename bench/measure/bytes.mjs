// How many bytes a user ships: each entry bundled and minified by esbuild, then compressed.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";
import { repository } from "../../scripts/base/environment.mjs";

/** @typedef {{ minified: number, gzip: number, brotli: number }} Bytes */

/**
 * @param {string} source a module; what it exports is what is shipped
 * @param {object} [options]
 * @param {"browser" | "workerd" | "node"} [options.loadedBy]
 * @returns {Promise<Bytes>} the sum over all files that the bundle consists of, each compressed by itself
 */
export async function bytesOf(source, { loadedBy = "browser" } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "fireblocks-reset-device-bytes-"));
  try {
    await build({
      stdin: { contents: source, resolveDir: join(repository, "bench", "peers"), sourcefile: "entry.mjs" },
      outdir: folder,
      bundle: true,
      minify: true,
      format: "esm",
      platform: loadedBy === "node" ? "node" : "browser",
      conditions: loadedBy === "workerd" ? ["workerd", "worker", "browser"] : ["import"],
      loader: { ".wasm": "copy" },
      legalComments: "none",
      logLevel: "silent",
    });
    return readdirSync(folder)
      .map((name) => compressed(readFileSync(join(folder, name))))
      .reduce(sum);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {Uint8Array} content
 * @returns {Bytes}
 */
export function compressed(content) {
  const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
  return {
    minified: content.length,
    gzip: gzipSync(content, { level: 9 }).length,
    brotli: brotliCompressSync(content, brotli).length,
  };
}

/**
 * @param {Bytes} a
 * @param {Bytes} b
 * @returns {Bytes}
 */
function sum(a, b) {
  return { minified: a.minified + b.minified, gzip: a.gzip + b.gzip, brotli: a.brotli + b.brotli };
}

/** The whole client, every operation in it. */
export const WHOLE = 'export * from "fireblocks-reset-device";';

/** What the table of bytes lists, ours first. `peer`: the one whose bytes these are when peers are compared. */
export const entries =
  /** @type {{ title: string, peer?: string, source: string, loadedBy?: "browser" | "workerd" | "node" }[]} */ ([
    { title: "ours, whole, as workerd loads it", source: WHOLE, loadedBy: "workerd" },
    { title: "ours, whole, inlined", peer: "ours", source: WHOLE },
    { title: "ours, resetDevice alone, inlined", source: 'export { resetDevice } from "fireblocks-reset-device";' },
    { title: "ours, ./slim (without the .wasm)", source: 'export * from "fireblocks-reset-device/slim";' },
    { title: "ours, ./button with the client", source: 'export * from "fireblocks-reset-device/button";' },
    {
      title: "ours, ./worker with the client",
      source: 'export * from "fireblocks-reset-device/worker";',
      loadedBy: "workerd",
    },
    { title: "by hand: WebCrypto and fetch", peer: "baseline", source: 'export * from "./baseline.mjs";' },
    {
      title: "jose alone (SignJWT, importPKCS8)",
      peer: "jose",
      source: 'export { importPKCS8, SignJWT } from "jose";',
    },
    {
      title: "@fireblocks/ts-sdk, narrowest import",
      peer: "ts-sdk-deep",
      source: 'export * from "./ts-sdk-deep.mjs";',
      loadedBy: "node",
    },
    { title: "@fireblocks/ts-sdk", peer: "ts-sdk", source: 'export * from "@fireblocks/ts-sdk";', loadedBy: "node" },
    {
      title: "fireblocks-sdk (legacy)",
      peer: "legacy-sdk",
      source: 'export * from "fireblocks-sdk";',
      loadedBy: "node",
    },
  ]);
