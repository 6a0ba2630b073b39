// `./button`: the custom element, one file that loads the client when the button is first pressed.

import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../base/environment.mjs";
import { bundle } from "./bundle.mjs";
import { writeDeclarations } from "./declarations.mjs";

/** @param {string} pkg the package's folder */
export async function buildButton(pkg) {
  await bundle({
    from: "npm/button/index.ts",
    to: join(pkg, "button", "index.js"),
    platform: "browser",
    // Its floor is Baseline 2023: nothing older needs to parse it.
    target: "es2022",
  });
  // Types for templates, each by the framework's own; and what editors and documentation tools read.
  for (const file of ["markup.d.ts", "preact.d.ts", "react.d.ts", "svelte.d.ts", "vue.d.ts", "custom-elements.json"]) {
    copyFileSync(join(repository, "npm", "button", file), join(pkg, "button", file));
  }
  await writeDeclarations({ project: "npm/tsconfig.json", root: "npm", entry: "button/index.d.ts", to: pkg });
}
