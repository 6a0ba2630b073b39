// The order of the WebAssembly's functions: like after like, with nothing changed in what they do.

import binaryen from "binaryen";
import { describe, expect, it } from "vitest";
import { nameByLikeness } from "../../scripts/package/function-order.mjs";

const STORE = "(i32.store (i32.const 1234) (i32.add (local.get 0) (i32.const 56789)))";
const MORE = "(i64.store (i32.const 2345) (i64.mul (i64.load (i32.const 34567)) (i64.const 67890)))";
const OTHER = "(f64.store (i32.const 4321) (f64.sqrt (f64.load (i32.const 98765))))";

describe("the order of functions", () => {
  it("is that of their names, the richest first and then like after like", () => {
    const module = binaryen.parseText(`(module
      (import "a" "b" (func $imported))
      (memory 1)
      (func (export "richest") (param i32) ${STORE} ${MORE} ${MORE})
      (func (export "other") (param i32) ${OTHER})
      (func (export "alike") (param i32) ${STORE} (call $imported)))`);
    const named = binaryen.readBinary(nameByLikeness(module.emitBinary()));
    const name = (exported: string) => binaryen.getExportInfo(named.getExport(exported)).value;
    expect(["richest", "alike", "other"].map(name)).toEqual(["00000", "00001", "00002"]);
  });

  it("is not made for a module without functions", () => {
    expect(() => nameByLikeness(binaryen.parseText("(module)").emitBinary())).toThrow(/no functions/);
  });
});
