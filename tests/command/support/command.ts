// Runs the built command as a shell would.

import { spawn } from "node:child_process";
import { join } from "node:path";
import { repository, toolEnvironment } from "../../../scripts/base/environment.mjs";

/** The built command. */
export const program = join(repository, "pkg", "cli", "index.js");

export interface Ended {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  env?: Record<string, string>;
  /** Sends Ctrl-C after so long. */
  interruptAfterMs?: number;
  /** Called with all of stderr so far, each time that it grows; may send a signal. */
  onStderr?: (text: string, kill: (signal: NodeJS.Signals) => void) => void;
}

/** Runs the command without a terminal, as a script does. */
export function command(args: string[], options: RunOptions = {}): Promise<Ended> {
  return ended([process.execPath, program, ...args], options);
}

/**
 * Runs the command on a terminal of its own (util-linux's `script`), and types `answers`, each when stderr asks.
 *
 * A terminal has one stream: all that is printed comes back as `stdout`.
 */
export function commandOnTerminal(
  args: string[],
  answers: { after: string; type: string }[],
  options: RunOptions = {},
): Promise<Ended> {
  const words = [process.execPath, program, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`);
  return shellOnTerminal(words.join(" "), answers, options);
}

/** The command in a pipeline as `frd`; the exit code is the command's own. */
export function inPipeline(line: string, options: RunOptions = {}): Promise<Ended> {
  const words = [process.execPath, program].map((word) => `'${word}'`).join(" ");
  const env = { ...options.env, BASH_ENV: "" };
  return ended(["bash", "-c", `frd() { ${words} "$@"; }\n${line}\nexit "\${PIPESTATUS[0]}"`], { ...options, env });
}

/** Runs a shell's lines on a terminal, as {@link commandOnTerminal} does. */
export function shellOnTerminal(
  lines: string,
  answers: { after: string; type: string }[],
  options: RunOptions = {},
): Promise<Ended> {
  return ended(["script", "--quiet", "--return", "--command", lines, "/dev/null"], options, answers);
}

function ended(
  [file = "", ...args]: string[],
  { env, interruptAfterMs, onStderr }: RunOptions,
  answers: { after: string; type: string }[] = [],
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    // A real workspace's variables never get here: toolEnvironment() leaves them out.
    const child = spawn(file, args, { env: { ...toolEnvironment(), ...env } });
    const waiting = [...answers];
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
      while (waiting[0] && stdout.includes(waiting[0].after)) child.stdin.write(waiting.shift()?.type ?? "");
    });
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
      onStderr?.(stderr, (signal) => child.kill(signal));
    });
    child.on("error", reject);
    child.on("close", (exitCode) => resolve({ exitCode, stdout, stderr }));
    if (interruptAfterMs !== undefined) setTimeout(() => child.kill("SIGINT"), interruptAfterMs);
    if (answers.length === 0) child.stdin.end();
  });
}
