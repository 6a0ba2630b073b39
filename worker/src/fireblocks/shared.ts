/**
 * One load for many requests of an isolate.
 *
 * @module
 */

import { withTimeLimit } from "../time-limit";

/** A loaded value and when its load began: it shows nothing older than that. */
export interface Loaded<T> {
  value: T;
  startedAt: number;
}

/** Keeps a load going after the request that began it has gone. */
export type WaitUntil = (promise: Promise<unknown>) => void;

/**
 * Shares one load between all who ask. Nobody is given a value whose load began longer ago than the age that they
 * accept: with `maxAgeMs` 0, a load that began before they asked is waited for and followed by one more, which all
 * who wait share again.
 */
export class Shared<T> {
  readonly #load: () => Promise<T>;
  readonly #maxAgeMs: number;
  readonly #waitMs: number;
  readonly #now: () => number;
  #latest: Loaded<T> | undefined;
  #flight: { startedAt: number; result: Promise<Loaded<T>> } | undefined;

  /** @param waitMs How long another request's load is waited for before one's own is made. */
  constructor(load: () => Promise<T>, options: { maxAgeMs: number; waitMs: number; now: () => number }) {
    this.#load = load;
    this.#maxAgeMs = options.maxAgeMs;
    this.#waitMs = options.waitMs;
    this.#now = options.now;
  }

  /** What was loaded last, however long ago. */
  get latest(): Loaded<T> | undefined {
    return this.#latest;
  }

  /** @param oldest When a load must have begun at the earliest, where that is not told by its age */
  async get(waitUntil: WaitUntil, oldest = this.#now() - this.#maxAgeMs): Promise<Loaded<T>> {
    for (;;) {
      if (this.#latest !== undefined && this.#latest.startedAt >= oldest) return this.#latest;
      const flight = this.#flight;
      if (flight === undefined) return this.#start(waitUntil);
      const usable = flight.startedAt >= oldest;
      const landed = await this.#wait(flight.result, usable);
      // The request that began the load may have been cancelled, and its load with it.
      if (landed === "late") {
        if (this.#flight === flight) this.#flight = undefined;
      } else if (usable && landed !== undefined) {
        return landed;
      }
    }
  }

  #start(waitUntil: WaitUntil): Promise<Loaded<T>> {
    const startedAt = this.#now();
    const result = this.#load().then((value) => {
      const loaded = { value, startedAt };
      if (this.#latest === undefined || this.#latest.startedAt <= startedAt) this.#latest = loaded;
      return loaded;
    });
    const flight = { startedAt, result };
    this.#flight = flight;
    const landed = result.then(
      () => undefined,
      () => undefined,
    );
    waitUntil(
      landed.then(() => {
        if (this.#flight === flight) this.#flight = undefined;
      }),
    );
    return result;
  }

  /** The flight's result; undefined where it failed and we are not of those who asked for it. */
  #wait(result: Promise<Loaded<T>>, usable: boolean): Promise<Loaded<T> | "late" | undefined> {
    const awaited = usable ? result : result.catch(() => undefined);
    return withTimeLimit(awaited, this.#waitMs, () => "late" as const);
  }
}
