/**
 * The page gives the package's button its own client. The button's fallback, the entry that carries the WebAssembly
 * inside, would only be a second copy that nobody asks for: it becomes the entry without bytes.
 */
import type { Plugin } from "vite";

export function oneClient(): Plugin {
  return {
    name: "one-client",
    // Before the resolver of Vite's own.
    enforce: "pre",
    resolveId(source, importer) {
      if (source !== "../index.js" || !importer?.endsWith("/pkg/button/index.js")) return;
      return this.resolve("fireblocks-reset-device/slim");
    },
  };
}
