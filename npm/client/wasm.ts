/**
 * Loads the WebAssembly, once, when it is first needed.
 *
 * Not at import: top-level await breaks some bundlers, Workers forbid work in the global scope, and a page that never
 * makes a call should not pay for it.
 *
 * @module
 */
import instantiate from "glue";
import type { init as Init } from "../index.d.ts";
import { notSent } from "./error.ts";

type Source = Parameters<typeof Init>[0];

let bundled: (() => Source | Promise<BufferSource>) | undefined;
let loading: Promise<unknown> | undefined;

/** Says where the bytes are that come with an entry of the package. */
export function setBundledSource(source: typeof bundled): void {
  bundled = source;
}

export const init: typeof Init = async (given) => {
  if (!loading) {
    const source = given ?? bundled?.();
    if (source === undefined) {
      throw notSent(
        "loading",
        "The WebAssembly is not loaded. This entry brings no bytes: call init with their address first. Nothing was sent.",
      );
    }
    loading = load(source);
  }
  const current = loading;
  try {
    await current;
  } catch (cause) {
    // The next call tries again: a download may work later.
    if (loading === current) {
      loading = undefined;
    }
    throw cause;
  }
};

async function load(source: Source | Promise<BufferSource>): Promise<void> {
  try {
    await instantiate({ module_or_path: source });
  } catch (cause) {
    throw notSent("loading", `The WebAssembly could not be loaded.${advice(cause)} Nothing was sent.`, cause);
  }
}

/** A policy that forbids it and bytes that are none are the same kind of error, and only the first is worth a hint. */
function advice(cause: unknown): string {
  return cause instanceof WebAssembly.CompileError && /Content.Security.Policy|unsafe-eval|CSP/i.test(cause.message)
    ? " The page's Content-Security-Policy forbids it: its script-src needs 'wasm-unsafe-eval'."
    : "";
}
