/**
 * The page's scripts let its style go first: what is painted at first needs no script. Without this both share a slow
 * line.
 */
import type { Plugin } from "vite";

export function paintFirst(): Plugin {
  return {
    name: "paint-first",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler: (html) =>
        html.replaceAll(/<(script type="module"|link rel="modulepreload")/g, '<$1 fetchpriority="low"'),
    },
  };
}
