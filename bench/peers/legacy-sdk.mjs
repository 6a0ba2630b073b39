// The official SDK before the present one.
import { FireblocksSDK } from "fireblocks-sdk";

/** @type {import("./peer.d.ts").Create} */
export async function create({ basePath, apiKey, secretKey }) {
  // It adds /v1 itself.
  const fireblocks = new FireblocksSDK(secretKey, apiKey, basePath.replace(/\/v1$/, ""));
  return (id, idempotencyKey) => fireblocks.resetDeviceRequest(id, { idempotencyKey });
}
