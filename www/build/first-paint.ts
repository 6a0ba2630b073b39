/**
 * What is painted at first waits for nothing but the document: its styles stand in the document itself, as the script
 * that chooses the theme does, and the page's other scripts let the document go first.
 *
 * The worker's Content-Security-Policy names both inline parts by their hashes. A build whose parts are others is
 * refused, since browsers would leave them out.
 */
import { createHash } from "node:crypto";
import type { Plugin } from "vite";
import { INLINE_SCRIPT, INLINE_STYLE } from "../../worker/src/http/inline-parts.ts";

const NAMED = { script: INLINE_SCRIPT, style: INLINE_STYLE };

/** Refuses a document whose inline parts are not exactly those that the policy names. */
function comparePolicy(html: string): void {
  const problems = Object.entries(NAMED).flatMap(([tag, named]) => {
    const texts = [...html.matchAll(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, "g"))].map(([, text = ""]) => text);
    const hashes = texts.map((text) => `sha256-${createHash("sha256").update(text).digest("base64")}`);
    return hashes.length === 1 && hashes[0] === named ? [] : [`<${tag}>: ${named} is named, ${hashes} is built.`];
  });
  if (problems.length === 0) return;
  throw new Error(
    `The page's inline parts are not those that the worker's Content-Security-Policy names. ${problems.join(" ")} If the ` +
      "change is meant, put the new hashes into worker/src/http/inline-parts.ts and build again.",
  );
}

export function paintFirst(): Plugin {
  return {
    name: "paint-first",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler(html) {
        comparePolicy(html);
        return html.replaceAll(/<(script type="module"|link rel="modulepreload")/g, '<$1 fetchpriority="low"');
      },
    },
  };
}
