// A file of secrets for a program that takes them from nowhere else.

import { rmSync, writeFileSync } from "node:fs";

const SIGNALS = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);

/**
 * Writes a file that its owner alone can read. It is gone when this process ends, by a signal too, if not before.
 *
 * @param {string} path
 * @param {string} content
 * @returns {() => void} removes the file
 */
export function writeSecretFile(path, content) {
  // A file that is there already would keep its mode.
  rmSync(path, { force: true });
  writeFileSync(path, content, { mode: 0o600, flag: "wx" });
  const remove = () => {
    rmSync(path, { force: true });
    process.off("exit", remove);
    for (const signal of SIGNALS) process.off(signal, removeAndEnd);
  };
  const removeAndEnd = (/** @type {NodeJS.Signals} */ signal) => {
    remove();
    // Listening has taken away the signal's own effect. Where others listen, they decide.
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  process.on("exit", remove);
  for (const signal of SIGNALS) process.on(signal, removeAndEnd);
  return remove;
}
