/**
 * A contested reset that waits for approval is rejected in Fireblocks, where it is provably the one and the worker's API user is
 * let do so. Otherwise people are told to.
 *
 * @module
 */
import { type ApprovalRequestItem, FireblocksError, inferProgress } from "fireblocks-reset-device";
import { CoolingDown } from "../fireblocks/cool-down";
import { requestIn } from "../fireblocks/request-payload";
import type { WaitUntil } from "../fireblocks/shared";
import { pendingResets } from "../fireblocks/upstream";
import { errorName } from "../log";
import type { Row } from "../records/row";
import type { EventDraft } from "../records/store";
import type { Services } from "../services";
import { filedByUs } from "./first-attempt";

/** A try without a clear answer is made again with the same key, but not for longer than this. */
export const UNCLEAR_FOR_MS = 60 * 60_000;

type Rejection = NonNullable<Row["rejection"]>;

/** Never fails: the next sweep tries again what may be tried again. */
export async function rejectContested(services: Services, row: Row, waitUntil: WaitUntil): Promise<void> {
  if (row.contested_at === null || row.open === 0 || row.rejection === "rejected" || row.rejection === "refused")
    return;
  try {
    const requestId = await ownRequest(services, row, waitUntil);
    if (requestId !== undefined) await reject(services, row, requestId, waitUntil);
  } catch (error) {
    services.log({ level: "warn", event: "rejectionFailed", recordId: row.id, error: errorName(error) });
  }
}

/**
 * The request that waits, provably for this user and provably filed for this record. Whatever else names this user is somebody
 * else's, or may be: it is not the worker's to reject.
 */
async function ownRequest(services: Services, row: Row, waitUntil: WaitUntil): Promise<string | undefined> {
  const { configuration, fireblocks, now } = services;
  if (!configuration.checkApprovals || row.attempts === 0) return undefined;
  const pending = await fireblocks.pendingApprovals(waitUntil);
  if (!pending.readable) return undefined;
  const items = await pendingResets(row.user_id, pending.items);
  const since = row.requested_at ?? row.created_at;
  const known = row.approval_request_id ?? (await inferred(row, since, pending.items, now()));
  const own = items.find((item) => requestIn(item)?.id === known);
  const request = own && requestIn(own);
  if (own === undefined || request === undefined || request.at < since) return undefined;
  return (await filedByUs(services, own, waitUntil)) ? request.id : undefined;
}

/** By the package's own inference, where following has not come to it yet. */
async function inferred(
  row: Row,
  since: number,
  items: ApprovalRequestItem[],
  at: number,
): Promise<string | undefined> {
  const progress = await inferProgress({
    userId: row.user_id,
    since,
    ...(row.answered_at !== null && { answeredAt: row.answered_at }),
    statuses: [],
    approvals: { items, at },
    otherResetsOpen: row.other_resets_open === 1,
  });
  return progress.approvalRequestId;
}

async function reject(services: Services, row: Row, approvalRequestId: string, waitUntil: WaitUntil): Promise<void> {
  const said = await services.fireblocks
    .rejectApproval(approvalRequestId, rejectionKey(row), waitUntil)
    .then((receipt): Said => ({ rejection: "rejected", requestId: receipt.requestId }), failureOf);
  if (said === undefined) return;
  const { rejection, requestId, message } = said;
  const event: EventDraft = {
    event: EVENTS[rejection],
    source: "fireblocks",
    detail: {
      approvalRequestId,
      ...(requestId !== undefined && { requestId }),
      ...(message !== undefined && { message }),
    },
  };
  await services.records.change(row.id, (current) => {
    const isNews = current.rejection === null || (current.rejection === "unknown" && rejection !== "unknown");
    return isNews ? { set: { rejection, approval_request_id: approvalRequestId }, event } : undefined;
  });
}

const EVENTS: Readonly<Record<Rejection, string>> = {
  rejected: "rejectedInFireblocks",
  refused: "rejectionRefused",
  unknown: "rejectionUnclear",
};

/** Fireblocks takes 40 characters. The same key for the same record, however often it is tried. */
function rejectionKey({ id }: Row): string {
  return `reject-${id.replaceAll("-", "")}`;
}

interface Said {
  rejection: Rejection;
  requestId?: string | undefined;
  message?: string;
}

/** What Fireblocks said; undefined where it was not asked, or asked to be asked later. */
function failureOf(error: unknown): Said | undefined {
  if (error instanceof CoolingDown) return undefined;
  if (!(error instanceof FireblocksError)) {
    return { rejection: "unknown", message: "The worker failed while it waited for Fireblocks." };
  }
  const { outcome, message, requestId, kind } = error;
  if (kind === "rateLimited" || outcome === "notSent") return undefined;
  return { rejection: outcome === "refused" ? "refused" : "unknown", requestId, message };
}
