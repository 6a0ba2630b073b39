/**
 * How long a query may take, and what it counts as when it takes longer.
 *
 * @module
 */
import { withTimeLimit } from "../time-limit";

/** D1 usually answers within tens of milliseconds; past this its answer counts as lost. */
const QUERY_TIMEOUT_MS = 4_000;

/** A write whose effect is not known, or a read that failed. */
export class StoreUnavailable extends Error {
  override readonly name = "StoreUnavailable";
}

/**
 * Waits for D1 no longer than {@link QUERY_TIMEOUT_MS}: what takes longer counts as a query whose answer was lost. Whatever
 * D1 itself fails with (overloaded, locked, connection lost) leaves as open what took effect.
 *
 * @throws {@link StoreUnavailable}
 */
export async function bounded<T>(query: Promise<T>): Promise<T> {
  try {
    return await withTimeLimit(query, QUERY_TIMEOUT_MS, () => {
      throw new StoreUnavailable("D1 did not answer in time");
    });
  } catch (cause) {
    throw cause instanceof StoreUnavailable ? cause : new StoreUnavailable("D1 failed", { cause });
  }
}
