// The entries of the package beside the client itself: the button, the command and the worker.

import { join } from "node:path";
import { buildButton } from "./button.mjs";
import { buildCommand } from "./command.mjs";
import { translate, writeCommonJsDeclarations } from "./commonjs.mjs";
import { buildWorker } from "./worker.mjs";

/**
 * Builds `./button`, `./worker` and the command into the package's folder, where the client is already, and the CommonJS
 * form of what else is there.
 *
 * @param {string} pkg the package's folder
 */
export async function buildEntries(pkg) {
  await buildButton(pkg);
  await buildCommand(pkg);
  await buildWorker(pkg);
  // Not of the worker: a Worker is an ES module.
  // With every module that these import: none is left out, or `require` fails.
  await translate({ from: pkg, files: ["gateway-api.js", "remedies.js", join("button", "index.js")], to: pkg });
  for (const folder of [pkg, join(pkg, "button")]) writeCommonJsDeclarations(folder);
}
