/**
 * Contested resets whose request is still to be rejected in Fireblocks: following has found it since, or no clear answer came.
 *
 * @module
 */
import type { WaitUntil } from "../fireblocks/shared";
import type { Row } from "../records/row";
import { bounded } from "../records/store";
import { rejectContested, UNCLEAR_FOR_MS } from "../resets/reject";
import type { Services } from "../services";

const A_RUN = 5;

/** @returns how many records were taken on */
export async function rejectWhatIsContested(services: Services, waitUntil: WaitUntil): Promise<number> {
  const statement = services.bindings.DB.prepare(
    `SELECT * FROM resets WHERE open = 1 AND contested_at IS NOT NULL AND approval_request_id IS NOT NULL
       AND (rejection IS NULL OR (rejection = 'unknown' AND contested_at > ?))
     ORDER BY followed_at LIMIT ?`,
  );
  const { results } = await bounded(statement.bind(services.now() - UNCLEAR_FOR_MS, A_RUN).all<Row>());
  await Promise.all(results.map((row) => rejectContested(services, row, waitUntil)));
  return results.length;
}
