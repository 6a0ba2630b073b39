/** `watch <user>`: tells each change of a reset until it ends. */
import type { Connection } from "../connection.js";
import { ExitCode, Stop } from "../exit-codes.js";
import { aligned, type Output } from "../output.js";
import { findUser, nameOf } from "../people.js";
import { waitForEnd } from "../waiting.js";

export interface WatchOptions {
  /** Epoch milliseconds when the reset was asked for. */
  since?: number;
  statusBefore?: string;
  /** Seconds. */
  timeout?: number;
}

export async function watch(
  connection: Connection,
  idOrEmail: string,
  options: WatchOptions,
  output: Output,
  signal: AbortSignal,
): Promise<ExitCode> {
  const client = await connection.client();
  const user = await findUser(client, idOrEmail, signal);
  for (const line of aligned([
    ["User", nameOf(user)],
    ["User id", user.id],
  ])) {
    output.note(line);
  }
  if (!connection.gateway) {
    const from = {
      ...(options.since !== undefined && { since: options.since }),
      ...(options.statusBefore !== undefined && { statusBefore: options.statusBefore }),
    };
    return waitForEnd(connection, { userId: user.id, from }, output, signal, options.timeout);
  }
  const record = await connection.gateway.newestResetOf(user.id, signal);
  if (!record) throw new Stop("The gateway has no record of a reset of this user.", ExitCode.NotSent);
  return waitForEnd(connection, { recordId: record.id }, output, signal, options.timeout);
}
