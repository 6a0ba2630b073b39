/**
 * One look at what waits in Fireblocks as soon as a reset was accepted: a request that is decided on before the sweep comes
 * by could not be told from another's any more.
 *
 * @module
 */
import { inferProgress } from "fireblocks-reset-device";
import type { WaitUntil } from "../fireblocks/shared";
import { itemsNaming } from "../fireblocks/upstream";
import { errorName } from "../log";
import type { Row } from "../records/row";
import { bounded } from "../records/store";
import type { Services } from "../services";

/** Goes on after the answer to whoever asked, which came from Fireblocks at `answeredAt`, and changes nothing of what the record says of the reset. Never rejects. */
export function takeFirstLook(services: Services, row: Row, answeredAt: number, waitUntil: WaitUntil): void {
  const { configuration, fireblocks, log } = services;
  if (!configuration.checkApprovals || fireblocks.isCoolingDown) return;
  const looking = rememberOwnRequest(services, row, answeredAt, waitUntil).catch((error: unknown) => {
    log({ level: "warn", event: "firstLookFailed", recordId: row.id, error: errorName(error) });
  });
  waitUntil(looking);
}

/** By the same rules as the sweep: the one request of that time that names this user. What is unclear is left to it. */
async function rememberOwnRequest(
  { bindings, fireblocks }: Services,
  row: Row,
  answeredAt: number,
  waitUntil: WaitUntil,
): Promise<void> {
  // Any look that began since then shows it, also one that somebody else's reset has begun.
  const approvals = await fireblocks.pendingApprovals(waitUntil, answeredAt);
  if (!approvals.readable || !approvals.complete) return;
  const { approvalRequestId, ownRequest } = await inferProgress({
    userId: row.user_id,
    since: row.requested_at ?? row.created_at,
    answeredAt,
    approvals: { items: itemsNaming(row.user_id, approvals.items), at: answeredAt },
  });
  if (approvalRequestId === undefined || ownRequest !== "found") return;
  // No part of the story, so it needs no event: the sweep tells of the approvals.
  const statement = bindings.DB.prepare(
    `UPDATE resets SET approval_request_id = ?, own_request = ?
     WHERE id = ? AND state = 'approvalRequested' AND approval_request_id IS NULL AND own_request IS NULL`,
  );
  await bounded(statement.bind(approvalRequestId, ownRequest, row.id).run());
}
