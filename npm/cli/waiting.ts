/** Waits for a reset to end, and tells of each change. */
import { setTimeout as sleep } from "node:timers/promises";
import { follow } from "../following.js";
import type { GatewayError } from "../gateway.js";
import type { ProgressEvidence, WatchResetOptions } from "../index.js";
import { sentenceFor } from "../states.js";
import type { Connection } from "./connection.js";
import { ExitCode, Stop } from "./exit-codes.js";
import type { Output } from "./output.js";
import { printable, timeOf } from "./output.js";

/** A change of state, as it is printed. */
interface Change {
  state: string;
  evidence?: ProgressEvidence;
  at: number;
  /** Where it was learnt from. */
  source: string;
  recordId?: string;
  approvals?: { current?: number; threshold?: number };
  message?: string;
}

/** What to wait for: a gateway's record, or what Fireblocks itself lets be seen of a user. */
export type Awaited = { recordId: string } | { userId: string; from: WatchResetOptions };

/**
 * Waits until the reset has ended.
 * @param signal - aborted by Ctrl-C.
 * @param timeoutSeconds - undefined waits for ever.
 */
export async function waitForEnd(
  connection: Connection,
  awaited: Awaited,
  output: Output,
  signal: AbortSignal,
  timeoutSeconds: number | undefined,
): Promise<ExitCode> {
  const timeout = timeoutSeconds === undefined ? [] : [AbortSignal.timeout(Math.round(timeoutSeconds * 1000))];
  const either = AbortSignal.any([signal, ...timeout]);
  const started = Date.now();
  let current = "looking";
  const ticking = setInterval(() => {
    output.progress(`${current}, ${Math.round((Date.now() - started) / 1000)} s (Ctrl-C stops the waiting alone)`);
  }, 1000);
  const tell = (change: Change) => {
    current = printable(change.state);
    output.result([lineOf(change)], change);
  };
  try {
    const last =
      "recordId" in awaited
        ? await followRecord(connection, awaited.recordId, tell, output, either)
        : await followUser(connection, awaited.userId, awaited.from, tell, either);
    if (last !== undefined) return codeFor(last);
    if (signal.aborted) {
      output.note("Stopped waiting. The reset itself goes on.");
      return ExitCode.Interrupted;
    }
    output.note(`Still open after ${timeoutSeconds} s. The reset itself goes on.`);
    return ExitCode.StillOpen;
  } finally {
    clearInterval(ticking);
    output.progress("");
  }
}

/** The state in which the record ended; undefined where waiting stopped before. */
async function followRecord(
  connection: Connection,
  recordId: string,
  tell: (change: Change) => void,
  output: Output,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (!connection.gateway) throw new Stop("A record lives at a gateway: give --gateway.", ExitCode.Usage);
  let seen = "";
  let ended: string | undefined;
  let lost: GatewayError | undefined;
  await follow(
    connection.gateway,
    recordId,
    {
      onRecord({ state, evidence, open, approvals, message }) {
        const now = JSON.stringify([state, evidence, approvals]);
        if (now !== seen) {
          const facts = { ...(evidence && { evidence }), ...(approvals && { approvals }), ...(message && { message }) };
          tell({ state, at: Date.now(), source: "gateway", recordId, ...facts });
        }
        seen = now;
        if (!open) ended = state;
      },
      onProblem(problem, final) {
        if (final) lost = problem;
        else output.note(`${printable(problem.message)} Trying again.`);
      },
      pause: (ms, _atLeastMs, stop) => sleep(ms, undefined, { signal: stop }).catch(() => undefined),
    },
    signal,
  );
  if (lost) throw new Stop(`${printable(lost.message)} The record is not followed any more.`, ExitCode.Refused);
  return ended;
}

async function followUser(
  connection: Connection,
  userId: string,
  from: WatchResetOptions,
  tell: (change: Change) => void,
  signal: AbortSignal,
): Promise<string | undefined> {
  const client = await connection.client();
  try {
    for await (const progress of client.watchReset(userId, { ...from, signal })) {
      tell(progress);
      if (progress.final) return progress.state;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return undefined;
}

/** Only one state is success. What a person settled, and a state that is newer than this package, may be anything. */
function codeFor(state: string): ExitCode {
  if (state === "completed") return ExitCode.Done;
  return state === "unknown" ? ExitCode.Unknown : ExitCode.EndedWithout;
}

function lineOf(change: Change): string {
  const { current, threshold } = change.approvals ?? {};
  const approvals = threshold === undefined ? "" : ` ${current ?? 0} of ${threshold} approvals.`;
  const message = change.message ? ` ${change.message}` : "";
  return printable(`${timeOf(change.at)}  ${sentenceFor(change.state, change.evidence)}${approvals}${message}`);
}
