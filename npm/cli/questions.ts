/** Asks a person on a terminal. */
import { createInterface } from "node:readline/promises";

/** The answer to one question; empty where none was given. Rejects where `signal` aborts. */
export async function ask(question: string, signal: AbortSignal): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // The interface takes Ctrl-C for itself; the command's own handler decides what it means.
  terminal.on("SIGINT", () => process.emit("SIGINT"));
  try {
    return (await terminal.question(question, { signal })).trim();
  } finally {
    terminal.close();
  }
}

/** Whether the person typed yes. */
export async function confirmed(question: string, signal: AbortSignal): Promise<boolean> {
  return /^(y|yes)$/i.test(await ask(`${question} [y/N] `, signal));
}
