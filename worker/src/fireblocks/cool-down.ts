/**
 * What Fireblocks' own limit (429) asks for: not to ask the same again for a while. All who use this isolate share that
 * limit, and with it everybody else who calls with the same key.
 *
 * It is remembered in the isolate alone. Another isolate meets the limit with the first request of each operation, and leaves
 * Fireblocks alone from then on: that costs one refused request each, where a memory in D1 would cost every request a read
 * more, and a write under the very load that the limit tells of.
 *
 * @module
 */
import { FireblocksError } from "fireblocks-reset-device";

/** However long Fireblocks asks to wait, it is asked again after this. */
const LONGEST_MS = 120_000;
/** Where Fireblocks does not say how long. */
const DEFAULT_MS = 30_000;

/** Fireblocks was not asked, since it asked to be left alone. */
export class CoolingDown extends Error {
  override readonly name = "CoolingDown";
  constructor(readonly retryAfterSeconds: number) {
    super(`Fireblocks' limit of requests was met. It is asked again in ${retryAfterSeconds} seconds.`);
  }
}

/** By operation, since Fireblocks limits each kind of request by itself. */
export class CoolDowns {
  readonly #now: () => number;
  readonly #until = new Map<string, number>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** @throws {@link CoolingDown} */
  require(operation: string): void {
    const left = (this.#until.get(operation) ?? 0) - this.#now();
    if (left > 0) throw new CoolingDown(Math.ceil(left / 1_000));
  }

  /** Whether any operation is to be left alone. */
  get any(): boolean {
    return [...this.#until.values()].some((until) => until > this.#now());
  }

  /** Calls, unless the operation cools down; remembers a 429. @throws {@link CoolingDown}, and what `call` throws */
  async guard<T>(operation: string, call: () => Promise<T>): Promise<T> {
    this.require(operation);
    try {
      return await call();
    } catch (error) {
      if (error instanceof FireblocksError && error.kind === "rateLimited") {
        this.#until.set(operation, this.#now() + Math.min(LONGEST_MS, error.retryAfterMs ?? DEFAULT_MS));
      }
      throw error;
    }
  }
}
