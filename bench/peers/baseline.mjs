import { createClient } from "../baseline/client.mjs";

/** @type {import("./peer.d.ts").Create} */
export async function create(config) {
  const client = await createClient(config);
  return (id, key) => client.resetDevice(id, key);
}
