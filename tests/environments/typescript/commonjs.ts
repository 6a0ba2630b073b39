// CommonJS, as the nearest package.json says nothing else.
import { createClient, type ResetReceipt } from "fireblocks-reset-device";

const { userId, idempotencyKey, ...configuration } = JSON.parse(process.env.TASK ?? "");
createClient(configuration)
  .then((client) => client.resetDevice(userId, idempotencyKey))
  .then((receipt: ResetReceipt) => console.log(JSON.stringify(receipt)));
