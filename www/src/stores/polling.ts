/** Looks again and again, but never while nobody is looking. */

interface Pace {
  /** Whether the first look is at once or after the first pause. */
  first: "now" | "later";
  /** Milliseconds until the next look; undefined ends the polling. Asked after each look. */
  next: () => number | undefined;
}

/**
 * Calls `look` while the tab is visible. A tab that comes back looks at once if a look was due.
 * Returns the way to stop.
 */
export function whileVisible(look: () => Promise<unknown>, { first, next }: Pace): () => void {
  let stopped = false;
  let looking = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let due = first === "now" ? Date.now() : Date.now() + (next() ?? 0);

  const schedule = () => {
    clearTimeout(timer);
    if (stopped || looking || document.hidden) return;
    timer = setTimeout(run, Math.max(0, due - Date.now()));
  };
  const run = async () => {
    looking = true;
    try {
      await look();
    } finally {
      looking = false;
    }
    const pause = next();
    if (pause === undefined) return stop();
    due = Date.now() + pause;
    schedule();
  };
  const stop = () => {
    stopped = true;
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", schedule);
  };
  document.addEventListener("visibilitychange", schedule);
  schedule();
  return stop;
}
