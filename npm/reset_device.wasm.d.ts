/** The compiled module, where the importing runtime gives one (Cloudflare Workers); a bundler may give an address. */
declare const module: typeof globalThis extends { WebAssembly: { Module: { prototype: infer Known } } }
  ? Known
  : object;
export default module;
