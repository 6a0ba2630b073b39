/** `status <user>`: what can be seen of one user's device now. Sends nothing that changes anything. */
import { type ApprovalRequestItem, type Client, FireblocksError, isResetPending } from "../../index.js";
import { sentenceFor } from "../../states.js";
import type { Connection } from "../connection.js";
import { codeForReading, ExitCode, Stop } from "../exit-codes.js";
import { aligned, type Output } from "../output.js";
import { findUser, nameOf } from "../people.js";

/** Meanings from Fireblocks' support pages on the statuses of users. */
const MEANINGS: Record<string, string> = {
  PENDING_ACTIVATION: "registration is not finished",
  PENDING_DEVICE_PAIRING: "no device is paired",
  PENDING_DEVICE_SETUP: "pairing has begun; the set-up or the Owner's approval is missing",
  READY: "a device is paired and ready",
};
/** The statuses that are known. */
export const STATUSES = Object.keys(MEANINGS);

/** Of the pending requests. More are a list that does not end, such as one that repeats its cursor. */
const MOST_PAGES = 20;
const PAGE_SIZE = 30;

export async function status(
  connection: Connection,
  idOrEmail: string,
  output: Output,
  signal: AbortSignal,
): Promise<ExitCode> {
  const client = await connection.client();
  const user = await findUser(client, idOrEmail, signal);
  const record = await connection.gateway?.newestResetOf(user.id, signal);
  const approvals = connection.gateway ? undefined : await pendingRequests(client, user.id, signal);
  const pending = approvals?.pending;
  const meaning = user.status && Object.hasOwn(MEANINGS, user.status) ? ` (${MEANINGS[user.status]})` : "";
  output.result(
    aligned([
      ["User", nameOf(user)],
      ["User id", user.id],
      ["Status", user.status && `${user.status}${meaning}`],
      ["Last record", record?.id],
      ["State", record && sentenceFor(record.state, record.evidence)],
      ["Request id", record?.requestId],
      ["Pending approvals", approvals && countOf(approvals)],
    ]),
    { user, ...(record && { record }), ...(pending && { pendingApprovals: pending }) },
  );
  if (approvals?.failure === undefined) return ExitCode.Done;
  output.failure(approvals.failure);
  return codeForReading(approvals.failure);
}

/** Pending approval requests that name the user, and why they are not all. */
interface PendingRequests {
  pending?: string[];
  failure?: unknown;
}

function countOf({ pending, failure }: PendingRequests): string {
  if (pending) return failure ? `${pending.length} or more` : String(pending.length);
  return failure ? "not known" : "not readable with this key";
}

/** Looks through the pending requests. Neither member is there where the key may not read approvals (a beta API). */
async function pendingRequests(client: Client, userId: string, signal: AbortSignal): Promise<PendingRequests> {
  const found: string[] = [];
  let pageCursor: string | undefined;
  try {
    for (let pages = 0; pages < MOST_PAGES; pages++) {
      const cursor = pageCursor && { pageCursor };
      const page = await client.getApprovals({ includeAllUsers: true, pageSize: PAGE_SIZE, ...cursor }, { signal });
      for (const item of page.data) {
        if (typeof item !== "object" || item === null) continue;
        const payload = payloadOf(item);
        // In capitals it is the same id.
        const alike = { ...item, requestPayload: payload.toLowerCase() };
        if (await isResetPending(userId.toLowerCase(), [alike])) found.push(payload);
      }
      if (!page.next) return { pending: found };
      pageCursor = page.next;
    }
    const failure = new Stop(
      `Fireblocks' list of pending requests goes on after ${MOST_PAGES} pages. No more of it was read.`,
      ExitCode.NotSent,
    );
    return { pending: found, failure };
  } catch (failure) {
    if (signal.aborted) throw failure;
    return mayNotRead(failure) ? {} : { failure };
  }
}

/** A payload's shape is not documented for a reset: it is text, but may come as what the text would hold. */
function payloadOf(item: ApprovalRequestItem): string {
  const payload: unknown = item.requestPayload;
  return typeof payload === "string" ? payload : (JSON.stringify(payload) ?? "");
}

/** Fireblocks has no such address for this key. Its code -8 says that too, with a status of 401. */
function mayNotRead(error: unknown): boolean {
  if (!(error instanceof FireblocksError)) return false;
  return error.code === -8 || ["forbidden", "notFound", "gone"].includes(error.kind);
}
