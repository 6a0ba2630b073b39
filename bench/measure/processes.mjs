// Starts the programs that are measured.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { toolEnvironment } from "../../scripts/base/environment.mjs";

const execFileAsync = promisify(execFile);

/**
 * What a program of this folder prints.
 *
 * @param {[string, ...string[]]} command the runtime and its options
 * @param {string} program a file of this folder
 * @param {unknown} task given to it in BENCHMARK
 * @param {number} [timeout] milliseconds after which it is ended, and has failed
 */
export async function outputOf([runtime, ...options], program, task, timeout = 300_000) {
  const file = fileURLToPath(new URL(program, import.meta.url));
  const { stdout } = await execFileAsync(runtime, [...options, file], {
    env: { ...toolEnvironment(), BENCHMARK: JSON.stringify(task) },
    timeout,
    maxBuffer: 1 << 26,
  });
  return stdout;
}
