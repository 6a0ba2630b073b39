// Shortens the names by which the WebAssembly and its glue know each other. They are long, hold hashes that do not
// compress, and stand in both files: a twentieth of what a user ships.

import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { toolEnvironment } from "../base/environment.mjs";
import { Service } from "../base/process.mjs";
import { Failure } from "../base/terminal.mjs";
import { nameByLikeness } from "./function-order.mjs";
import { trimGlue } from "./glue.mjs";

/** Notes that no runtime reads. The last step of all: wasm-opt itself reads the second. */
const STRIP = ["--strip-producers", "--strip-target-features"];

/**
 * No pass of the optimiser. By these levels wasm-opt knows how to write: values that are used once stay on the stack,
 * where they were before this file was read.
 */
const LEVELS = ["--optimize-level=2", "--shrink-level=2"];

/**
 * What wasm-opt prints: module, name and new name of each import, then name and new name of each export.
 *
 * @typedef {{ imports: [string, string, string][], exports: [string, string][], modules: [string, string][] }} Renamed
 */

/**
 * Renames in place.
 *
 * @param {string} folder where wasm-pack has put both files
 * @param {string} name theirs, without `_bg.wasm` and `.js`
 */
export async function shortenNames(folder, name) {
  const wasm = join(folder, `${name}_bg.wasm`);
  const glue = join(folder, `${name}.js`);
  writeFileSync(wasm, nameByLikeness(readFileSync(wasm)));
  const renamed = await renameInWasm(wasm, join(folder, "short.wasm"));
  renameSync(join(folder, "short.wasm"), wasm);
  const imported = renamed.imports.map(([, name]) => name);
  writeFileSync(glue, renameInGlue(trimGlue(readFileSync(glue, "utf8"), imported), renamed));
}

/**
 * @param {string} from
 * @param {string} to
 * @returns {Promise<Renamed>}
 */
async function renameInWasm(from, to) {
  let printed = "";
  const options = ["--reorder-functions-by-name", "--minify-imports-and-exports-and-modules", ...STRIP, ...LEVELS];
  const service = new Service("wasm-opt", [...options, from, "-o", to], {
    env: toolEnvironment(),
    onLine: (line, stream) => {
      if (stream === "stdout") printed += `${line}\n`;
    },
  });
  if ((await service.exited) !== 0) {
    throw new Failure("wasm-opt could not shorten the names.", { details: service.lastLines });
  }
  return JSON.parse(printed);
}

/**
 * @param {string} glue
 * @param {Renamed} renamed
 */
function renameInGlue(glue, { imports, exports }) {
  let renamed = glue;
  const replaceEvery = (/** @type {RegExp} */ pattern, /** @type {string} */ text, /** @type {string} */ name) => {
    if (!pattern.test(renamed)) throw new Failure(`The glue does not hold ${name}: wasm-bindgen writes it otherwise.`);
    // A function: "$" is a name that wasm-opt gives, and a replacement's text would read it as a pattern.
    renamed = renamed.replaceAll(pattern, () => text);
  };
  // wasm-bindgen gives all imports one module, and wasm-opt its first short name.
  for (const module of new Set(imports.map(([from]) => from)))
    replaceEvery(new RegExp(`"${escaped(module)}":`, "g"), "a:", module);
  for (const [, name, short] of imports) replaceEvery(new RegExp(`\\b${escaped(name)}:`, "g"), `${short}:`, name);
  for (const [name, short] of exports)
    renamed = renamed.replaceAll(new RegExp(`\\bwasm\\.${escaped(name)}(?![\\w$])`, "g"), () => `wasm.${short}`);
  for (const [, name] of renamed.matchAll(/\bwasm\.([\w$]+)/g)) {
    if (!exports.some(([, short]) => short === name))
      throw new Failure(`The glue asks for ${name}, which the WebAssembly does not export.`);
  }
  return renamed;
}

/** @param {string} text */
function escaped(text) {
  return text.replaceAll(/[.$/]/g, "\\$&");
}
