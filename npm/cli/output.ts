/** What the command prints: results on stdout, everything else on stderr. */
import { GatewayProblem } from "../gateway.js";
import { FireblocksError } from "../index.js";

/** Streams and the answers to "is a person looking". */
export interface Output {
  /** One result: as lines for people, or as JSON with `--json`. */
  result(lines: string[], data: unknown): void;
  /** For the person alone. */
  note(line: string): void;
  /** What went wrong: a sentence, or JSON with `--json`. */
  failure(error: unknown): void;
  /** Replaces the progress line; does nothing where stderr is not a terminal. */
  progress(line: string): void;
  /** Whether somebody can answer a question. */
  readonly interactive: boolean;
}

/** @param json - whether results are printed as one JSON document a line. */
export function terminalOutput(json: boolean): Output {
  let progressShown = false;
  const clearProgress = () => {
    if (progressShown) process.stderr.write("\r\x1b[K");
    progressShown = false;
  };
  return {
    interactive: Boolean(process.stdin.isTTY && process.stderr.isTTY),
    result(lines, data) {
      clearProgress();
      process.stdout.write(`${json ? JSON.stringify(data) : lines.join("\n")}\n`);
    },
    note(line) {
      clearProgress();
      process.stderr.write(`${line}\n`);
    },
    failure(error) {
      clearProgress();
      const line = json ? JSON.stringify({ error: dataOf(error) }) : `error: ${printable(messageOf(error))}`;
      process.stderr.write(`${line}\n`);
    },
    progress(line) {
      if (!process.stderr.isTTY) return;
      process.stderr.write(`\r\x1b[K${line}`);
      progressShown = line !== "";
    },
  };
}

/** Text from elsewhere, without the control characters that could command a terminal. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, "\uFFFD");
}

/** Lines of `name  value`, aligned; empty values are left out. */
export function aligned(pairs: [string, string | number | undefined][]): string[] {
  const shown = pairs.filter(([, value]) => value !== undefined && value !== "");
  const width = Math.max(0, ...shown.map(([name]) => name.length));
  return shown.map(([name, value]) => `${name.padEnd(width)}  ${printable(String(value))}`);
}

/** A table with a heading line; columns as wide as their longest cell. */
export function table(heading: string[], rows: string[][]): string[] {
  const cells = [heading, ...rows.map((row) => row.map(printable))];
  const widths = heading.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? "").length)));
  return cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

function messageOf(error: unknown): string {
  // An interrupted question rejects with the platform's own words, which say nothing of the outcome.
  if ((error as Error)?.name === "AbortError") return "Interrupted. Nothing was sent.";
  return error instanceof Error ? error.message : String(error);
}

/** A failure as data. Holds no secret: the client's errors hold none, and neither do ours. */
function dataOf(error: unknown): unknown {
  if (error instanceof FireblocksError) return error.toJSON();
  if (error instanceof GatewayProblem) return { message: error.message, status: error.status };
  return { message: messageOf(error) };
}
