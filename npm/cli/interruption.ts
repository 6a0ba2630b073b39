/** Ctrl-C: the first ends the command in order, the second at once. */
import { type ExitCode, Stop } from "./exit-codes.js";
import type { Output } from "./output.js";

export class Interruption {
  readonly #controller = new AbortController();

  /**
   * Listens until the process ends: a second Ctrl-C must find its way also while the command is on its way out.
   *
   * @param exitCode - what an interruption ends the command with. A command that files a request changes it as it goes:
   *   before, while and after the request is under way it leaves something else behind.
   */
  constructor(
    public exitCode: ExitCode,
    output: Output,
  ) {
    process.on("SIGINT", () => {
      if (this.signal.aborted) {
        output.note("Ended at once, without waiting for an answer.");
        process.exit(this.exitCode);
      }
      this.#controller.abort(new Stop("Interrupted.", this.exitCode));
    });
  }

  /** Aborted by the first Ctrl-C. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }
}
