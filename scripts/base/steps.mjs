// Work of some length, in steps: told before it begins, shown while it lasts, and each step told when it is done.

import { formatDuration, say, showLast } from "./terminal.mjs";

const REDRAWN_MS = 250;
const WORDS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

/**
 * @typedef {object} Step
 * @property {string} name by which other steps come after it
 * @property {string} title for example “Installing the npm packages”
 * @property {number} seconds what it takes on an idle machine of two cores
 * @property {string[]} [after] the names of those before it, where they are to be done at all
 * @property {() => boolean | Promise<boolean>} isDone whether there is nothing to do
 * @property {(progress: Progress) => Promise<unknown>} work
 */

/**
 * @typedef {object} Progress
 * @property {(line: string) => void} onLine told of each line of output, of which the newest is shown
 * @property {AbortSignal} signal aborted when another step has failed
 */

/**
 * Does what is not done yet, each step as soon as those before it are through. When one fails, the others are ended.
 *
 * @param {readonly Step[]} steps
 */
export async function take(steps) {
  const done = await Promise.all(steps.map((step) => step.isDone()));
  const due = steps.filter((_, index) => !done[index]);
  if (due.length === 0) return;
  say(planOf(due));

  const display = new Display(due.length);
  const failed = new AbortController();
  /** @type {Map<Step, Promise<void>>} */
  const begun = new Map();
  /** @param {Step} step @returns {Promise<void>} */
  const begin = (step) => {
    const running = begun.get(step) ?? through(step).catch((error) => failed.abort(error));
    begun.set(step, running);
    return running;
  };
  /** @param {Step} step */
  const through = async (step) => {
    const before = due.filter(({ name }) => step.after?.includes(name));
    await Promise.all(before.map(begin));
    if (failed.signal.aborted) return;
    // What came before can have been all that was missing.
    if (before.length > 0 && (await step.isDone())) return;
    await display.during(step, (onLine) => step.work({ onLine, signal: failed.signal }));
  };
  try {
    await Promise.all(due.map(begin));
  } finally {
    display.end();
  }
  if (failed.signal.aborted) throw failed.signal.reason;
}

/**
 * How many steps, and about how long: the one question that somebody has who waits.
 *
 * @param {readonly Step[]} due
 */
export function planOf(due) {
  const seconds = due.reduce((sum, step) => sum + step.seconds, 0);
  const length =
    seconds < 55 ? `${Math.ceil(seconds / 10) * 10} seconds` : counted(Math.round(seconds / 60), "minute", "minutes");
  const steps = counted(due.length, "step", "steps");
  return `${steps[0]?.toUpperCase()}${steps.slice(1)}, about ${length}. What is done now is not done again.`;
}

/**
 * @param {number} number
 * @param {string} one
 * @param {string} more
 */
function counted(number, one, more) {
  return `${WORDS[number] ?? number} ${number === 1 ? one : more}`;
}

/** What runs: on a terminal one line that is redrawn, elsewhere a line when a step begins. */
class Display {
  #began = Date.now();
  #finished = 0;
  #count;
  /** The steps that run, with their newest line of output. @type {Map<Step, string>} */
  #running = new Map();
  #timer = setInterval(() => this.#redraw(), REDRAWN_MS);

  /** @param {number} count of all the steps */
  constructor(count) {
    this.#count = count;
  }

  /**
   * @param {Step} step
   * @param {(onLine: (line: string) => void) => Promise<unknown>} work
   */
  async during(step, work) {
    const began = Date.now();
    this.#running.set(step, "");
    if (!showLast(this.#line())) say(`· ${step.title} …`);
    try {
      await work((line) => {
        if (line.trim() !== "") this.#running.set(step, line.trim());
      });
      this.#finished += 1;
      say(`✓ ${step.title}: ${formatDuration(Date.now() - began)}`);
    } finally {
      this.#running.delete(step);
      this.#redraw();
    }
  }

  end() {
    clearInterval(this.#timer);
    showLast("");
  }

  #redraw() {
    showLast(this.#line());
  }

  #line() {
    if (this.#running.size === 0) return "";
    const [[step, line] = []] = [...this.#running].slice(-1);
    const others = this.#running.size - 1;
    const titles = `${step?.title}${others > 0 ? ` and ${counted(others, "other", "others")}` : ""}`;
    const done = `${this.#finished} of ${this.#count} done`;
    return `  ${formatDuration(Date.now() - this.#began)}, ${done}. ${titles}${line ? `: ${line}` : ""}`;
  }
}
