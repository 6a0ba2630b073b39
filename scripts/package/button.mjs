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
    // Custom states and `light-dark()` ask for browsers of 2024; nothing older needs to parse it.
    target: "es2022",
  });
  await writeDeclarations({ project: "npm/tsconfig.json", root: "npm", entry: "button/index.d.ts", to: pkg });
}
