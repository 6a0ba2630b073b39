// Takes out of the glue that wasm-bindgen writes what nothing here runs, and shortens the rest: it is made for every
// runtime and every use.

import { Failure } from "../base/terminal.mjs";

/** What stands there, and what comes in its place. @type {[RegExp, string][]} */
const CHANGES = [
  // In the place of its loader npm/client/wasm.ts has one, which needs these two.
  [
    /^export \{ initSync, __wbg_init as default \};$/m,
    "export { __wbg_get_imports as imports, __wbg_finalize_init as bind };",
  ],
  // For its loader, and for the views that it keeps.
  [/^ {4}wasmInstance = instance;\n/m, ""],
  [/^ {4}wasmModule = module;\n/m, ""],
  [/^ {4}cached(DataView|Uint8Array)Memory0 = null;\n/gm, ""],
  [/^ {4}return wasm;\n\}\n\nasync function __wbg_load/m, "}\n\nasync function __wbg_load"],
  // For `using`, by which nothing here is declared.
  [/^if \(Symbol\.dispose\) .*\n/gm, ""],
  // For a client that is freed: ours is dropped, which not every runtime tells of.
  [/^ {4}__destroy_into_raw\(\) \{\n(?: {8}.*\n)+ {4}\}\n {4}free\(\) \{\n(?: {8}.*\n)+ {4}\}\n/m, ""],
  [/WebClientFinalization\.register\((.*), this\)/, "WebClientFinalization?.register($1)"],
  [/^(const WebClientFinalization = ).*\n.*\n {4}: (.*)/m, "$1globalThis.FinalizationRegistry && $2"],
  // For a TextEncoder from before 2020, and for Safari, whose decoder fails after 2 GB: that takes a page a million calls.
  [/^if \(!\('encodeInto' in cachedTextEncoder\)\) \{\n[\s\S]*?\n\}\n/m, ""],
  [/^cachedTextDecoder\.decode\(\);\n/m, ""],
  [
    whole("getStringFromWasm0"),
    "function getStringFromWasm0(ptr, len) {\n    return cachedTextDecoder.decode(getArrayU8FromWasm0(ptr, len));\n}\n",
  ],
  // For texts longer than any here. A view of the memory is quickly made, and one that is kept has to be checked; so has
  // a text that is encoded where it may not fit. It may be a secret key: no copy is left on the way.
  [whole("getDataViewMemory0"), "function getDataViewMemory0() {\n    return new DataView(wasm.memory.buffer);\n}\n"],
  [
    whole("getArrayU8FromWasm0"),
    "function getArrayU8FromWasm0(ptr, len) {\n    return new Uint8Array(wasm.memory.buffer, ptr >>> 0, len);\n}\n",
  ],
  [
    whole("passStringToWasm0"),
    `function passStringToWasm0(arg) {
    const bytes = cachedTextEncoder.encode(arg);
    const ptr = wasm.__wbindgen_malloc(bytes.length, 1);
    getArrayU8FromWasm0(ptr, bytes.length).set(bytes);
    bytes.fill(0);
    WASM_VECTOR_LEN = bytes.length;
    return ptr;
}
`,
  ],
  [/, wasm\.__wbindgen_malloc, wasm\.__wbindgen_realloc\)/g, ")"],
  [/Uint8Array\.prototype\.set\.call\((.*\)), /, "$1.set("],
  // Against an `Object.prototype` that has been added to: every name that is looked up is there.
  [/^ +__proto__: null,\n/gm, ""],
  // Arrows are fewer bytes, and nothing here needs a `this`.
  [/^( {8}\w+: )function\(([^)]*)\) \{$/gm, "$1($2) => {"],
  [/^( {8}\w+: )function\(\) \{ return handleError\(function \((.*)\) \{$/gm, "$1handleError(($2) => {"],
  [/^ {8}\}, arguments\); \},$/gm, "        }),"],
  [
    /^function handleError\(f, args\) \{\n([\s\S]*?)f\.apply\(this, args\)([\s\S]*?)^\}\n/m,
    "const handleError = (f) => (...args) => {\n$1f(...args)$2};\n",
  ],
];

/** A function of the glue's, from its first line to its last. @param {string} name */
function whole(name) {
  return new RegExp(`^function ${name}\\(.*\\) \\{\\n[\\s\\S]*?^\\}\\n`, "m");
}

/** One of the imports that the glue has for the WebAssembly, changed as above. */
const IMPORT = /^ {8}(\w+): [\s\S]*?^ {8}\}\)?,\n/gm;

/**
 * @param {string} glue
 * @param {string[]} imported the names that the optimised WebAssembly still imports
 */
export function trimGlue(glue, imported) {
  const trimmed = CHANGES.reduce((text, [pattern, replacement]) => {
    const changed = text.replace(pattern, replacement);
    if (changed === text)
      throw new Failure(`The glue holds nothing like ${pattern}: wasm-bindgen writes it otherwise.`);
    return changed;
  }, glue);
  return trimmed.replaceAll(IMPORT, (text, name) => (imported.includes(name) ? text : ""));
}
