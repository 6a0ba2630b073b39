// `./button`: the custom element, one file that loads the client when the button is first pressed.

import { join } from "node:path";
import { bundle } from "./bundle.mjs";
import { writeDeclarations } from "./declarations.mjs";

/** @param {string} pkg the package's folder */
export async function buildButton(pkg) {
  await bundle({
    from: "npm/button/index.ts",
    to: join(pkg, "button", "index.js"),
    platform: "browser",
    // Custom states, `light-dark()` and `:state()` ask for browsers of 2024; nothing older needs to parse it.
    target: "es2022",
  });
  await writeDeclarations({
    project: "npm/tsconfig.json",
    root: "npm",
    to: pkg,
    wanted: (path) => PUBLIC.includes(path),
  });
}

/** The declarations that `button/index.d.ts` reaches. */
const PUBLIC = ["button/index.d.ts", "button/element.d.ts", "button/events.d.ts", "gateway.d.ts", "states.d.ts"];
