/**
 * Whether a recorded reset may be sent now: what held when it was asked for must hold still.
 *
 * @module
 */
import type { Person } from "../access/people";
import { CODES, GatewayError } from "../errors";
import type { Row } from "../records/row";
import type { Services } from "../services";
import type { Asking } from "./asking";
import { requireSendable, type Target } from "./conditions";
import { isStillInRole } from "./role-entry";

/**
 * All who stand for it must be entitled now: who asked, and each of `others`.
 *
 * @throws {@link GatewayError}
 */
export async function requireStillAllowed(
  services: Services,
  row: Row,
  others: Pick<Person, "kind" | "name">[],
  asking: Pick<Asking, "waitUntil" | "arrivedAt">,
): Promise<Target> {
  requireStillInRole(services, row);
  const target = await requireSendable(services, row.user_id, [askerOf(row), ...others], asking);
  requireSameWorkspace(row, target.workspaceId);
  return target;
}

/** What somebody asked for who has lost the role is not sent any more. */
function requireStillInRole({ configuration }: Services, row: Row): void {
  if (isStillInRole(row, configuration.roles)) return;
  throw new GatewayError(403, CODES.noRole, "Whoever asked for this reset may not ask for resets any more.", {
    recordId: row.id,
  });
}

/** Ids of users mean something in their own workspace alone. */
function requireSameWorkspace(row: Row, workspaceId: string | undefined): void {
  if (row.workspace_id === null || workspaceId === undefined || row.workspace_id === workspaceId) return;
  const message = "This reset was asked for in another workspace than this worker speaks to now. Nothing was sent.";
  throw new GatewayError(409, CODES.wrongState, message, { recordId: row.id });
}

export function askerOf(row: Row): Pick<Person, "kind" | "name"> {
  return { kind: row.asker_kind, name: row.asked_by };
}
