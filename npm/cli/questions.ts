/** Asks a person on a terminal. */
import { createInterface } from "node:readline/promises";
import { ExitCode, Stop } from "./exit-codes.js";

/** The answer to one question; empty where Enter alone was pressed. Rejects where `signal` aborts, and after Ctrl-D. */
export async function ask(question: string, signal: AbortSignal): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // The interface takes Ctrl-C for itself; the command's own handler decides what it means.
  terminal.on("SIGINT", () => process.emit("SIGINT"));
  try {
    const ended = new Promise<never>((_, reject) => {
      terminal.on("close", () => reject(new Stop("Not answered. Nothing was sent.", ExitCode.NotSent)));
    });
    return (await Promise.race([terminal.question(question, { signal }), ended])).trim();
  } catch (unanswered) {
    // The question's line is still open.
    process.stderr.write("\n");
    throw unanswered;
  } finally {
    terminal.close();
  }
}

/** Whether the person typed yes. */
export async function confirmed(question: string, signal: AbortSignal): Promise<boolean> {
  return /^(y|yes)$/i.test(await ask(`${question} [y/N] `, signal));
}
