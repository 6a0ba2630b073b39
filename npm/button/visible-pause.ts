/** Waits as a page should: a hidden tab asks nothing, and one that is shown again asks at once. */

/** Resolves after `ms` and once the tab is visible; at once, but not before `atLeastMs`, when the tab is shown. */
export async function visiblePause(ms: number, atLeastMs: number, signal: AbortSignal): Promise<void> {
  await sleep(atLeastMs, signal, false);
  await sleep(ms - atLeastMs, signal, true);
  await whenVisible(signal);
}

function sleep(ms: number, signal: AbortSignal, cutShortWhenShown: boolean): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", shown);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const shown = () => {
      if (cutShortWhenShown && document.visibilityState === "visible") done();
    };
    const timer = setTimeout(done, ms);
    document.addEventListener("visibilitychange", shown);
    signal.addEventListener("abort", done);
  });
}

function whenVisible(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const check = () => {
      if (document.visibilityState === "hidden" && !signal.aborted) return;
      document.removeEventListener("visibilitychange", check);
      signal.removeEventListener("abort", check);
      resolve();
    };
    document.addEventListener("visibilitychange", check);
    signal.addEventListener("abort", check);
    check();
  });
}
