/**
 * What `src/web/` exports, as wasm-bindgen binds it. The build puts the real module in the place of this name.
 * Everything that is thrown is plain data in the form of `FireblocksErrorJSON`, unless WebAssembly itself failed.
 */
declare module "glue" {
  type CallHost = import("./host.ts").CallHost;
  type Reply = import("./host.ts").Reply;

  export function imports(): WebAssembly.Imports;

  /** Everything below works with this instance from now on. */
  export function bind(instance: WebAssembly.Instance): unknown;

  /** What is asked for: plain data. */
  interface Request {
    /** Its operationId. */
    operation: string;
    /** Where the arguments cannot be read: the reason as a sentence. The call is refused with it. */
    unusable?: string;
    id?: unknown;
    idempotencyKey?: unknown;
    /** A JSON text. */
    note?: string | undefined;
    params?: unknown;
    timeoutMs?: number | undefined;
    maxRetries?: number | undefined;
  }

  export class WebClient {
    constructor(config: object);
    /** Begins a call; returns its number. */
    begin(request: Request, host: CallHost): number;
    /** Goes on with a call: returns what it came to, where `host` has not begun something more. */
    resume(call: number, reply: Reply): unknown;
  }

  export function readSecretKey(pem: string): Uint8Array<ArrayBuffer>;
  export function inferProgress(observations: unknown): unknown;
}

/** The optimised WebAssembly, compressed (RFC 1951), as base64 text; put in by the build. */
declare module "wasm-base64" {
  const base64: string;
  export default base64;
}
