/**
 * Compare-and-set on a row that has a version.
 *
 * @module
 */
import { GatewayError } from "../errors";
import { StoreUnavailable } from "./query";

const TRIES = 4;
const RETRY_DELAY_MS = 150;

interface Steps<Row, Change> {
  /** The row as it was last seen, to save a reading: if it is not so any more, it is read again. */
  known?: Row | undefined;
  read: () => Promise<Row | null>;
  /** Undefined where nothing is left to change; may throw a {@link GatewayError} to refuse. */
  decide: (row: Row) => Promise<Change | undefined> | Change | undefined;
  /** One try, from the row that was decided on. Throws where another writer came first, or the answer was lost. */
  apply: (row: Row, change: Change) => Promise<Row>;
}

/**
 * Reads, decides and writes, all again where the write's effect is not known.
 *
 * @returns the row as it is afterwards, and whether this call changed it
 * @throws {@link GatewayError} what a step refuses with, at once
 * @throws {@link StoreUnavailable} where no try came through
 */
export async function compareAndSet<Row, Change>({
  known,
  read,
  decide,
  apply,
}: Steps<Row, Change>): Promise<{ row: Row; changed: boolean }> {
  let failure: unknown;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    if (attempt > 0) await pause(RETRY_DELAY_MS * 2 ** attempt);
    try {
      const row = attempt === 0 && known !== undefined ? known : await read();
      if (row === null) throw new StoreUnavailable("what was to be changed is not there");
      const change = await decide(row);
      if (change === undefined) return { row, changed: false };
      return { row: await apply(row, change), changed: true };
    } catch (error) {
      if (error instanceof GatewayError) throw error;
      failure = error;
    }
  }
  throw new StoreUnavailable(undefined, { cause: failure });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
