/**
 * The entry without bytes, for pages that serve the `.wasm` as a file of its own: `init` comes first.
 *
 * @module
 */
export * from "./api.ts";
