// One reset, in a page that serves the .wasm apart.
import { configure, init, resetDevice } from "fireblocks-reset-device/slim";

globalThis.reset = async ({ userId, idempotencyKey, ...config }) => {
  await init("/node_modules/fireblocks-reset-device/reset_device.wasm");
  await configure({ ...config, basePath: "/v1" });
  return { receipt: await resetDevice(userId, idempotencyKey) };
};
