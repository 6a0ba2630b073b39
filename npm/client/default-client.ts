/**
 * The bare functions: those of a client that {@link configure} sets up once for the whole program.
 *
 * @module
 */

import type * as Api from "../index.d.ts";
import { type Connection, clientOf, connect, operationsOver } from "./client.ts";
import { notSent } from "./error.ts";
import { watch } from "./watch.ts";

/** That of the last configuration that works, if there is one. */
let current: Promise<Connection | undefined> | undefined;

export const configure: typeof Api.configure = async (config) => {
  const before = current;
  const next = connect(config);
  // At once: a call that is made while this one is still being read waits for it, and has the one before should it fail.
  current = next.catch(() => before);
  await next;
};

/** As it is when it is asked for, whatever is configured afterwards. */
async function connection(asked = current): Promise<Connection> {
  const configured = await asked;
  if (!configured) {
    throw notSent("configuration", "The default client is not configured: call configure first. Nothing was sent.");
  }
  return configured;
}

export const { resetDevice, getConsoleUsers, getWorkspace, getAuditLogs, getApprovals, getApproval, rejectApproval } =
  operationsOver(() => connection());

export const watchReset: typeof Api.watchReset = (id, options) => {
  const asked = current;
  return watch(async () => clientOf(await connection(asked)), id, options);
};
