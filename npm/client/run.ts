/**
 * Drives a call: tells it what has happened, does what it asks for, and so on to its end.
 *
 * @module
 */
import type { Call, Wasm } from "glue";
import type { Attempt, FireblocksErrorKind } from "../index.d.ts";
import { Unusable } from "./arguments.ts";
import type { Effects } from "./effects.ts";
import { FireblocksError, isErrorData, notSent } from "./error.ts";
import { discard, instance } from "./instance.ts";
import type { ClientData, Event } from "./protocol.ts";
import { randomBytes } from "./random.ts";

/** A call before it has begun. */
export interface Prepared {
  /** Begins it on an instance of the WebAssembly. */
  begin: (wasm: Wasm) => Call;
  effects: Effects;
  /** Whose clock's difference it learns. */
  client: ClientData;
  onAttempt: ((attempt: Attempt) => void) | undefined;
}

/**
 * Runs a call to its end.
 *
 * @throws FireblocksError
 */
export async function run({ begin, effects, client, onAttempt }: Prepared): Promise<unknown> {
  const wasm = await instance();
  let call: Call | undefined;
  let idempotencyKey: string | undefined;
  try {
    call = begin(wasm);
    for (let event: Event = { type: "start" }; ; ) {
      const signature = event.type === "signed" ? event.signature : undefined;
      const step = call.next(Date.now(), performance.now(), randomBytes(), event, signature);
      client.clockDifferenceMs = step.clockDifferenceMs ?? client.clockDifferenceMs;
      if (step.attempt) {
        tell(onAttempt, step.attempt);
      }
      switch (step.type) {
        case "sign":
          event = await effects.sign(step);
          break;
        case "send":
          idempotencyKey = step.headers["idempotency-key"];
          event = await effects.send(step);
          break;
        case "wait":
          event = await effects.wait(step);
          break;
        case "resolve":
          return step.value;
        case "reject":
          throw step.error;
      }
    }
  } catch (thrown) {
    if (!isErrorData(thrown)) {
      await discard(wasm);
      // Its memory is not freed: nothing of the instance is touched any more, not by a finalizer either.
      call?.__destroy_into_raw();
      call = undefined;
    }
    throw failure(thrown, { cause: effects.cause, attempts: effects.requests, idempotencyKey });
  } finally {
    free(call);
  }
}

/** Another call's trap may have left the instance so that even this fails: then its memory goes with it. */
function free(call: Call | undefined): void {
  try {
    call?.free();
  } catch {
    // The finalizer is gone by now.
  }
}

/** Neither the exception of a caller's function nor, should it be an async one after all, its rejection does any harm. */
function tell(onAttempt: Prepared["onAttempt"], attempt: Attempt): void {
  (async () => onAttempt?.(attempt))().catch(() => {});
}

/** What is known of a call that has failed. */
interface Known {
  /** The error behind its last failure. */
  cause?: unknown;
  attempts?: number;
  idempotencyKey?: string | undefined;
  /** Of an argument that is not usable. */
  kind?: FireblocksErrorKind;
}

/** The error for whatever was thrown: an argument that is not usable, an error as plain data, or a breakdown. */
export function failure(thrown: unknown, known: Known = {}): FireblocksError {
  const { cause, attempts = 0, idempotencyKey, kind = "invalidArgument" } = known;
  if (thrown instanceof FireblocksError) {
    return thrown;
  }
  if (thrown instanceof Unusable) {
    return notSent(kind, `${thrown.reason} Nothing was sent.`, thrown.cause);
  }
  if (isErrorData(thrown)) {
    return new FireblocksError(thrown, { cause });
  }
  const advice =
    attempts > 0
      ? "The request may have had its effect: look at the approvals and the audit log before trying again."
      : "Nothing was sent.";
  return notSent("internal", `This package failed: please report it. ${advice}`, thrown, {
    outcome: attempts > 0 ? "unknown" : "notSent",
    attempts,
    idempotencyKey,
  });
}
