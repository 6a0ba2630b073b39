// Takes out of the glue that wasm-bindgen writes what nothing here runs: it is made for every runtime and every use.

import { Failure } from "../base/terminal.mjs";

/** What stands there, and what comes in its place. @type {[RegExp, string][]} */
const CHANGES = [
  // In the place of its loader npm/client/wasm.ts has one, which needs these two.
  [
    /^export \{ initSync, __wbg_init as default \};$/m,
    "export { __wbg_get_imports as imports, __wbg_finalize_init as bind };",
  ],
  // For a module that cannot reallocate, which ours can.
  [/^ {4}if \(realloc === undefined\) \{\n[\s\S]*?\n {4}\}\n/m, ""],
  // For `using`, by which nothing here is declared.
  [/^if \(Symbol\.dispose\) .*\n/gm, ""],
  // For a TextEncoder from before 2020.
  [/^if \(!\('encodeInto' in cachedTextEncoder\)\) \{\n[\s\S]*?\n\}\n/m, ""],
];

/** @param {string} glue */
export function trimGlue(glue) {
  return CHANGES.reduce((text, [pattern, replacement]) => {
    if (!pattern.test(text))
      throw new Failure(`The glue holds nothing like ${pattern}: wasm-bindgen writes it otherwise.`);
    return text.replace(pattern, replacement);
  }, glue);
}
