// What a person sees of a script: progress, and one sentence when something fails.

import { takeCredentials } from "./credentials.mjs";

/** A failure that a person can act on: its message says what happened and what to do. */
export class Failure extends Error {
  /**
   * @param {string} message
   * @param {{ details?: string, cause?: unknown }} [more] `details` is shown under the message, for example a command's last lines.
   */
  constructor(message, more = {}) {
    super(message, "cause" in more ? { cause: more.cause } : undefined);
    this.name = "Failure";
    this.details = more.details;
  }
}

/** What stands on the terminal's last line, to be replaced. */
let last = "";

/** Prints one line of progress. Progress goes to stderr, so that stdout stays free for results. */
export function say(line = "") {
  process.stderr.write(`${erasure()}${line}\n${last}`);
}

/**
 * Puts a line where it can be redrawn: the last of the terminal. Does nothing where stderr is none.
 *
 * @param {string} line nothing takes the last one away
 * @returns {boolean} whether it is a terminal
 */
export function showLast(line) {
  if (!process.stderr.isTTY || process.env.TERM === "dumb") return false;
  const before = erasure();
  // A line that wraps could not be erased.
  last = line.slice(0, (process.stderr.columns || 80) - 1);
  process.stderr.write(before + last);
  return true;
}

function erasure() {
  return last === "" ? "" : "\r\u001b[2K";
}

/** @param {number} milliseconds */
export function formatDuration(milliseconds) {
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  return `${minutes} min ${Math.round(seconds - minutes * 60)} s`;
}

/** Prints a failure. Anything that is not a {@link Failure} is a defect of the script, and shows its stack. */
export function sayFailure(/** @type {unknown} */ error) {
  if (error instanceof Failure) {
    if (error.details) say(`${error.details.trimEnd()}\n`);
    say(`✗ ${error.message}`);
  } else {
    say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}

/**
 * Runs a script's main function, without credentials in its environment, and turns what it throws into a sentence and
 * exit code 1.
 *
 * @param {() => Promise<void>} main
 */
export async function runMain(main) {
  takeCredentials();
  try {
    await main();
  } catch (error) {
    sayFailure(error);
    process.exitCode = 1;
  }
}
