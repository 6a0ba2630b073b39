/**
 * How many admins and signers a reset leaves. Whoever has no device counts for nothing in an approval (Fireblocks' help,
 * "Admin Quorum"), so a reset of an admin's phone takes one approver away until it is set up again.
 *
 * @module
 */
import type { ApprovalRequestItem, ConsoleUser } from "fireblocks-reset-device";
import { ADMIN_ROLES, type Headcount, type Quorum, SIGNING_ROLES } from "fireblocks-reset-device/gateway-api";
import { isActive } from "../access/people";
import { CODES, GatewayError } from "../errors";
import { pendingResets } from "../fireblocks/upstream";
import type { AdminGuard } from "../records/admin-guard";

/** The ids of those of these roles who have a device now. */
export function readyOf(users: readonly ConsoleUser[], roles: readonly string[]): string[] {
  return users
    .filter((user) => roles.includes(user.role ?? "") && isActive(user) && user.status === "READY")
    .flatMap(({ id }) => id ?? []);
}

/**
 * The Owner is no admin of this count: their approval is asked for apart from the quorum's, and what must be left is those who
 * can stand in for one another.
 *
 * @param open the users with an open reset, whether it is sent or not
 */
export function quorumOf(
  users: readonly ConsoleUser[],
  targetId: string,
  open: ReadonlySet<string>,
  minReadyAdmins: number | undefined,
): Quorum {
  const count = (roles: readonly string[]): Headcount => {
    const ready = readyOf(users, roles).filter((id) => id === targetId || !open.has(id));
    return { ready: ready.length, left: ready.filter((id) => id !== targetId).length };
  };
  return {
    admins: count(ADMIN_ROLES),
    signers: count(SIGNING_ROLES),
    ...(minReadyAdmins !== undefined && { minReadyAdmins }),
  };
}

/**
 * Whether a record under this guard needs a second person. A lost phone counts for nothing already, so that refusing its reset
 * would lock a workspace out of its own recovery: refused is only a second admin's beside another's, by the database.
 */
export function leavesTooFewAdmins(guard: AdminGuard | undefined): boolean {
  return guard !== undefined && guard.readyAdmins.length < guard.min;
}

/** The one thing that a rule must not do is to lock a workspace out of its own recovery: this refuses beside another's alone. */
export function tooFewAdmins(guard: AdminGuard | undefined): GatewayError {
  return new GatewayError(
    409,
    CODES.tooFewAdmins,
    `This reset would leave fewer than ${guard?.min ?? 0} admins with a device while another admin's reset is open: the workspace might be left with too few to approve anything. Nothing was sent. See the other one through first, or end it.`,
  );
}

/** What the database holds a new record to; undefined where it is no admin's, or nobody has said how many must be left. */
export async function guardFor(
  target: ConsoleUser,
  users: readonly ConsoleUser[],
  waiting: readonly ApprovalRequestItem[],
  min: number | undefined,
): Promise<AdminGuard | undefined> {
  if (min === undefined || !ADMIN_ROLES.includes(target.role ?? "")) return undefined;
  const others = readyOf(users, ADMIN_ROLES).filter((id) => id !== target.id);
  const pending = await Promise.all(others.map(async (id) => (await pendingResets(id, [...waiting])).length > 0));
  return {
    readyAdmins: others.filter((_, index) => !pending[index]),
    pendingElsewhere: pending.includes(true),
    roles: ADMIN_ROLES,
    min,
  };
}
