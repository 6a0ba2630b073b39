// Uses every kind of thing that the package's types export, in strict mode.
import {
  BasePath,
  type Client,
  type ClientConfig,
  createClient,
  FireblocksError,
  inferProgress,
  type Outcome,
  type RequestOptions,
  type ResetReceipt,
  resetDevice,
  type Signer,
} from "fireblocks-reset-device";
import { init } from "fireblocks-reset-device/slim";

const sign: Signer = (data) => data;
const config: ClientConfig = { basePath: BasePath.EU, apiKey: "key", secretKey: sign, maxRetries: 0 };

declare const process: { env: Record<string, string | undefined> };

// The configuration as the documents have it, and every other member that may turn out to be undefined.
const none: undefined = undefined;
export const documented: Promise<Client> = createClient({
  basePath: process.env.FIREBLOCKS_BASE_PATH,
  apiKey: process.env.FIREBLOCKS_API_KEY,
  secretKey: process.env.FIREBLOCKS_SECRET_KEY,
  fetch: none,
  headers: none,
  userAgent: process.env.USER_AGENT,
  timeoutMs: none,
  deadlineMs: none,
  maxRetries: none,
  tokenLifetimeSeconds: none,
  allowHttp: none,
  onAttempt: none,
});

export async function ask(client: Client, signal?: AbortSignal, reason?: string, pageCursor?: string): Promise<void> {
  const options: RequestOptions = { signal, timeoutMs: none, maxRetries: none };
  await client.resetDevice("user", none, { ...options, note: { reason, reference: reason, verifiedBy: reason } });
  await client.getAuditLogs({ startTime: none, subject: reason, order: none, pageCursor }, options);
  await client.getApprovals({ includeAllUsers: none, quorumStatusMode: none, pageSize: none, pageCursor }, options);
  await client.getApproval("request", { userId: reason, quorumStatusMode: none }, options);
  await client.rejectApproval("request", none, options);
  client.watchReset("user", { since: none, statusBefore: reason, signal, intervalMs: none, otherResetsOpen: none });
  await inferProgress({
    userId: "user",
    since: 0,
    statusBefore: reason,
    approvals: none,
    auditLogs: none,
    previous: none,
  });
}

export async function use(userId: string): Promise<Outcome | undefined> {
  const client: Client = await createClient(config);
  try {
    const receipt: ResetReceipt = await resetDevice(userId);
    const key: string = receipt.idempotencyKey;
    const { users } = await client.getConsoleUsers();
    const status: string | undefined = users[0]?.status;
    for await (const progress of client.watchReset(userId)) if (progress.final) break;
    const progress = await inferProgress({ userId, since: 0 });
    await init();
    return [key, status, progress.state].length > 0 ? undefined : "unknown";
  } catch (error) {
    if (error instanceof FireblocksError) return error.outcome;
    throw error;
  }
}

// @ts-expect-error: an id is a string
void resetDevice(1);
