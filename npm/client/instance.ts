/**
 * Loads the WebAssembly, once, when it is first needed, and instantiates it again after a trap.
 *
 * Not at import: top-level await breaks some bundlers, Workers forbid work in the global scope, and a page that never
 * makes a call should not pay for it.
 *
 * @module
 */
import bind, { type Wasm } from "glue";
import type { init as Init } from "../index.d.ts";
import { compile, explained, need, type Source } from "./compile.ts";
import { isErrorData, notSent } from "./error.ts";

let bundled: (() => Source | Promise<BufferSource>) | undefined;
let compiled: Promise<WebAssembly.Module> | undefined;
let current: Promise<Wasm> | undefined;

/** Says where the bytes are that come with an entry of the package. */
export function setBundledSource(source: typeof bundled): void {
  bundled = source;
}

export const init: typeof Init = async (given) => {
  await instance(given);
};

/** The instance that new calls run on. */
export async function instance(given?: Source): Promise<Wasm> {
  const source = given ?? bundled;
  // Not kept as a load that has failed: an address may follow in the same turn.
  if (!current && !compiled && !source) {
    throw notSent(
      "loading",
      "The WebAssembly is not loaded. This entry brings no bytes: call init with their address first. Nothing was sent.",
    );
  }
  current ??= instantiate(source).catch((cause) => {
    // The next call tries again: a download may work later.
    current = undefined;
    throw cause;
  });
  return current;
}

/**
 * Runs `work` on the instance of new calls.
 *
 * @throws what `work` throws; after a trap the instance is discarded
 */
export async function withInstance<T>(work: (wasm: Wasm) => T): Promise<T> {
  const wasm = await instance();
  try {
    return work(wasm);
  } catch (thrown) {
    if (!isErrorData(thrown)) {
      await discard(wasm);
    }
    throw thrown;
  }
}

/**
 * Gives up an instance after a trap: its memory may be in any state. New calls get a fresh one; calls under way on this
 * one go on as well as they can.
 */
export async function discard(wasm: Wasm): Promise<void> {
  if ((await current?.catch(() => undefined)) === wasm) {
    current = undefined;
  }
}

async function instantiate(source: Source | typeof bundled): Promise<Wasm> {
  try {
    need(["WebAssembly"], "allow this site where iOS' Lockdown Mode or a policy forbids it, or use another browser");
    // The glue's; some test environments have neither.
    need(["TextDecoder", "TextEncoder"], "make node:util's global first");
    compiled ??= compile(typeof source === "function" ? source() : (source as Source)).catch((cause) => {
      compiled = undefined;
      throw cause;
    });
    // Without a prototype, as wasm-bindgen gives it.
    const wasm = bind({ __proto__: null });
    await wasm({ module_or_path: await compiled });
    return wasm;
  } catch (thrown) {
    const { sentence, cause, retryable } = explained(thrown);
    const message = `The WebAssembly could not be loaded.${sentence} Nothing was sent.`;
    throw notSent("loading", message, cause, { retryable });
  }
}
