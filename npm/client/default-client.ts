/**
 * The bare functions: those of a client that {@link configure} sets up once for the whole program.
 *
 * @module
 */

import type * as Api from "../index.d.ts";
import { createClient } from "./client.ts";
import { notSent } from "./error.ts";

let current: Promise<Api.Client> | undefined;
/** The last one that could be made. */
let working: Promise<Api.Client> | undefined;

export const configure: typeof Api.configure = async (config) => {
  const next = createClient(config);
  // At once, so that a call made while the key is still being read waits for the new client.
  current = next;
  try {
    await next;
    working = next;
  } catch (thrown) {
    if (current === next) {
      current = working;
    }
    throw thrown;
  }
};

async function client(): Promise<Api.Client> {
  if (!current) {
    throw notSent("configuration", "The default client is not configured: call configure first. Nothing was sent.");
  }
  return current;
}

export const resetDevice: typeof Api.resetDevice = async (...args) => (await client()).resetDevice(...args);
export const getConsoleUsers: typeof Api.getConsoleUsers = async (...args) => (await client()).getConsoleUsers(...args);
export const getWorkspace: typeof Api.getWorkspace = async (...args) => (await client()).getWorkspace(...args);
export const getAuditLogs: typeof Api.getAuditLogs = async (...args) => (await client()).getAuditLogs(...args);
export const getApprovals: typeof Api.getApprovals = async (...args) => (await client()).getApprovals(...args);
export const getApproval: typeof Api.getApproval = async (...args) => (await client()).getApproval(...args);
export const watchReset: typeof Api.watchReset = async function* (...args) {
  yield* (await client()).watchReset(...args);
};
