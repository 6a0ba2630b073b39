/** The package's client, loaded when it is first needed: the page's first paint does not wait for WebAssembly. */

import wasm from "fireblocks-reset-device/reset_device.wasm?url";
import type { Client, ResetNote, ResetReceipt } from "fireblocks-reset-device/slim";
import { ACCESS_HEADERS } from "./api.ts";
import { isFireblocksError, ProblemError, problemFromClient, problemOfLoading } from "./problem.ts";

let loading: Promise<Client> | undefined;

async function load(): Promise<Client> {
  const { createClient, init } = await import("fireblocks-reset-device/slim");
  await init(new URL(wasm, location.href));
  return createClient({ basePath: "/v1", headers: ACCESS_HEADERS });
}

/** Starts to load the client early, so that a confirmed reset does not wait. A failed load is tried again later. */
export function prepareClient(): Promise<Client> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

/** Asks for a reset. Resolves when an approval request was filed or, with a second person on, a proposal recorded. */
export async function resetDevice(userId: string, idempotencyKey: string, note: ResetNote): Promise<ResetReceipt> {
  let client: Client;
  try {
    client = await prepareClient();
  } catch (error) {
    throw new ProblemError(problemOfLoading(undefined, error));
  }
  try {
    return await client.resetDevice(userId, idempotencyKey, { note });
  } catch (error) {
    if (isFireblocksError(error)) throw new ProblemError(problemFromClient(error.toJSON()));
    throw error;
  }
}
