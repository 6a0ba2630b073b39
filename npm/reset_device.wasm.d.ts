/** The compiled module, where the importing runtime gives one (Cloudflare Workers); a bundler may give an address. */
declare const module: WebAssembly.Module;
export default module;
