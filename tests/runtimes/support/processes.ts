// Runs a program to its end.

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { toolEnvironment } from "../../../scripts/base/environment.mjs";

const execFileAsync = promisify(execFile);

/** What a program prints on stdout. Rejects with all of its output where it fails. */
export async function output(
  command: string,
  args: string[],
  options: { cwd: string; env?: Record<string, string> },
): Promise<string> {
  try {
    const { stdout } = await execFileAsync(command, args, {
      cwd: options.cwd,
      env: { ...toolEnvironment(), ...options.env },
      timeout: 300_000,
      maxBuffer: 1 << 26,
    });
    return stdout;
  } catch (error) {
    const { stdout, stderr, code } = error as { stdout?: string; stderr?: string; code?: unknown };
    throw new Error(`${command} ${args.join(" ")} ended with ${String(code)}\n${stdout ?? ""}\n${stderr ?? ""}`);
  }
}
