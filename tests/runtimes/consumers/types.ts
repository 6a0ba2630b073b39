// Uses every kind of thing that the package's types export, in strict mode.
import {
  BasePath,
  type Client,
  type ClientConfig,
  createClient,
  FireblocksError,
  inferProgress,
  type Outcome,
  type ResetReceipt,
  resetDevice,
  type Signer,
} from "fireblocks-reset-device";
import { init } from "fireblocks-reset-device/slim";

const sign: Signer = (data) => data;
const config: ClientConfig = { basePath: BasePath.EU, apiKey: "key", secretKey: sign, maxRetries: 0 };

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
