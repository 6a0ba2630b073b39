/**
 * The entry for Cloudflare Workers, where WebAssembly must come as a module: bytes may not be compiled there.
 *
 * @module
 */
import module from "../reset_device.wasm";
import { setBundledSource } from "./instance.ts";

setBundledSource(() => module);

export * from "./api.ts";
