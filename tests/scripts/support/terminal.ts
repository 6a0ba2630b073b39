// A script run on a terminal of its own (by `script`), as a person would.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

const CTRL_C = "\u0003";

/**
 * How each system's `script` is told what to run. Linux's runs a line in a shell, and Ctrl-C reaches all of the terminal: a
 * shell that stays would end by it, and its exit code hide the command's.
 */
function scriptArguments(words: string[]): string[] {
  if (process.platform === "darwin") return ["-q", "/dev/null", ...words];
  const line = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  return ["--quiet", "--return", "--command", `exec ${line}`, "/dev/null"];
}

export class TerminalRun {
  output = "";
  readonly #child: ChildProcess;
  readonly #closed: Promise<unknown[]>;

  constructor(words: string[], env: NodeJS.ProcessEnv) {
    this.#child = spawn("script", scriptArguments(words), { env });
    this.#closed = once(this.#child, "close");
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on("data", (chunk) => {
        this.output += chunk;
      });
    }
  }

  type(text: string): void {
    this.#child.stdin?.write(text);
  }

  /** Presses Ctrl-C, and waits for the end. */
  async interrupt(): Promise<number> {
    this.type(CTRL_C);
    return this.ended();
  }

  async ended(): Promise<number> {
    return Number((await this.#closed)[0]);
  }

  /** Waits until a text was printed. */
  async prints(text: string, withinMs = 60_000): Promise<void> {
    const deadline = Date.now() + withinMs;
    while (!this.output.includes(text)) {
      if (Date.now() > deadline || this.#child.exitCode !== null) {
        throw new Error(`“${text}” was not printed, but:\n${this.output}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  stop(): void {
    this.#child.kill();
  }
}
