/**
 * What one run of the sweep sees of Fireblocks: a bounded number of looks that all open resets share.
 *
 * @module
 */
import {
  type ApprovalRequestItem,
  type AuditLogData,
  type ConsoleUserStatus,
  FireblocksError,
} from "fireblocks-reset-device";
import { AUDIT_LOG_SUBJECTS } from "fireblocks-reset-device/gateway-api";
import { CoolingDown } from "../fireblocks/cool-down";
import { textsIn } from "../fireblocks/request-payload";
import type { WaitUntil } from "../fireblocks/shared";
import type { PendingApprovals } from "../fireblocks/upstream";
import type { Services } from "../services";

/** Pages of the audit log, 500 rows each, that one run reads. */
const AUDIT_PAGES = 4;
/** A reset that was filed this long before, and has not ended, may still be what a row is about. */
const AUDIT_BEFORE_MS = 8 * 86_400_000;
/** Requests that wait no more, each asked for by itself in one run. */
export const LOST_A_RUN = 10;

/** A user's status, and when it was seen. */
export interface SeenStatus {
  status: ConsoleUserStatus;
  at: number;
}

export interface Looks {
  statuses: ReadonlyMap<string, SeenStatus>;
  approvals: PendingApprovals;
  approvalsAt: number;
  auditLogs: AuditLogData[] | undefined;
  /** When the audit log was asked for. */
  auditLogsAt: number;
  /** Beyond what was read of the approvals another reset may wait. */
  hidesOthers: boolean;
  /** How a request ended that is not in the list any more; undefined where it cannot be known now. */
  lost: (requestId: string) => Promise<ApprovalRequestItem | undefined>;
}

/**
 * One list of users, the approvals that wait, and the audit log from eight days before `auditSince`: no more. Without a time
 * the audit log is not read, since it would prove nothing.
 *
 * @param oldest when the list of users must have begun at the earliest
 */
export async function look(
  services: Services,
  auditSince: number | undefined,
  waitUntil: WaitUntil,
  oldest?: number,
): Promise<Looks> {
  const { fireblocks, now } = services;
  const users = await fireblocks.users(waitUntil, oldest);
  const statuses = new Map(
    users.value.flatMap(({ id, status }) =>
      id === undefined || status === undefined ? [] : [[id, { status, at: users.startedAt }] as const],
    ),
  );
  const approvalsAt = now();
  const approvals = await fireblocks
    .pendingApprovals(waitUntil)
    .catch((error: unknown) => ifFireblocks(error, { readable: false, complete: false, items: [] }));
  const auditLogsAt = now();
  const auditLogs =
    auditSince === undefined || fireblocks.isCoolingDown
      ? undefined
      : await readAuditLogs(services, auditSince - AUDIT_BEFORE_MS, waitUntil).catch((error: unknown) =>
          ifFireblocks(error, undefined),
        );
  return {
    statuses,
    approvals,
    approvalsAt,
    auditLogs,
    auditLogsAt,
    hidesOthers: approvals.readable && !approvals.complete,
    lost: lostApprovals(services, approvals, waitUntil),
  };
}

/** A source that Fireblocks does not give now is one source less. */
function ifFireblocks<T>(error: unknown, without: T): T {
  if (error instanceof FireblocksError || error instanceof CoolingDown) return without;
  throw error;
}

/** Undefined where there is more than is read: of a log that is known in part, no row can be said to be about one reset. */
async function readAuditLogs(
  services: Services,
  startTime: number,
  waitUntil: WaitUntil,
): Promise<AuditLogData[] | undefined> {
  const rows: AuditLogData[] = [];
  let pageCursor: string | undefined;
  for (let page = 0; page < AUDIT_PAGES; page++) {
    const params = { startTime, subject: AUDIT_LOG_SUBJECTS, order: "ASC" as const, pageSize: 500 };
    const answer = await services.fireblocks.auditLogs({ ...params, ...(pageCursor && { pageCursor }) }, waitUntil);
    rows.push(...answer.data);
    if (!answer.next) return rows;
    pageCursor = answer.next;
  }
  return undefined;
}

function lostApprovals({ fireblocks }: Services, approvals: PendingApprovals, waitUntil: WaitUntil): Looks["lost"] {
  let left = LOST_A_RUN;
  return async (requestId) => {
    if (!approvals.readable || !approvals.complete || left === 0 || fireblocks.isCoolingDown) return undefined;
    if (approvals.items.some((item) => textsIn(item).has(requestId))) return undefined;
    left--;
    return fireblocks.approval(requestId, waitUntil).catch((error: unknown) => ifFireblocks(error, undefined));
  };
}
