// The entries of the package beside the client itself: the button, the command and the worker.

import { buildButton } from "./button.mjs";
import { buildCommand } from "./command.mjs";
import { buildWorker } from "./worker.mjs";

/**
 * Builds `./button`, `./worker` and the command into the package's folder, where the client is already.
 *
 * @param {string} pkg the package's folder
 */
export async function buildEntries(pkg) {
  await buildButton(pkg);
  await buildCommand(pkg);
  await buildWorker(pkg);
}
