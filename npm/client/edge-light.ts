/**
 * The entry for edge runtimes whose bundlers give a compiled module where `?module` asks for one: Next's edge runtime
 * (condition `edge-light`), and Nitro's presets for Cloudflare (`unwasm`).
 *
 * The entry for Workers asks for it without `?module`. What bundles for them takes both; workerd itself looks for a
 * module of exactly the name that is written.
 *
 * @module
 */
import module from "../reset_device.wasm?module";
import { setBundledSource } from "./instance.ts";

setBundledSource(() => module);

export * from "./api.ts";
