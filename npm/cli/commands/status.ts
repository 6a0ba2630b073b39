/** `status <user>`: what can be seen of one user's device now. Sends nothing that changes anything. */
import type { Client } from "../../index.js";
import { sentenceFor } from "../../states.js";
import type { Connection } from "../connection.js";
import { ExitCode } from "../exit-codes.js";
import { aligned, type Output } from "../output.js";
import { findUser, nameOf } from "../people.js";

/** Meanings from Fireblocks' support pages on the statuses of users. */
const MEANINGS: Record<string, string> = {
  PENDING_ACTIVATION: "registration is not finished",
  PENDING_DEVICE_PAIRING: "no device is paired",
  PENDING_DEVICE_SETUP: "pairing has begun; the set-up or the Owner's approval is missing",
  READY: "a device is paired and ready",
};

export async function status(
  connection: Connection,
  idOrEmail: string,
  output: Output,
  signal: AbortSignal,
): Promise<ExitCode> {
  const client = await connection.client();
  const user = await findUser(client, idOrEmail, signal);
  const record = await connection.gateway?.newestResetOf(user.id, signal);
  const pending = connection.gateway ? undefined : await pendingRequests(client, user.id, signal);
  const meaning = user.status && Object.hasOwn(MEANINGS, user.status) ? ` (${MEANINGS[user.status]})` : "";
  output.result(
    aligned([
      ["User", nameOf(user)],
      ["User id", user.id],
      ["Status", user.status && `${user.status}${meaning}`],
      ["Last record", record?.id],
      ["State", record && sentenceFor(record.state)],
      ["Request id", record?.requestId],
      ["Pending approvals", pending?.length ?? (connection.gateway ? undefined : "not readable with this key")],
    ]),
    { user, ...(record && { record }), ...(pending && { pendingApprovals: pending }) },
  );
  return ExitCode.Done;
}

/** Pending approval requests that name the user; undefined where the key may not read approvals (a beta API). */
async function pendingRequests(client: Client, userId: string, signal: AbortSignal): Promise<string[] | undefined> {
  const found: string[] = [];
  let pageCursor: string | undefined;
  try {
    do {
      const cursor = pageCursor && { pageCursor };
      const page = await client.getApprovals({ includeAllUsers: true, pageSize: 30, ...cursor }, { signal });
      // The payload's shape is not documented for a reset, so the id is looked for anywhere in it.
      const payloads = page.data.map((item) => item.requestPayload ?? "");
      found.push(...payloads.filter((payload) => payload.includes(JSON.stringify(userId))));
      pageCursor = page.next ?? undefined;
    } while (pageCursor);
    return found;
  } catch (error) {
    if (signal.aborted) throw error;
    return undefined;
  }
}
