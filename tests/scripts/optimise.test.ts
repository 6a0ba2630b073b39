// What is taken out of the WebAssembly before it is optimised: panics' messages, and the places in the source they name.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import binaryen from "binaryen";
import { afterAll, describe, expect, it } from "vitest";
import { optimise } from "../../scripts/package/optimise.mjs";

const folder = mkdtempSync(join(tmpdir(), "fireblocks-reset-device-optimise-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PLACE = "src/call.rs";
const SENTENCE = "capacity overflow";

/** As the compiler leaves a module: a function that panics where its argument is 0, and what the panic would print. */
function compiled({
  formats = false,
  exportsIt = false,
  reads = false,
  panic = "core::panicking::panic_fmt",
} = {}): Uint8Array {
  const location = `\\00\\04\\00\\00\\${PLACE.length.toString(16).padStart(2, "0")}\\00\\00\\00\\07\\00\\00\\00\\05\\00\\00\\00`;
  binaryen.setDebugInfo(true);
  const module = binaryen.parseText(
    `(module
    (memory (export "memory") 1)
    (table (export "table") 1 funcref)
    (elem (i32.const 0) "core::fmt::write")
    (data (i32.const 1024) "${PLACE}")
    (data (i32.const 2048) "${location}")
    (data (i32.const 3072) "kept words")
    (data (i32.const 4096) "${SENTENCE}")
    ${exportsIt ? '(export "write" (func $"core::fmt::write"))' : ""}
    (func $"core::fmt::write" (param i32) (result i32) (i32.store (i32.const 0) (local.get 0)) (i32.const 0))
    (func $"${panic}" (param i32)
      (drop (call_indirect (param i32) (result i32) (local.get 0) (i32.const 0)))
      (unreachable))
    (func $"own::formats" (result i32) ${formats ? '(call $"core::fmt::write" (i32.const 1))' : "(i32.const 1)"})
    (func (export "read") (result i32) (i32.load8_u (i32.const ${reads ? 4096 : 3072})))
    (func (export "run") (param i32) (result i32)
      (if (i32.eqz (local.get 0)) (then (call $"${panic}" (i32.const 2048))))
      (call $"own::formats"))
  )`.replaceAll('(elem (i32.const 0) "core', '(elem (i32.const 0) $"core'),
  );
  return module.emitBinary();
}

async function optimised(module: Uint8Array): Promise<Buffer<ArrayBuffer>> {
  const file = join(folder, "module.wasm");
  writeFileSync(file, module);
  await optimise(file);
  return readFileSync(file);
}

describe("optimising", () => {
  it("leaves a panic its trap, and nothing of its message", async () => {
    const small = await optimised(compiled());
    const { instance } = await WebAssembly.instantiate(small);
    const { run, memory } = instance.exports as { run: (value: number) => number; memory: WebAssembly.Memory };
    expect(run(1)).toBe(1);
    expect(() => run(0)).toThrow(WebAssembly.RuntimeError);
    // Had it been formatted, the argument would stand there.
    expect(new Uint32Array(memory.buffer)[0]).toBe(0);
    expect(small.includes(PLACE)).toBe(false);
    expect(small.includes(SENTENCE)).toBe(false);
    expect(small.includes("kept words")).toBe(true);
  });

  it("refuses to take out what something else uses", async () => {
    await expect(optimised(compiled({ formats: true }))).rejects.toThrow(/own::formats calls core::fmt::write/);
  });

  it("refuses to take out what JavaScript may call, or a sentence that is read", async () => {
    await expect(optimised(compiled({ exportsIt: true }))).rejects.toThrow(/export write is core::fmt::write/);
    await expect(optimised(compiled({ reads: true }))).rejects.toThrow(/may read data .* at 4096/);
  });

  it("says so where the compiler's names have changed", async () => {
    await expect(optimised(compiled({ panic: "core::panicking2::panic_fmt" }))).rejects.toThrow(
      /no panics by the names/,
    );
  });
});
