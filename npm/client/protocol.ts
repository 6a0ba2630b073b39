/**
 * What a call and the loop that drives it say to each other. The call, in WebAssembly (`src/call`), does no I/O: it is told
 * an {@link Event} and answers with the next {@link Step}. All of it is plain data.
 *
 * @module
 */
import type { Attempt, FireblocksErrorJSON } from "../index.d.ts";

/** What has happened. */
export type Event = Start | Signed | Responded | Failed | Waited;

/** The call begins. */
interface Start {
  type: "start";
}

/** What was to be signed is. */
interface Signed {
  type: "signed";
  signature: Uint8Array;
}

/** A response has arrived. */
export interface Responded {
  type: "responded";
  /** What is read of it as of a `Response`; the names of headers in any case. */
  response: { headers: { get(name: string): string | null | undefined } };
  /** 0 where a redirect is hidden, or was followed all the same. */
  status: number;
  /** The body as text, byte order mark included, up to what is read of it. Absent where it broke off. */
  text?: string;
  /** Whether there was more. */
  tooLong?: true;
  /** Why the body broke off. */
  cause?: Cause;
  /** The origin that a redirect leads to. */
  redirectOrigin?: string;
}

/** A step did not come to its end. */
export interface Failed {
  type: "failed";
  cause: Cause;
  /** Whether a request may have left. */
  sent: boolean;
  /** The runtime's code of a failed connection, such as `ENOTFOUND`. */
  code?: string;
}

/** A wait is over. */
interface Waited {
  type: "waited";
}

/** `notUsable`: what came is no signature, or no response. */
export type Cause = "timedOut" | "aborted" | "failed" | "notUsable";

/** What is to be done next. */
export type Step = Sign | Send | Wait | Resolve | Reject;

export interface Sign {
  type: "sign";
  /** ASCII. */
  input: string;
  withinMs: number;
}

export interface Send {
  type: "send";
  method: string;
  url: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  body?: string;
  withinMs: number;
}

export interface Wait {
  type: "wait";
  ms: number;
}

/** The call has succeeded: with a receipt, or the body of the response. */
interface Resolve {
  type: "resolve";
  value: unknown;
}

/** The call has failed. */
interface Reject {
  type: "reject";
  error: FireblocksErrorJSON;
}

/** What comes of an event: the next step, and what there is to tell of the last. */
export type Next = Step & {
  /** The attempt that has ended with the event. */
  attempt?: Attempt;
  /** By how many milliseconds the server's clock is ahead, where the call has found that out. */
  clockDifferenceMs?: number;
};

/** A client as the WebAssembly is told of it: its configuration, and what its calls have learnt. */
export interface ClientData {
  readonly [setting: string]: unknown;
  /** By how many milliseconds the server's clock is ahead, once a call has found that out. */
  clockDifferenceMs?: number | undefined;
}

/** A key whose call has ended `unknown` is open, and spent where that was by an internal error: it is refused from then on. */
export type EarlierUse = "open" | "spent";

/** What a caller says of one call, beside its arguments. */
export interface CallOptions {
  timeoutMs?: number | undefined;
  maxRetries?: number | undefined;
  /** A JSON text for the body. */
  note?: string;
  /** Where an argument cannot be read, the sentence that says so: the call is refused with it. */
  unusable?: string;
  /** How an earlier call with the same key for the same id has left the key. */
  earlierUse?: EarlierUse | undefined;
}
