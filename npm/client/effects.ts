/**
 * What a call asks of the runtime: to sign, to send, to wait. Each returns an event, and none rejects: each ends within
 * its time even where what it waits for never does. No decision is taken here.
 *
 * @module
 */
import type { Signer } from "../index.d.ts";
import { onAbort } from "./abort.ts";
import { LONGEST_ERROR, LONGEST_SUCCESS, SHORTEST_SIGNATURE } from "./limits.ts";
import type { Cause, Event, Responded, Send, Sign, Wait } from "./protocol.ts";
import { bareResponse, redirectOrigin, textOf } from "./response.ts";

/** What a client brings to each of its calls. */
export interface Runtime {
  /** The caller's own, in place of the global one. */
  fetch?: typeof fetch | undefined;
  sign?: Signer | undefined;
}

/** The effects of one call. */
export class Effects {
  /** The error behind the last failure, as it was thrown. */
  cause: unknown;
  /** Requests that may have left. */
  requests = 0;
  readonly #runtime: Runtime;
  readonly #signal: AbortSignal | undefined;

  /** @param cause the error behind an argument that cannot be read */
  constructor(runtime: Runtime, signal: AbortSignal | undefined, cause?: unknown) {
    this.#runtime = runtime;
    this.#signal = signal;
    this.cause = cause;
  }

  async sign({ input, withinMs }: Sign): Promise<Event> {
    const ended = await this.#within(withinMs, async () =>
      bytesOf(await this.#runtime.sign?.(new TextEncoder().encode(input))),
    );
    if ("cause" in ended) {
      return { type: "failed", cause: ended.cause, sent: false };
    }
    const signature = ended.value;
    return signature && signature.length >= SHORTEST_SIGNATURE
      ? { type: "signed", signature }
      : { type: "failed", cause: "notUsable", sent: false };
  }

  async send({ method, url, headers, body, withinMs }: Send): Promise<Event> {
    let sent = false;
    let responded: Responded | undefined;
    let missing: Cause = "notUsable";
    const ended = await this.#within(withinMs, async (signal) => {
      // Called on nothing: a browser's own fetch refuses to be called as the method of another object. The global one is
      // looked up with each call, as everyone's is.
      const { fetch = globalThis.fetch } = this.#runtime;
      const init: RequestInit = { method, headers, redirect: "manual", signal: signal() };
      sent = true;
      this.requests++;
      const given = await fetch(url, body === undefined ? init : { ...init, body });
      const bare = bareResponse(given);
      if (typeof bare === "string") {
        missing = bare;
        return undefined;
      }
      responded = { type: "responded", ...bare };
      const origin = redirectOrigin(given, url);
      if (origin !== undefined) {
        responded.redirectOrigin = origin;
      }
      return textOf(given, bare.status >= 200 && bare.status < 300 ? LONGEST_SUCCESS : LONGEST_ERROR);
    });
    if (!responded) {
      const cause = "cause" in ended ? ended.cause : missing;
      const code = cause === "failed" ? codeOf(this.cause) : undefined;
      return { type: "failed", cause, sent, ...(code !== undefined && { code }) };
    }
    // Once the status is known it counts, whatever became of the body. A copy: what was given up may go on.
    return { ...responded, ...("cause" in ended ? ended : ended.value) };
  }

  async wait({ ms }: Wait): Promise<Event> {
    const ended = await this.#within(ms, () => new Promise<never>(() => {}));
    const aborted = "cause" in ended && ended.cause === "aborted";
    return aborted ? { type: "failed", cause: "aborted", sent: false } : { type: "waited" };
  }

  /**
   * What `work` comes to, or why it did not: it failed, its time is up, or the caller's signal is aborted. Then the signal
   * that `work` may ask for is aborted too.
   */
  #within<T>(ms: number, work: (signal: () => AbortSignal) => Promise<T>): Promise<{ value: T } | { cause: Cause }> {
    return new Promise((resolve) => {
      // Only where it is asked for: making one costs more than all else here.
      let controller: AbortController | undefined;
      let timer: ReturnType<typeof setTimeout> | undefined;
      let stopListening: (() => void) | undefined;
      const end = (result: { value: T } | { cause: Cause }) => {
        clearTimeout(timer);
        stopListening?.();
        resolve(result);
      };
      const fail = (cause: Cause, thrown?: unknown) => {
        this.cause = thrown;
        end({ cause });
        controller?.abort();
      };
      const aborted = () => fail("aborted", reasonOf(this.#signal));
      try {
        if (this.#signal?.aborted) {
          return aborted();
        }
        if (!(ms > 0)) {
          return fail("timedOut");
        }
        stopListening = this.#signal && onAbort(this.#signal, aborted);
      } catch (thrown) {
        // A signal that breaks down once it was looked at: nobody could end the call by it any more.
        return fail("aborted", thrown);
      }
      timer = setTimeout(() => fail("timedOut"), ms);
      work(() => {
        controller = new AbortController();
        return controller.signal;
      }).then(
        (value) => end({ value }),
        (thrown) => fail("failed", thrown),
      );
    });
  }
}

function reasonOf(signal: AbortSignal | undefined): unknown {
  try {
    return signal?.reason;
  } catch (thrown) {
    return thrown;
  }
}

/** Bytes of whatever realm they come from. */
function bytesOf(given: unknown): Uint8Array | undefined {
  if (ArrayBuffer.isView(given)) {
    return new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
  }
  return Object.prototype.toString.call(given) === "[object ArrayBuffer]"
    ? new Uint8Array(given as ArrayBuffer)
    : undefined;
}

/** How deep the causes of a failed connection are searched for its code. */
const MOST_CAUSES = 5;

/**
 * The runtime's own code of a failed connection: Node has it in the cause of the error that `fetch` rejects with, or in the
 * first of the errors there, where a name has several addresses.
 */
export function codeOf(thrown: unknown): string | undefined {
  try {
    let error = thrown as { code?: unknown; cause?: unknown; errors?: unknown[] } | undefined;
    for (let depth = 0; depth < MOST_CAUSES && error; depth++) {
      if (typeof error.code === "string" && /^[A-Za-z][A-Za-z0-9_]{1,63}$/.test(error.code)) {
        return error.code;
      }
      error = (error.cause ?? error.errors?.[0]) as typeof error;
    }
  } catch {
    // One that cannot be looked at has none.
  }
  return undefined;
}
