/**
 * The entry for `require`: it carries the WebAssembly as base64 text that is not compressed.
 *
 * Test runners with globals of their own are most of those who load it, and some of these have neither streams nor
 * `DecompressionStream`. Nobody sends these bytes over a network.
 *
 * @module
 */
import base64 from "wasm-base64-plain";
import { BYTES_BY_INIT, need } from "./compile.ts";
import { setBundledSource } from "./instance.ts";

setBundledSource(() => {
  need(["atob"], BYTES_BY_INIT);
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
});

export * from "./api.ts";
