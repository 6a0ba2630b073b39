// One reset, as it is made in every environment that can import this file.
import { createClient } from "fireblocks-reset-device";

export async function reset({ userId, idempotencyKey, ...configuration }) {
  const client = await createClient(configuration);
  return client.resetDevice(userId, idempotencyKey);
}
