// Temporary folders, which are gone at the latest with this process: a consumer with its packages is large.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stopServices } from "../base/process.mjs";

/** @type {Set<string>} */
const folders = new Set();

process.on("exit", () => {
  for (const folder of folders) removeFolder(folder);
});
// Without a listener a signal ends the process without its exit event. What writes into the folders ends before.
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
  process.once(signal, () => void stopServices().finally(() => process.exit(1)));
}

/** @param {string} purpose */
export function temporaryFolder(purpose) {
  const folder = mkdtempSync(join(tmpdir(), `fireblocks-reset-device-${purpose}-`));
  folders.add(folder);
  return folder;
}

/** @param {string} folder */
export function removeFolder(folder) {
  // What ran in it may be ending still.
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  folders.delete(folder);
}
