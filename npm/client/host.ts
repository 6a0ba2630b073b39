/**
 * The runtime as the WebAssembly sees it: clock, chance, `fetch`, signing. It takes no decision.
 *
 * None of the methods throws. What `sign`, `exchange` and `sleep` begin is a promise in `pending` that never rejects and
 * settles within its time even where what it waits for never does.
 *
 * @module
 */
import type { Attempt, Signer } from "../index.d.ts";
import { LONGEST_ANSWER, LONGEST_ERROR, SHORTEST_SIGNATURE } from "./limits.ts";

/** How what was begun has ended: one of the first four where it did not work, and what else is known of an exchange. */
enum Ending {
  timedOut = 1,
  aborted = 2,
  failed = 3,
  notUsable = 4,
  sent = 8,
  tooLong = 16,
}

/** What the promise of {@link CallHost} settles with. */
export interface Reply {
  /**
   * A sum of `Ending`. `notUsable`: what came is no signature, or no response. `sent`: a request may have left.
   * `tooLong`: there was more body than is read.
   */
  ending: number;
  /** Of an answer; 0 where a replacement for `fetch` has followed a redirect all the same, as browsers hide one. */
  status?: number;
  /** Of `sign` the signature, of `exchange` the answer's headers. */
  value?: Uint8Array | Headers;
  /** Absent where the body broke off. */
  text?: string;
  redirectOrigin?: string;
}

/** What a client brings to each of its calls. */
export interface Runtime {
  /** The caller's own, in place of the global one. */
  fetch?: typeof fetch | undefined;
  sign?: Signer | undefined;
  onAttempt?: ((attempt: Attempt) => void) | undefined;
}

/** Random numbers in store: asking for a few costs as much as asking for many. They are for nonces and keys, not secrets. */
const pool = new Uint32Array(256);
let used = pool.length;

/** The runtime, for one call. */
export class CallHost {
  /** What was begun and not yet awaited. */
  declare pending: Promise<Reply> | undefined;
  /** The error behind the last failure, as it was thrown. */
  declare cause: unknown;
  /** Requests that may have left. */
  requests = 0;
  /** The key of the last request. */
  declare idempotencyKey: string | undefined;
  /** The caller's. */
  declare signal: AbortSignal | undefined;
  readonly #runtime: Runtime;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  now(): number {
    return Date.now();
  }

  elapsed(): number {
    return performance.now();
  }

  random(): number {
    return Math.random();
  }

  randomBits(): number {
    if (used === pool.length) {
      crypto.getRandomValues(pool);
      used = 0;
    }
    return pool[used++] as number;
  }

  sign(input: Uint8Array<ArrayBuffer>, withinMs: number): void {
    // A copy: the memory that it shows is in use again afterwards.
    const bytes = input.slice();
    this.#begin(
      withinMs,
      async () => {
        const value = await this.#runtime.sign?.(bytes);
        const signature = value instanceof ArrayBuffer ? new Uint8Array(value) : value;
        return signature instanceof Uint8Array && signature.length >= SHORTEST_SIGNATURE ? signature : undefined;
      },
      (ending, value) => (value ? { ending, value } : { ending: ending || Ending.notUsable }),
    );
  }

  exchange(method: string, url: string, given: Map<string, string>, body: string | undefined, withinMs: number): void {
    this.idempotencyKey = given.get("idempotency-key");
    const reply: Reply = { ending: 0 };
    const work = async (signal: () => AbortSignal) => {
      reply.ending = Ending.sent;
      this.requests++;
      // Called on nothing: a browser's own fetch refuses to be called as the method of another object. The global one is
      // looked up with each call, as everyone's is.
      const { fetch = globalThis.fetch } = this.#runtime;
      // A plain object, since replacements for `fetch` often know no other kind.
      const headers = Object.fromEntries(given);
      const init: RequestInit = { method, headers, redirect: "manual", signal: signal() };
      const answer = await fetch(url, body === undefined ? init : { ...init, body });
      const response = genuine(answer);
      if (!response) {
        reply.ending += Ending.notUsable;
        return;
      }
      reply.value = response.headers;
      reply.status = Number(response.status);
      const redirected = answer.redirected === true;
      if (redirected) {
        reply.status = 0;
      }
      const origin = originOf(redirected ? answer.url : response.headers.get("location"), url);
      if (origin) {
        reply.redirectOrigin = origin;
      }
      const { text, ending } = await readBody(answer, response.ok ? LONGEST_ANSWER : LONGEST_ERROR);
      reply.text = text;
      reply.ending += ending;
    };
    // A copy: what was given up may go on, and must change nothing any more.
    this.#begin(withinMs, work, (ending) => ({ ...reply, ending: reply.ending + ending }));
  }

  sleep(ms: number): void {
    this.#begin(
      ms,
      () => new Promise(() => {}),
      (ending) => ({ ending: ending === Ending.aborted ? ending : 0 }),
    );
  }

  report(attempt: Attempt): void {
    // Neither its exception nor, should it be an async function after all, its rejection does any harm.
    (async () => this.#runtime.onAttempt?.(attempt))().catch(() => {});
  }

  /**
   * Begins `work`. `pending` settles with the `reply` to what it comes to, or to an `Ending` where its time is up or the
   * caller's signal is aborted.
   */
  #begin<T>(
    ms: number,
    work: (signal: () => AbortSignal) => Promise<T>,
    reply: (ending: number, value?: T) => Reply,
  ): void {
    this.pending = new Promise((resolve) => {
      const caller = this.signal;
      // Only where it is asked for: making one costs more than all else here.
      let controller: AbortController | undefined;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const end = (ending: number, value?: T) => {
        clearTimeout(timer);
        resolve(reply(ending, value));
        caller?.removeEventListener("abort", onAbort);
        if (ending) {
          controller?.abort();
        }
      };
      const fail = (ending: number, cause?: unknown) => {
        this.cause = cause;
        end(ending);
      };
      const onAbort = () => fail(Ending.aborted, caller?.reason);
      try {
        if (caller?.aborted) {
          return onAbort();
        }
        if (!(ms > 0)) {
          return fail(Ending.timedOut);
        }
        timer = setTimeout(() => fail(Ending.timedOut), ms);
        caller?.addEventListener("abort", onAbort);
      } catch (cause) {
        // What only looks like a signal.
        return fail(Ending.failed, cause);
      }
      work(() => {
        controller = new AbortController();
        return controller.signal;
      }).then(
        (value) => end(0, value),
        (cause) => fail(Ending.failed, cause),
      );
    });
  }
}

/**
 * The answer as this realm's own kind of response. Replacements for `fetch` bring classes of their own; what has the
 * shape of a response is rebuilt, without its body, and anything else is none.
 */
function genuine(answer: Response): Response | undefined {
  try {
    const { status, headers } = answer;
    // Reading it once shows that it can be read.
    headers.get("date");
    return answer instanceof Response ? answer : new Response(null, { status, headers: [...headers] });
  } catch {
    return undefined;
  }
}

/** Where a redirect leads: the origin alone, since a path or query may hold something secret. */
function originOf(location: string | null | undefined, base: string): string | undefined {
  try {
    const origin = location ? new URL(location, base).origin : "null";
    // As addresses without a host have it.
    return origin === "null" ? undefined : origin;
  } catch {
    return undefined;
  }
}

/** The text of a body up to `limit`. */
async function readBody(answer: Response, limit: number): Promise<{ text: string; ending: Ending.tooLong | 0 }> {
  const { body } = answer;
  if (typeof body?.getReader !== "function") {
    // No body, or that of a replacement for `fetch` without web streams.
    const text = body === null ? "" : await answer.text();
    return { text: text.slice(0, limit), ending: text.length > limit ? Ending.tooLong : 0 };
  }
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let left = limit;
  for (let chunks = 1; ; chunks++) {
    const { done, value } = await reader.read();
    if (done) {
      return { text: text + decoder.decode(), ending: 0 };
    }
    if (chunks % 1_000 === 0) {
      // A stream that always has its next chunk at hand, perhaps an empty one, leaves no turn to the timers.
      await new Promise((resolve) => setTimeout(resolve));
    }
    if (value.length > left) {
      reader.cancel().catch(() => {});
      return { text: text + decoder.decode(value.subarray(0, left)), ending: Ending.tooLong };
    }
    left -= value.length;
    text += decoder.decode(value, { stream: true });
  }
}
