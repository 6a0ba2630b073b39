/** `watch <user>`: tells each change of a reset until it ends. */
import type { Connection } from "../connection.js";
import { ExitCode, Stop } from "../exit-codes.js";
import { aligned, type Output } from "../output.js";
import { findUser, nameOf } from "../people.js";
import { type Awaited, waitForEnd } from "../waiting.js";

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
  const awaited = await whatToWatch(connection, user.id, options, signal);
  if ("userId" in awaited) {
    // Its first line is the word of whoever watches: a direct watch has no receipt.
    output.note("Taken for granted here: that a reset was asked for. Nothing has shown it yet.");
  }
  // Where nobody reads what it tells any more, a watch has nothing left to do.
  const either = AbortSignal.any([signal, output.gone]);
  const exitCode = await waitForEnd(connection, awaited, output, either, options.timeout);
  return exitCode === ExitCode.Interrupted && !signal.aborted ? ExitCode.StillOpen : exitCode;
}

async function whatToWatch(
  connection: Connection,
  userId: string,
  options: WatchOptions,
  signal: AbortSignal,
): Promise<Awaited> {
  if (!connection.gateway) {
    const from = {
      ...(options.since !== undefined && { since: options.since }),
      ...(options.statusBefore !== undefined && { statusBefore: options.statusBefore }),
    };
    return { userId, from };
  }
  const record = await connection.gateway.newestResetOf(userId, signal);
  if (!record) throw new Stop("The gateway has no record of a reset of this user.", ExitCode.NotSent);
  return { recordId: record.id };
}
