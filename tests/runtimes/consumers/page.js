// One reset, in a page. The test calls `reset` with the task.
import { configure, resetDevice } from "fireblocks-reset-device";

globalThis.reset = async ({ userId, idempotencyKey, ...config }) => {
  try {
    await configure({ ...config, basePath: "/v1" });
    return { receipt: await resetDevice(userId, idempotencyKey) };
  } catch (error) {
    return { error: error.toJSON?.() ?? String(error) };
  }
};
