/**
 * Listens to the signals of callers: to each of them once, for however many calls. Node takes an eleventh listener for
 * a leak, and says so.
 *
 * @module
 */

interface Listening {
  reactions: Set<() => void>;
  listener: () => void;
}

const listenings = new WeakMap<AbortSignal, Listening>();

/**
 * Has `react`, a function of its own for each call, run when `signal` is aborted. Returns a function that takes this back,
 * as often as it is called; whatever the signal does, it does not throw.
 *
 * @throws what `signal` throws that only looks like one
 */
export function onAbort(signal: AbortSignal, react: () => void): () => void {
  const { reactions, listener } = listenings.get(signal) ?? listen(signal);
  reactions.add(react);
  return () => {
    if (!reactions.delete(react) || reactions.size > 0) {
      return;
    }
    // Not kept for the next call: some runtimes hold on to a signal for as long as it is listened to.
    listenings.delete(signal);
    try {
      signal.removeEventListener("abort", listener);
    } catch {
      // It has nobody left to tell.
    }
  };
}

function listen(signal: AbortSignal): Listening {
  const reactions = new Set<() => void>();
  const listener = () => {
    for (const react of reactions) {
      react();
    }
  };
  signal.addEventListener("abort", listener);
  const listening = { reactions, listener };
  listenings.set(signal, listening);
  return listening;
}
