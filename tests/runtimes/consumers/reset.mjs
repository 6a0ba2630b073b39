// One reset, in a runtime of the command line. The task comes in the environment; the receipt goes to stdout.
import { env } from "node:process";
import { configure, resetDevice } from "fireblocks-reset-device";

const { userId, idempotencyKey, ...config } = JSON.parse(env.TASK);
await configure(config);
console.log(JSON.stringify(await resetDevice(userId, idempotencyKey)));
