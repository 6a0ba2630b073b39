import { createClient } from "fireblocks-reset-device";

/** @type {import("./peer.d.ts").Create} */
export async function create(config) {
  const client = await createClient(config);
  return (id, key) => client.resetDevice(id, key);
}
