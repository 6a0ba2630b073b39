/**
 * The brake on one person's bursts: Cloudflare's Rate Limiting binding, which only ever counts up. It comes before
 * anything is asked of Fireblocks, whose own limits everybody shares.
 *
 * @module
 */
import type { Person } from "../access/people";
import { CODES, GatewayError } from "../errors";

/** As long as the period that wrangler.jsonc gives the binding. */
const PERIOD_MS = 60_000;
const MAX_REMEMBERED = 500;

/**
 * A request is counted before the database tells whether it is one of those that do not count: a key that was used
 * before, a user whose reset is open. What was counted for nothing serves the same person's next request, within the
 * period and this isolate.
 */
export class BurstLimit {
  readonly #binding: RateLimit | undefined;
  readonly #now: () => number;
  /** What was given back, by person, the oldest first. */
  readonly #unused = new Map<string, { count: number; until: number }>();

  /** @param binding none: there is no limit */
  constructor(binding: RateLimit | undefined, now: () => number) {
    this.#binding = binding;
    this.#now = now;
  }

  /** Counts a request; decisions about records that are there have a count of their own. @throws {@link GatewayError} 429 */
  async take(person: Person, what: "reset" | "decision" = "reset"): Promise<void> {
    const key = what === "reset" ? keyOf(person) : `decision:${keyOf(person)}`;
    const unused = this.#unused.get(key);
    if (unused !== undefined && unused.count > 0 && this.#now() < unused.until) {
      unused.count -= 1;
      return;
    }
    if (this.#binding === undefined || (await this.#binding.limit({ key })).success) return;
    throw new GatewayError(
      429,
      CODES.rateLimited,
      what === "reset"
        ? "You ask for resets faster than is allowed here. Nothing was sent. Wait a minute."
        : "You decide faster than is allowed here. Nothing was changed. Wait a minute.",
      { retryAfterSeconds: 60 },
    );
  }

  /** The last request of this person that was counted has come to nothing. */
  giveBack(person: Person): void {
    if (this.#binding === undefined) return;
    const key = keyOf(person);
    const unused = this.#unused.get(key);
    const count = unused !== undefined && this.#now() < unused.until ? unused.count + 1 : 1;
    this.#unused.delete(key);
    this.#unused.set(key, { count, until: this.#now() + PERIOD_MS });
    for (const oldest of this.#unused.keys()) {
      if (this.#unused.size <= MAX_REMEMBERED) break;
      this.#unused.delete(oldest);
    }
  }
}

function keyOf({ kind, id }: Person): string {
  return `${kind}:${id}`;
}
