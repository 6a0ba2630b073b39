/**
 * Follows a reset: looks at what Fireblocks lets be seen, again and again and ever more seldom, and tells each change.
 * What the sightings mean is inferred in WebAssembly (`src/progress`).
 *
 * @module
 */

import type * as Api from "../index.d.ts";
import { onAbort } from "./abort.ts";
import { abortSignal, copy, ensure, type Unusable } from "./arguments.ts";
import { clockDifferenceOf, steadyClock } from "./clocks.ts";
import { FireblocksError, notSent } from "./error.ts";
import { FIRST_INTERVAL_MS, GROWTH, LONGEST_ASKED_MS, LONGEST_INTERVAL_MS, SAME_CLOCK_MS } from "./limits.ts";
import { infer } from "./progress.ts";
import { type Seen, sourcesOf } from "./sources.ts";

type Steps = AsyncGenerator<Api.ResetProgress, void, undefined>;

const OPTIONS = {
  since: "number",
  statusBefore: "string",
  signal: "object",
  intervalMs: "number",
  maxIntervalMs: "number",
  otherResetsOpen: "boolean",
} as const;

/**
 * A generator that can be left while it waits. `return` and `throw` of the language's own would wait with it, for as long
 * as nothing changes: for days.
 */
export function watch(client: () => Api.Client | Promise<Api.Client>, id: string, given: unknown): Steps {
  // Now, though an error is told by the first step: the object may be changed for the next watch.
  const options = read(given);
  const stop = new AbortController();
  const steps = follow(client, id, options, stop.signal);
  const next = steps.next.bind(steps);
  const end = steps.return.bind(steps);
  let leave = () => {};
  const left = new Promise<IteratorResult<Api.ResetProgress, void>>((resolve) => {
    leave = () => {
      stop.abort();
      end();
      resolve({ done: true, value: undefined });
    };
  });
  return Object.assign(steps, {
    next: async () => {
      // Only for as long as somebody waits: on the signal of a watch that is forgotten nothing stays behind.
      const forget = stopWith(options, stop);
      try {
        return await Promise.race([left, next()]);
      } finally {
        forget?.();
      }
    },
    return: async (value: void | PromiseLike<void>) => {
      leave();
      return { done: true, value: await value } as const;
    },
    throw: async (thrown: unknown) => {
      leave();
      throw thrown;
    },
  });
}

async function* follow(
  client: () => Api.Client | Promise<Api.Client>,
  id: string,
  options: Options | FireblocksError,
  stop: AbortSignal,
): Steps {
  if (options instanceof FireblocksError) {
    throw options;
  }
  const { interval, longest, signal, now, ...known } = options;
  const seen: Seen = { userId: id, ...known, statuses: [] };
  const start = async () => {
    // An id that cannot be one is refused before anything is asked.
    await infer(() => seen);
    return client();
  };
  const aborted = () =>
    notSent("aborted", "The watch was aborted. The reset itself goes on.", signal?.reason, { retryable: true });
  // An abort waits neither for the WebAssembly nor for a default client that is still being made.
  const asked = await Promise.race([start(), stopped(stop)]);
  if (!asked) {
    throw aborted();
  }
  const sources = sourcesOf(asked, seen, now, { signal: stop });
  let told: string | undefined;
  let pause = interval;
  for (;;) {
    let askedToWait = 0;
    for (const source of sources) {
      const trouble = await source.look();
      if (stop.aborted) {
        throw aborted();
      }
      if (trouble && sources.every(({ closed }) => closed)) {
        throw trouble;
      }
      askedToWait = Math.max(askedToWait, trouble?.retryAfterMs ?? 0);
    }
    // What is learnt once the machine's clock was set, or it has slept, says nothing of when the reset was asked for.
    if (Math.abs(Date.now() - now()) < SAME_CLOCK_MS) {
      seen.clockDifferenceMs = clockDifferenceOf(asked);
    }
    const progress = await infer(() => seen);
    seen.previous = progress;
    const { state, evidence, userStatus, requestStatus, approvals } = progress;
    const telling = JSON.stringify([state, evidence, userStatus, requestStatus, approvals?.current]);
    if (telling !== told) {
      pause = interval;
      told = telling;
      yield progress;
    }
    if (progress.final) {
      return;
    }
    // Watchers that were started together drift apart.
    const wait = Math.max(Math.min(askedToWait, LONGEST_ASKED_MS), pause * (0.9 + 0.2 * Math.random()));
    await stopped(stop, Math.min(wait, 2 ** 31 - 1));
    pause = Math.min(pause * GROWTH, longest);
  }
}

/** Resolves once `stop` is aborted, and after `ms` at the latest. */
function stopped(stop: AbortSignal, ms?: number): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      stop.removeEventListener("abort", end);
      resolve();
    };
    const timer = ms === undefined ? undefined : setTimeout(end, ms);
    stop.addEventListener("abort", end);
    if (stop.aborted) {
      end();
    }
  });
}

/** Has the caller's signal, if there is one, abort `stop` too, until the function that it returns is called. */
function stopWith(options: Options | FireblocksError, stop: AbortController): (() => void) | undefined {
  const { signal } = options as Options;
  if (!signal) {
    return undefined;
  }
  try {
    const forget = onAbort(signal, () => stop.abort());
    if (signal.aborted) {
      stop.abort();
    }
    return forget;
  } catch (cause) {
    throw notSent("invalidArgument", "signal must be an AbortSignal.", cause);
  }
}

type Options = Pick<Api.ResetObservations, "since" | "statusBefore" | "otherResetsOpen"> & {
  signal: AbortSignal | undefined;
  interval: number;
  longest: number;
  now: () => number;
};

/** The options, or what is wrong with them. */
function read(given: unknown): Options | FireblocksError {
  try {
    const now = steadyClock();
    const {
      since = now(),
      intervalMs: interval = FIRST_INTERVAL_MS,
      maxIntervalMs: longest = Math.max(LONGEST_INTERVAL_MS, interval),
      ...others
    } = copy("the options", given, OPTIONS);
    ensure(
      interval >= 1 && longest >= interval && longest < 2 ** 31,
      "intervalMs and maxIntervalMs must be from 1 to 2147483647, the second no less than the first.",
    );
    ensure(Number.isFinite(since), "since must be a number of milliseconds since 1970.");
    return { ...others, since, interval, longest, now, signal: abortSignal(others.signal) };
  } catch (thrown) {
    const { reason, cause } = thrown as Unusable;
    return notSent("invalidArgument", reason, cause);
  }
}
