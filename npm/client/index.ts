/**
 * The entry for Node, Deno, Bun, browsers and bundlers: it carries the WebAssembly as base64 text.
 *
 * An address (`new URL("x.wasm", import.meta.url)`) would be shorter, but some runtimes and bundlers cannot follow it.
 *
 * @module
 */
import base64 from "wasm-base64";
import { setBundledSource } from "./wasm.ts";

setBundledSource(() => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));

export * from "./api.ts";
