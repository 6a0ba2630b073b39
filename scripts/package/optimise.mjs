// Optimises the WebAssembly: takes out what a panic would have printed, then lets wasm-opt do its work.
//
// A panic formats its message for a standard error that WebAssembly does not have, and then traps. Here it traps at
// once: the same trap, a tenth fewer bytes. A standard library that is built that way needs a nightly compiler.

import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { toolEnvironment } from "../base/environment.mjs";
import { run } from "../base/process.mjs";
import { Failure } from "../base/terminal.mjs";
import { withoutLocations } from "./panic-locations.mjs";

/** Functions of the standard library that end in a trap, and the steps on the way to it. */
const panics = [
  /^core::panicking::/,
  /^core::(option|result)::(expect_failed|unwrap_failed)$/,
  /^core::cell::panic_already_(mutably_)?borrowed$/,
  /^core::slice::index::slice_\w*fail$/,
  /^core::str::slice_error_fail/,
  /^alloc::raw_vec::(capacity_overflow|handle_error)$/,
  /^alloc::alloc::handle_alloc_error$/,
  /^std::panicking::/,
];

/**
 * What only a panic's message calls, and what js-sys brings for promises that are awaited in WebAssembly, which none is
 * here. All of it is held by tables of function pointers, where wasm-opt has to leave it.
 */
const unreached = [/\bcore::fmt::/, /\bcore::panic::PanicPayload\b/, /\bjs_sys::futures::/];

/** Of functions with one caller only short ones are inlined: with all of them it is fewer bytes, which compress worse. */
const OPTIONS = [
  "-Oz",
  "--converge",
  "--one-caller-inline-max-function-size=20",
  "--always-inline-max-function-size=6",
];

/**
 * Optimises a file in place.
 *
 * @param {string} file as wasm-bindgen has left it, with the functions' names
 */
export async function optimise(file) {
  writeFileSync(file, await withoutMessages(withoutLocations(readFileSync(file))));
  await run("wasm-opt", [...OPTIONS, file, "-o", `${file}.small`], {
    env: toolEnvironment(),
    failure: "wasm-opt could not optimise the WebAssembly. Run npm ci: the package binaryen brings it.",
  });
  renameSync(`${file}.small`, file);
}

/** @param {Uint8Array} bytes */
async function withoutMessages(bytes) {
  const { default: binaryen } = await import("binaryen");
  binaryen.setDebugInfo(true);
  const module = binaryen.readBinary(bytes);
  const functions = Array.from({ length: module.getNumFunctions() }, (_, index) => {
    const info = binaryen.getFunctionInfo(module.getFunctionByIndex(index));
    return { ...info, readable: info.name.replaceAll(/\[[0-9a-f]{16}\]/g, "") };
  }).filter(({ module: imported }) => imported === "");
  const named = (/** @type {RegExp[]} */ patterns) =>
    functions.filter(({ readable }) => patterns.some((pattern) => pattern.test(readable)));

  const [trapping, silent] = [named(panics), named(unreached)];
  if (trapping.length === 0 || silent.length === 0) {
    throw new Failure(
      "The WebAssembly holds no panics by the names that are known: the compiler calls them otherwise.",
    );
  }
  const gone = new Set([...trapping, ...silent]);
  const unreachedNames = new Set(silent.map(({ name }) => name));
  for (const each of functions.filter((each) => !gone.has(each))) {
    const called = calls(binaryen.emitText(each.body)).find((callee) => unreachedNames.has(callee));
    if (called !== undefined)
      throw new Failure(`${each.readable} calls ${called}, which is taken out as a part of panics' messages alone.`);
  }
  for (const { name, params, results } of gone) {
    module.removeFunction(name);
    module.addFunction(name, params, results, [], module.unreachable());
  }
  return module.emitBinary();
}

/** The names of the functions that are called by name. @param {string} text */
function calls(text) {
  return [...text.matchAll(/\((?:return_)?call \$(?:"([^"]*)"|(\S+?))(?=[\s)])/g)].map(
    ([, quoted, plain]) => quoted ?? plain ?? "",
  );
}
