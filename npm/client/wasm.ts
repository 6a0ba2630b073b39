/**
 * Loads the WebAssembly, once, when it is first needed.
 *
 * Not at import: top-level await breaks some bundlers, Workers forbid work in the global scope, and a page that never
 * makes a call should not pay for it.
 *
 * @module
 */
import { bind, imports } from "glue";
import type { init as Init } from "../index.d.ts";
import { notSent } from "./error.ts";

type Source = NonNullable<Parameters<typeof Init>[0]>;

let bundled: (() => Source | Promise<BufferSource>) | undefined;
let loading: Promise<void> | undefined;

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
    loading = load(source).catch((cause) => {
      // The next call tries again: a download may work later.
      loading = undefined;
      throw notSent("loading", `The WebAssembly could not be loaded.${advice(cause)} Nothing was sent.`, cause);
    });
  }
  return loading;
};

/** Not while it streams in, which is stricter about the answer's `Content-Type` and no faster with so few bytes. */
async function load(given: Source | Promise<BufferSource>): Promise<void> {
  let source = await given;
  if (typeof source === "string" || source instanceof URL) {
    source = await fetch(source);
  }
  if (source instanceof Response) {
    if (!source.ok) {
      throw new Error(`The answer to ${source.url} has the status ${source.status}.`);
    }
    source = await source.arrayBuffer();
  }
  // Given a module, this resolves with its instance alone.
  const made: WebAssembly.Instance | WebAssembly.WebAssemblyInstantiatedSource = await WebAssembly.instantiate(
    source as BufferSource,
    imports(),
  );
  bind("instance" in made ? made.instance : made);
}

/** A policy that forbids it and bytes that are none are the same kind of error, and only the first is worth a hint. */
function advice(cause: unknown): string {
  return cause instanceof WebAssembly.CompileError && /Content.Security.Policy|unsafe-eval|CSP/i.test(cause.message)
    ? " The page's Content-Security-Policy forbids it: its script-src needs 'wasm-unsafe-eval'."
    : "";
}
