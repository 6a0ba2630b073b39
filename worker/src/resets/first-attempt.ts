/**
 * Whether what waits in Fireblocks for a user is the request of a first attempt whose answer was lost.
 *
 * @module
 */
import type { ApprovalRequestItem, AuditLogData } from "fireblocks-reset-device";
import { requestIn, textsIn } from "../fireblocks/request-payload";
import type { WaitUntil } from "../fireblocks/shared";
import { pendingResets } from "../fireblocks/upstream";
import type { Row } from "../records/row";
import type { Services } from "../services";

/** The audit log's row of a request and the request itself may bear times that differ by this. */
const SAME_TIME_MS = 1_000;
const SUBMITTED = { subject: ["Re-enroll mobile device", "Device reset"], event: ["Submitted request"] };

/** `ours`: provably that of the first attempt. `unclear`: not all that waits could be read. */
export type Waiting = { kind: "nothing" | "another" | "unclear" } | { kind: "ours"; requestId: string };

export async function waitingFor(services: Services, row: Row, waitUntil: WaitUntil): Promise<Waiting> {
  const { configuration, fireblocks } = services;
  if (!configuration.checkApprovals) return { kind: "nothing" };
  const pending = await fireblocks.pendingApprovals(waitUntil);
  // As for a person's request: what the key may not read cannot stand in the way.
  if (!pending.readable) return { kind: "nothing" };
  const [first, ...others] = await pendingResets(row.user_id, pending.items);
  if (first === undefined) return { kind: pending.complete ? "nothing" : "unclear" };
  const request = requestIn(first);
  if (others.length > 0 || request === undefined || request.at < (row.requested_at ?? row.created_at)) {
    return { kind: "another" };
  }
  return (await filedByUs(services, first, waitUntil)) ? { kind: "ours", requestId: request.id } : { kind: "another" };
}

/** Whether a request was provably filed by this worker's own API user. */
export async function filedByUs(services: Services, item: ApprovalRequestItem, waitUntil: WaitUntil): Promise<boolean> {
  if (namesUs(item, services.configuration.apiKey)) return true;
  const request = requestIn(item);
  return request !== undefined && wasFiledByUs(services, request.at, waitUntil);
}

/** Fireblocks does not document that a request names who filed it. Where it does, the API key is that user's id. */
export function namesUs(item: ApprovalRequestItem, apiKey: string): boolean {
  return textsIn(item).has(apiKey);
}

/** The audit log names who filed a request, but not for whom: its one row of that moment must be ours. */
async function wasFiledByUs(services: Services, at: number, waitUntil: WaitUntil): Promise<boolean> {
  const span = { startTime: at - SAME_TIME_MS, endTime: at + SAME_TIME_MS };
  const { data, next } = await services.fireblocks.auditLogs({ ...SUBMITTED, ...span, pageSize: 500 }, waitUntil);
  const filed = data.filter((entry) => isAt(entry, at));
  return !next && filed.length === 1 && filed[0]?.userId === services.configuration.apiKey;
}

function isAt({ timestamp, createdAt }: AuditLogData, at: number): boolean {
  const time = timestamp ?? createdAt;
  return time !== undefined && Math.abs(time - at) <= SAME_TIME_MS;
}
