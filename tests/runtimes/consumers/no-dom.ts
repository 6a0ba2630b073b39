// A program whose libraries declare no page: what it names is the language's, and perhaps Node's.
import { createClient, FireblocksError, init, type Outcome, type ResetReceipt } from "fireblocks-reset-device";
import { type ApiError, isLoopback } from "fireblocks-reset-device/gateway-api";
import wasm from "fireblocks-reset-device/reset_device.wasm";
import { init as initSlim } from "fireblocks-reset-device/slim";

export async function reset(userId: string, secretKey: string): Promise<ResetReceipt | Outcome> {
  await init();
  await initSlim(wasm);
  await initSlim(new Uint8Array());
  await initSlim("https://northwind.example/reset_device.wasm");
  const client = await createClient({ apiKey: "key", secretKey });
  await createClient({ apiKey: "key", secretKey: async (data) => new Uint8Array(data.length) });
  try {
    return await client.resetDevice(userId);
  } catch (error) {
    if (error instanceof FireblocksError) return error.outcome;
    throw error;
  }
}

export const outcomeOf = (error: ApiError): Outcome | undefined =>
  isLoopback("localhost") ? error.outcome : undefined;

// @ts-expect-error: a signal is no number
void createClient().then((client) => client.getWorkspace({ signal: 1 }));
// @ts-expect-error: a key is no number
void createClient({ secretKey: 1 });
