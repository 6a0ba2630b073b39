// Folders for what a build makes on its way.

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { localFolder } from "../base/environment.mjs";

/**
 * Runs `work` with a new folder, which is gone afterwards.
 *
 * @param {string} name
 * @param {(folder: string) => Promise<void>} work
 */
export async function inTemporaryFolder(name, work) {
  mkdirSync(localFolder, { recursive: true });
  const folder = mkdtempSync(join(localFolder, `${name}-`));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
