/** `reset <user>`: names everything, asks, and files one approval request. */
import { randomUUID } from "node:crypto";
import { REMEDIES } from "../../gateway-api.js";
import type { FireblocksError, PhoneStory, ResetNote, ResetReceipt, StatedProof } from "../../index.js";
import { sentenceFor } from "../../states.js";
import type { Connection } from "../connection.js";
import { linesOf, requestOf } from "../dry-run.js";
import { codeForReset, ExitCode, Stop } from "../exit-codes.js";
import type { Interruption } from "../interruption.js";
import { aligned, type Output, printable, timeOf } from "../output.js";
import { findUser, type KnownUser, nameOf, warningsFor } from "../people.js";
import { ask, confirmed } from "../questions.js";
import { waitForEnd } from "../waiting.js";

export interface ResetOptions {
  reason?: string;
  reference?: string;
  verifiedBy?: string;
  proof?: StatedProof;
  because?: PhoneStory;
  idempotencyKey?: string;
  yes?: boolean;
  dryRun?: boolean;
  wait?: boolean;
  /** Seconds, with `wait`. */
  timeout?: number;
}

export async function reset(
  connection: Connection,
  idOrEmail: string,
  options: ResetOptions,
  output: Output,
  interruption: Interruption,
): Promise<ExitCode> {
  const { signal } = interruption;
  // Also before a direct call, which has no place for the answer.
  if (options.because !== undefined) tellRemedy(options.because, output);
  refuseNoteOfDirectCall(connection, options);
  if (!options.yes && !options.dryRun && !output.interactive) {
    throw new Stop(
      "Nobody can be asked to confirm: this is not a terminal. Give --yes to go ahead without. Nothing was sent.",
      ExitCode.NotSent,
    );
  }
  const client = await connection.client();
  const workspace = await client.getWorkspace({ signal });
  const user = await findUser(client, idOrEmail, signal);
  for (const line of aligned([
    ["Workspace", [workspace.name, workspace.id && `(${workspace.id})`].filter(Boolean).join(" ")],
    [connection.gateway ? "Gateway" : "Fireblocks", connection.address],
    ["User", nameOf(user)],
    ["User id", user.id],
  ])) {
    output.note(line);
  }
  for (const warning of warningsFor(user)) output.note(`Note: ${warning}`);

  const note = await noteFor(connection, options, output, signal);
  const idempotencyKey = options.idempotencyKey ?? randomUUID();
  if (options.dryRun) {
    const request = await requestOf(connection, user.id, idempotencyKey, note);
    output.note("Dry run: this request was not sent.");
    output.result(linesOf(request), request);
    return ExitCode.Done;
  }
  if (!options.yes && !(await confirmed("Request a reset of this user's mobile device?", signal))) {
    throw new Stop("Not confirmed. Nothing was sent.", ExitCode.NotSent);
  }
  // Told before it is sent: whatever happens to this process, the same request can be asked for again.
  output.note(`Idempotency key: ${idempotencyKey}`);
  const asked = Date.now();
  interruption.exitCode = ExitCode.Unknown;
  const receipt = await send(connection, user, idempotencyKey, note, output, signal);
  if (typeof receipt === "number") return receipt;
  interruption.exitCode = ExitCode.Interrupted;
  if (!options.wait) return ExitCode.Done;
  const awaited = receipt.recordId
    ? { recordId: receipt.recordId }
    : { userId: user.id, from: { since: asked, ...(user.status && { statusBefore: user.status }) } };
  try {
    return await waitForEnd(connection, awaited, output, signal, options.timeout);
  } catch (error) {
    // Whatever became of the waiting, it takes nothing back: a code of refusal would invite a second request.
    output.failure(error);
    output.note(
      `${receipt.recordId ? "The gateway took the request" : "The request was filed"}; only the waiting ended.`,
    );
    return ExitCode.StillOpen;
  }
}

/** What helps after what happened to the phone. Where that is no reset, nothing is asked of anybody. */
function tellRemedy(because: PhoneStory, output: Output): void {
  const { summary, steps, reset } = REMEDIES[because];
  output.note(summary);
  steps.forEach((step, index) => {
    output.note(`${index + 1}. ${step}`);
  });
  if (!reset) throw new Stop("No reset helps here. Nothing was sent.", ExitCode.NotSent);
}

/** Sends the one request; the receipt, or the exit code of the failure that was told. */
async function send(
  connection: Connection,
  user: KnownUser,
  idempotencyKey: string,
  note: ResetNote | undefined,
  output: Output,
  signal: AbortSignal,
): Promise<ResetReceipt | ExitCode> {
  let receipt: ResetReceipt;
  try {
    receipt = await (await connection.client()).resetDevice(user.id, idempotencyKey, { signal, ...(note && { note }) });
  } catch (error) {
    output.failure(error);
    const exitCode = codeForReset(error);
    if (exitCode === ExitCode.Unknown) {
      output.note(`To ask again for the same request: --idempotency-key ${idempotencyKey}`);
      const { recordId } = error as FireblocksError;
      if (recordId) output.note(`The gateway's record: ${printable(recordId)}`);
    }
    return exitCode;
  }
  const awaited = await awaitedOf(connection, receipt.recordId, signal);
  output.result(
    [
      // A gateway's record tells the state itself: it may only have been proposed, or wait for its time.
      receipt.recordId
        ? "The gateway took the request. The device is not reset yet."
        : sentenceFor("approvalRequested"),
      ...(awaited ? [sentenceFor(awaited.state)] : []),
      ...aligned([
        ["Request id", receipt.requestId],
        ["Record", receipt.recordId],
        ["Idempotency key", receipt.idempotencyKey],
        ["Attempts", receipt.attempts],
        ["Leaves at", awaited?.leavesAt && timeOf(awaited.leavesAt)],
        ["Lifecycle", receipt.lifecycle?.state],
        ["Sunset", receipt.lifecycle?.sunset],
      ]),
    ],
    { userId: user.id, ...receipt, ...awaited },
  );
  return receipt;
}

/** What was taken is told at the latest after so long, also where the record does not answer, in milliseconds. */
const LONGEST_LOOK_MS = 5_000;

const NOT_SENT_YET: ReadonlySet<string> = new Set(["proposed", "waiting"]);

/** What has to come before it is sent, where something has to. That the record cannot be read takes nothing back. */
async function awaitedOf({ gateway }: Connection, recordId: string | undefined, signal: AbortSignal) {
  if (recordId === undefined) return undefined;
  const either = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_LOOK_MS)]);
  const record = await gateway?.reset(recordId, either).catch(() => undefined);
  if (record === undefined || !NOT_SENT_YET.has(record.state)) return undefined;
  const { state, leavesAt } = record;
  return { state, ...(leavesAt !== undefined && { leavesAt }) };
}

function refuseNoteOfDirectCall(connection: Connection, options: ResetOptions): void {
  if (connection.gateway) return;
  const given = [
    options.reason !== undefined && "--reason",
    options.reference !== undefined && "--reference",
    options.verifiedBy !== undefined && "--verified-by",
    options.proof !== undefined && "--proof",
    options.because !== undefined && "--because",
  ].filter(Boolean);
  if (given.length === 0) return;
  throw new Stop(
    `${given.join(" and ")}: a direct call has no place for it. Fireblocks takes no text with a reset, so it would be ` +
      "kept nowhere. Leave it out, or give --gateway. Nothing was sent.",
    ExitCode.Usage,
  );
}

/** What the gateway is told of the why; asked for on a terminal where the gateway requires it. */
async function noteFor(
  connection: Connection,
  options: ResetOptions,
  output: Output,
  signal: AbortSignal,
): Promise<ResetNote | undefined> {
  if (!connection.gateway) return undefined;
  const session = await connection.gateway.session(signal);
  const required = session?.requireNote !== false;
  const complete = async (given: string | undefined, question: string, option: string) => {
    const text = given ?? (required && output.interactive && !options.yes ? await ask(`${question} `, signal) : "");
    if (required && text.trim() === "") {
      throw new Stop(`The gateway requires ${option}. Nothing was sent.`, ExitCode.Usage);
    }
    return text.trim();
  };
  const { proof = "other", because } = options;
  // A proof that is named says enough by itself.
  const words =
    proof === "other"
      ? await complete(options.verifiedBy, "How was the user's identity verified?", "--verified-by")
      : (options.verifiedBy ?? "").trim();
  const proven =
    proof === "other" ? words && { verifiedBy: words } : { proofs: [{ proof, ...(words && { text: words }) }] };
  const reason = await complete(options.reason, "Reason?", "--reason");
  const reference = options.reference?.trim();
  return { ...(reason && { reason }), ...proven, ...(reference && { reference }), ...(because && { because }) };
}
