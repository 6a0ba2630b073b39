// TypeScript in CommonJS: the declarations that `require` leads to.
import { createClient, FireblocksError, type ResetReceipt } from "fireblocks-reset-device";
import { isLoopback } from "fireblocks-reset-device/gateway-api";

import slim = require("fireblocks-reset-device/slim");

export async function reset(userId: string): Promise<ResetReceipt | string> {
  const client = await createClient();
  try {
    await slim.init(new Uint8Array());
    return await client.resetDevice(userId);
  } catch (error) {
    if (error instanceof FireblocksError || error instanceof slim.FireblocksError) return error.outcome;
    return String(isLoopback("localhost"));
  }
}
