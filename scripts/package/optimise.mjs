// Optimises the WebAssembly: takes out what a panic would have printed, then lets wasm-opt do its work.
//
// A panic formats its message for a standard error that WebAssembly does not have, and then traps. Here it traps at
// once: the same trap, a tenth fewer bytes. A standard library that is built that way needs a nightly compiler. What
// wasm-bindgen throws is a panic too: the JavaScript half tells any breakdown of the WebAssembly in the same words.

import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { toolEnvironment } from "../base/environment.mjs";
import { run } from "../base/process.mjs";
import { Failure } from "../base/terminal.mjs";
import { withoutPanicData } from "./panic-data.mjs";

/** Functions of the standard library that end in a trap, and the steps on the way to it. */
const panics = [
  /^core::panicking::/,
  /^core::(option|result)::(expect_failed|unwrap_failed)$/,
  /^core::cell::panic_already_(mutably_)?borrowed$/,
  /^core::slice::index::slice_\w*fail$/,
  /^core::slice::copy_from_slice_impl::len_mismatch_fail$/,
  /^core::str::slice_error_fail/,
  /^alloc::raw_vec::(capacity_overflow|handle_error)$/,
  /^alloc::alloc::handle_alloc_error$/,
  /^std::panicking::/,
  // Of a map whose keys are no strings; ours are.
  /^<serde_wasm_bindgen::error::Error>::new\b/,
  // The one that is imported.
  /^wasm_bindgen::__wbindgen_throw\b/,
];

/**
 * What only a panic's message calls, and what js-sys brings for promises that are awaited in WebAssembly and for closures
 * that JavaScript is to call, neither of which there is here. All of it is held by the table of function pointers, where
 * wasm-opt has to leave it.
 */
const unreached = [
  /\bcore::fmt::/,
  /\bcore::panic::PanicPayload\b/,
  /\bcore::any::Any>::type_id$/,
  /^std::alloc::default_alloc_error_hook$/,
  /\bjs_sys::futures::/,
  /^wasm_bindgen::convert::closures::_::invoke\b/,
];

/** Exports that the glue never asks for, trimmed as glue.mjs trims it. */
const unasked = ["__wbindgen_realloc", "__wbindgen_free", "__abort_handler", "__instance_terminated"];

const OPTIONS = [
  // Before the rest: functions that differ in a constant or a callee become one with a parameter more.
  "--merge-similar-functions",
  "-Oz",
  "--converge",
  // The first kilobyte is the far end of the stack, so an address plus a constant does not come round to it.
  "--low-memory-unused",
  // What follows makes more bytes and fewer when compressed. Of functions with one caller only short ones are inlined.
  "--one-caller-inline-max-function-size=20",
  "--always-inline-max-function-size=6",
  // The same steps twice compress better than the second time a local.
  "--skip-pass=local-cse",
  // Zeros between the data compress to nothing; data in pieces needs the address of each.
  "--skip-pass=memory-packing",
];

/**
 * Optimises a file in place.
 *
 * @param {string} file as wasm-bindgen has left it, with the functions' names
 */
export async function optimise(file) {
  const { default: binaryen } = await import("binaryen");
  binaryen.setDebugInfo(true);
  const { bytes, blanks } = withoutPanicData(readFileSync(file));
  writeFileSync(file, withoutMessages(binaryen, bytes));
  await run("wasm-opt", [...OPTIONS, file, "-o", `${file}.small`], {
    env: toolEnvironment(),
    failure: "wasm-opt could not optimise the WebAssembly. Run npm ci: the package binaryen brings it.",
  });
  checkUnread(binaryen, readFileSync(`${file}.small`), blanks);
  renameSync(`${file}.small`, file);
}

/** @typedef {typeof import("binaryen").default} Binaryen */

/** @param {Binaryen} binaryen @param {Uint8Array} bytes */
function withoutMessages(binaryen, bytes) {
  const module = binaryen.readBinary(bytes);
  const functions = Array.from({ length: module.getNumFunctions() }, (_, index) => {
    const info = binaryen.getFunctionInfo(module.getFunctionByIndex(index));
    return { ...info, readable: info.name.replaceAll(/\[[0-9a-f]{8,16}\]/g, "") };
  });
  const named = (/** @type {RegExp[]} */ patterns) =>
    functions.filter(({ readable }) => patterns.some((pattern) => pattern.test(readable)));

  const [trapping, silent] = [named(panics), named(unreached)];
  const trap = trapping[0]?.name;
  if (trap === undefined || silent.length === 0) {
    throw new Failure(
      "The WebAssembly holds no panics by the names that are known: the compiler calls them otherwise.",
    );
  }
  const gone = new Set([...trapping, ...silent]);
  const unreachedNames = new Set(silent.map(({ name }) => name));
  for (const each of functions.filter((each) => each.module === "" && !gone.has(each))) {
    const called = calls(binaryen.emitText(each.body)).find((callee) => unreachedNames.has(callee));
    if (called !== undefined)
      throw new Failure(`${each.readable} calls ${called}, which is taken out as a part of what nothing here calls.`);
  }
  for (let index = 0; index < module.getNumExports(); index++) {
    const { name, value } = binaryen.getExportInfo(module.getExportByIndex(index));
    if (unreachedNames.has(value))
      throw new Failure(`The export ${name} is ${value}, which is taken out as a part of what nothing here calls.`);
  }
  for (const { name, params, results } of gone) {
    module.removeFunction(name);
    module.addFunction(name, params, results, [], module.unreachable());
  }
  for (const name of unasked) module.removeExport(name);
  shareTrap(binaryen, module, new Set([...gone].map(({ name }) => name)), trap);
  return module.emitBinary();
}

/**
 * Puts `trap` in the place of all `gone` functions in the table of function pointers, so that their types go as well.
 *
 * @param {Binaryen} binaryen
 * @param {import("binaryen").default.Module} module
 * @param {Set<string>} gone
 * @param {string} trap
 */
function shareTrap(binaryen, module, gone, trap) {
  const segments = Array.from({ length: module.getNumElementSegments() }, (_, index) =>
    binaryen.getElementSegmentInfo(module.getElementSegmentByIndex(index)),
  );
  for (const { name, table, offset, data } of segments) {
    module.removeElementSegment(name);
    module.addActiveElementSegment(
      table,
      name,
      data.map((each) => (gone.has(each) ? trap : each)),
      offset,
    );
  }
}

/**
 * Throws where a constant may be an address in data that has been blanked.
 *
 * @param {Binaryen} binaryen
 * @param {Uint8Array} bytes the optimised module
 * @param {import("./panic-data.mjs").Span[]} blanks
 */
function checkUnread(binaryen, bytes, blanks) {
  const module = binaryen.readBinary(bytes);
  for (let index = 0; index < module.getNumFunctions(); index++) {
    const { name, body } = binaryen.getFunctionInfo(module.getFunctionByIndex(index));
    if (body === 0) continue;
    for (const [, constant] of binaryen.emitText(body).matchAll(/(?:i32\.const |offset=)(\d+)/g)) {
      if (blanks.some(({ address, size }) => Number(constant) >= address && Number(constant) < address + size))
        throw new Failure(
          `${name} may read data that is taken out as a part of panics' messages alone, at ${constant}.`,
        );
    }
  }
}

/** The names of the functions that are called by name. @param {string} text */
function calls(text) {
  return [...text.matchAll(/\((?:return_)?call \$(?:"([^"]*)"|(\S+?))(?=[\s)])/g)].map(
    ([, quoted, plain]) => quoted ?? plain ?? "",
  );
}
