/**
 * The entry for Node, Deno, Bun, browsers and bundlers: it carries the WebAssembly, compressed, as base64 text.
 *
 * An address (`new URL("x.wasm", import.meta.url)`) would be shorter, but some runtimes and bundlers cannot follow it.
 * Base64 alone would cost a third more on the wire, since compression finds little in it; of bytes that are compressed
 * before, it gives the third back.
 *
 * @module
 */
import base64 from "wasm-base64";
import { BYTES_BY_INIT, need } from "./compile.ts";
import { setBundledSource } from "./instance.ts";

setBundledSource(() => {
  need(["atob", "DecompressionStream", "Response"], BYTES_BY_INIT);
  const compressed = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  // Not the stream of a Blob: jsdom's has none.
  const { body } = new Response(compressed);
  return new Response(body?.pipeThrough(new DecompressionStream("deflate-raw"))).arrayBuffer();
});

export * from "./api.ts";
