/** What the command prints: results on stdout, everything else on stderr. */
import { GatewayError } from "../gateway.js";
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
  /** The proxy that requests go through: named with each failure of one. */
  proxy?: string | undefined;
  /** What proves who is asking: shown nowhere, also where the other side repeats it. */
  credentials: readonly string[];
  /** Aborted once results go nowhere any more. */
  readonly gone: AbortSignal;
  /** Resolves, once everything is written, with why results were lost: a full disk, but not a reader who has enough. */
  lost(): Promise<string | undefined>;
}

const gone = new AbortController();

/** What stands in a credential's place. */
export const HIDDEN = "(not shown)";
/** A text of a few letters is no credential, and would be found in any other. */
const SHORTEST_CREDENTIAL = 8;

/**
 * Lets nothing that cannot be written any more end the process: `| head -1` has read enough, and what became of a
 * request is told by the exit code all the same.
 */
export function outliveReaders(): void {
  process.stdout.on("error", (error) => gone.abort(error));
  process.stderr.on("error", () => {});
}

/** Resolves once all that was printed is written, or cannot be. */
export async function written(): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) {
    await new Promise((resolve) => stream.write("", resolve));
  }
}

/** @param json - whether results are printed as one JSON document a line. */
export function terminalOutput(json: boolean): Output {
  let progressShown = false;
  const clearProgress = () => {
    if (progressShown) process.stderr.write("\r\x1b[K");
    progressShown = false;
  };
  // JSON writes them as they are: no token holds a character that it would escape.
  const shown = (text: string) =>
    output.credentials
      .filter(({ length }) => length >= SHORTEST_CREDENTIAL)
      .reduce((rest, credential) => rest.replaceAll(credential, HIDDEN), text);
  const output: Output = {
    credentials: [],
    gone: gone.signal,
    async lost() {
      await written();
      const code: unknown = gone.signal.reason?.code;
      return gone.signal.aborted && code !== "EPIPE" ? String(code) : undefined;
    },
    interactive: Boolean(process.stdin.isTTY && process.stderr.isTTY),
    result(lines, data) {
      clearProgress();
      process.stdout.write(`${shown(json ? jsonOf(data) : lines.join("\n"))}\n`);
    },
    note(line) {
      clearProgress();
      process.stderr.write(`${shown(line)}\n`);
    },
    failure(error) {
      clearProgress();
      const proxy = isOfRequest(error) ? this.proxy : undefined;
      const line = json
        ? jsonOf({ error: { ...dataOf(error), ...(proxy && { proxy }) } })
        : `error: ${printable([messageOf(error), proxy && `Requests go through ${proxy}.`].filter(Boolean).join(" "))}`;
      process.stderr.write(`${shown(line)}\n`);
    },
    progress(line) {
      if (!process.stderr.isTTY) return;
      process.stderr.write(`\r\x1b[K${shown(line)}`);
      progressShown = line !== "";
    },
  };
  return output;
}

/** Characters that could command a terminal, or are not seen there. */
const CONTROLS = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** Text from elsewhere, without the control characters that could command a terminal. */
export function printable(text: string): string {
  return text.replace(CONTROLS, "\uFFFD");
}

/** Data as JSON, in which escapes stand for such characters: it is read back as it was. */
function jsonOf(data: unknown): string {
  const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(data).replace(CONTROLS, (character) => character.split("").map(escaped).join(""));
}

/** A time in milliseconds, for people. One from elsewhere that no date can hold is shown as it came. */
export function timeOf(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? String(at) : date.toISOString();
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

/** Whether something was sent, or was to be: a proxy may be what went wrong. */
function isOfRequest(error: unknown): boolean {
  return error instanceof GatewayError || (error instanceof FireblocksError && error.attempts > 0);
}

function messageOf(error: unknown): string {
  // An interrupted question rejects with the platform's own words, which say nothing of the outcome.
  if ((error as Error)?.name === "AbortError") return "Interrupted. Nothing was sent.";
  return error instanceof Error ? error.message : String(error);
}

/** A failure as data. */
function dataOf(error: unknown): object {
  if (error instanceof FireblocksError) return error.toJSON();
  if (error instanceof GatewayError) {
    const { message, status, causeCode } = error;
    return { message, status, ...(causeCode !== undefined && { causeCode }) };
  }
  return { message: messageOf(error) };
}
