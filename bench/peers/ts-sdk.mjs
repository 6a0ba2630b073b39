// The official SDK as its documentation imports it.
import { Fireblocks } from "@fireblocks/ts-sdk";

/** @type {import("./peer.d.ts").Create} */
export async function create(config) {
  const fireblocks = new Fireblocks(config);
  return (id, idempotencyKey) => fireblocks.resetDevice.resetDevice({ id, idempotencyKey });
}
