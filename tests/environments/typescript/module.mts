import { createClient, type ResetReceipt } from "fireblocks-reset-device";

const { userId, idempotencyKey, ...configuration } = JSON.parse(process.env.TASK ?? "");
const client = await createClient(configuration);
const receipt: ResetReceipt = await client.resetDevice(userId, idempotencyKey);
console.log(JSON.stringify(receipt));
