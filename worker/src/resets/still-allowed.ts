/**
 * Whether a recorded reset may be sent now: what held when it was asked for must hold still.
 *
 * @module
 */
import type { Person } from "../access/people";
import { CODES, GatewayError } from "../errors";
import { noRoom } from "../records/earlier-resets";
import type { Row } from "../records/row";
import type { Services } from "../services";
import type { Asking } from "./asking";
import { requireSendable, type Target } from "./conditions";
import type { Asker } from "./eligibility";
import { isStillInRole } from "./role-entry";

/**
 * All who stand for it must be entitled now: who asked, who released it before, and each of `others`.
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
  await requireUnderDay(services, row);
  const [asker, ...more] = standingFor(row);
  const target = await requireSendable(services, row.user_id, [asker, ...more, ...others], asking);
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

/** It was counted on the day of its asking; on the day that it leaves it must have room too. The database looks again as it leaves. */
async function requireUnderDay({ bindings, configuration, now }: Services, row: Row): Promise<void> {
  const refusal = await noRoom(bindings.DB, row, now(), configuration);
  if (refusal !== undefined) throw refusal;
}

/** Whom the record names as those who want it. A second person is never a service token. */
export function standingFor({ asker_kind, asked_by, released_by }: Row): [Asker, ...Asker[]] {
  const asker: Asker = { kind: asker_kind, name: asked_by, isAbsent: true };
  return released_by === null ? [asker] : [asker, { kind: "person", name: released_by, isAbsent: true }];
}
