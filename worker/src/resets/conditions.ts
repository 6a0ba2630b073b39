/**
 * What must hold before anything is sent. The records are not looked at here.
 *
 * @module
 */
import type { ApprovalRequestItem, ConsoleUser } from "fireblocks-reset-device";
import { CODES, GatewayError } from "../errors";
import { readingFailed } from "../fireblocks/answers";
import type { WaitUntil } from "../fireblocks/shared";
import { pendingResets } from "../fireblocks/upstream";
import type { AdminGuard } from "../records/admin-guard";
import type { Row } from "../records/row";
import type { Services } from "../services";
import type { Asking } from "./asking";
import { DEADLINE_MS, outOfTime, WRITE_RESERVE_MS } from "./deadline";
import { type Asker, requireEligible } from "./eligibility";
import { guardFor } from "./quorum";

/** With less time than this left, nothing is begun that could not be ended. */
const LEAST_TIME_MS = 4_000;

/** The user as Fireblocks' list had it when it was decided on. */
export interface Target {
  user: ConsoleUser;
  listAgeMs: number;
  workspaceId: string | undefined;
  /** Whether what waits for approval could be looked at; told in the record. */
  approvalsLook: "nothingWaits" | "notReadable" | "off";
  /** What its record must leave of the admins, where it is an admin's and the configuration says how many. */
  adminGuard?: AdminGuard;
}

/**
 * The user, if each of these people may ask for its reset now, none waits for approval, and there is time to send.
 *
 * @throws {@link GatewayError}
 */
export async function requireSendable(
  services: Services,
  userId: string,
  askers: Askers,
  { waitUntil, arrivedAt }: Pick<Asking, "waitUntil" | "arrivedAt">,
): Promise<Target> {
  refuseWhileCoolingDown(services);
  const [workspaceId, target] = await Promise.all([
    services.fireblocks.workspaceId(waitUntil),
    requireTarget(services, userId, askers, waitUntil),
  ]);
  const { users, ...decided } = target;
  const { look: approvalsLook, waiting } = await refuseWherePending(services, userId, waitUntil);
  const adminGuard = await guardFor(decided.user, users, waiting, services.configuration.minReadyAdmins);
  requireTime(services, arrivedAt);
  return { ...decided, workspaceId, approvalsLook, ...(adminGuard && { adminGuard }) };
}

/** A reset that Fireblocks would refuse for its limit is not recorded. @throws {@link GatewayError} */
function refuseWhileCoolingDown({ fireblocks }: Services): void {
  try {
    fireblocks.requireSending();
  } catch (error) {
    throw readingFailed(error, "Fireblocks");
  }
}

type Askers = [Asker, ...Asker[]];

/** The user as Fireblocks' list has it now, if each of these people may ask for its reset. */
async function requireTarget(
  services: Services,
  userId: string,
  askers: Askers,
  waitUntil: WaitUntil,
): Promise<Pick<Target, "user" | "listAgeMs"> & { users: readonly ConsoleUser[] }> {
  const list = await services.fireblocks.users(waitUntil).catch((error: unknown) => {
    throw readingFailed(error, "The list of users, without which nothing is sent,");
  });
  const [first, ...others] = askers;
  const { user } = requireEligible(userId, first, list.value, services.configuration);
  for (const other of others) requireEligible(userId, other, list.value, services.configuration);
  return { user, users: list.value, listAgeMs: Math.max(0, services.now() - list.startedAt) };
}

/** @throws {@link GatewayError} where Fireblocks holds an approval request for this user's reset already, or may hold one */
async function refuseWherePending(
  services: Services,
  userId: string,
  waitUntil: WaitUntil,
): Promise<{ look: Target["approvalsLook"]; waiting: ApprovalRequestItem[] }> {
  if (!services.configuration.checkApprovals) return { look: "off", waiting: [] };
  const pending = await services.fireblocks.pendingApprovals(waitUntil).catch((error: unknown) => {
    throw readingFailed(error, "The approvals that wait in Fireblocks, without which nothing is sent,");
  });
  if (!pending.readable) return { look: "notReadable", waiting: [] };
  if ((await pendingResets(userId, pending.items)).length > 0) {
    throw new GatewayError(
      409,
      CODES.pendingElsewhere,
      "A request that names this user, made in the Console or by another tool, waits for approval in Fireblocks already, and may be a reset of this user. Nothing was sent.",
    );
  }
  if (pending.complete) return { look: "nothingWaits", waiting: pending.items };
  throw new GatewayError(
    503,
    CODES.pendingUnclear,
    "Not all requests that wait for approval in Fireblocks could be read, so one for this user may be among them. Nothing was sent. Look in the Fireblocks Console.",
    { retryAfterSeconds: 300 },
  );
}

/**
 * Where it cannot be read what waits in Fireblocks, whoever closes a record early must have looked there.
 *
 * @throws {@link GatewayError} where a request of this record may still wait
 */
export async function requireNothingWaiting(
  services: Services,
  row: Row,
  waitUntil: WaitUntil,
  lookedInConsole: boolean,
): Promise<void> {
  const { configuration, fireblocks } = services;
  const pending = configuration.checkApprovals
    ? await fireblocks.pendingApprovals(waitUntil).catch(() => undefined)
    : undefined;
  if (pending?.readable && (await pendingResets(row.user_id, pending.items)).length > 0) {
    throw new GatewayError(
      409,
      CODES.pendingElsewhere,
      "A request for this user's reset waits for approval in Fireblocks: the record stays open with it. Nothing was changed. Have it rejected or cancelled there first.",
      { recordId: row.id },
    );
  }
  if ((pending?.readable && pending.complete) || lookedInConsole) return;
  throw new GatewayError(
    409,
    CODES.lookFirst,
    "What waits for approval in Fireblocks cannot be read. Nothing was changed. Look in the Fireblocks Console whether a request for this user waits, and say that you have looked.",
    { recordId: row.id },
  );
}

/** @throws {@link GatewayError} where too little time is left to end what would be begun */
function requireTime(services: Services, arrivedAt: number): void {
  if (arrivedAt + DEADLINE_MS - services.now() >= LEAST_TIME_MS + WRITE_RESERVE_MS) return;
  throw outOfTime();
}
