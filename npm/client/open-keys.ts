/**
 * Remembers idempotency keys whose calls have ended `unknown`, so that no later call with the same key says that nothing
 * happened: the earlier one may have had its effect.
 *
 * @module
 */
import { MOST_OPEN_KEYS, OPEN_KEY_MS } from "./limits.ts";
import type { EarlierUse } from "./protocol.ts";

/** The open keys of one client. A key is that of an operation on something with an id. */
export class OpenKeys {
  /** Each with when the first call that left it open has ended. The oldest comes first. */
  readonly #uses = new Map<string, { use: EarlierUse; since: number }>();

  /** How earlier calls have left this key; nothing where none has ended `unknown`. */
  find(operation: string, id: unknown, key: unknown): EarlierUse | undefined {
    const found = this.#uses.get(name(operation, id, key));
    return found && Date.now() - found.since < OPEN_KEY_MS ? found.use : undefined;
  }

  /** A call with this key has ended so that it may have had its effect. A key that is spent stays so. */
  add(operation: string, id: unknown, key: unknown, use: EarlierUse): void {
    const known = this.find(operation, id, key);
    if (known === use || known === "spent") {
      return;
    }
    this.delete(operation, id, key);
    this.#uses.set(name(operation, id, key), { use, since: Date.now() });
    for (const oldest of this.#uses.keys()) {
      if (this.#uses.size <= MOST_OPEN_KEYS) {
        break;
      }
      this.#uses.delete(oldest);
    }
  }

  /** A call with this key has succeeded. */
  delete(operation: string, id: unknown, key: unknown): void {
    this.#uses.delete(name(operation, id, key));
  }
}

function name(operation: string, id: unknown, key: unknown): string {
  return typeof id === "string" && typeof key === "string" ? JSON.stringify([operation, id, key]) : "";
}
