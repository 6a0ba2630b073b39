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

  /** A call under way: `resume` runs it up to the next promise; at the end there is none. */
  export class Task {
    resume(
      ending: number,
      value: Reply["value"],
      text: string | undefined,
      redirectOrigin: string | undefined,
    ): Promise<Reply> | undefined;
    result(): unknown;
    free(): void;
  }

  export class WebClient {
    constructor(config: object);
    call(
      operation: string,
      id: unknown,
      idempotencyKey: unknown,
      note: string | undefined,
      params: unknown,
      timeoutMs: number | undefined,
      maxRetries: number | undefined,
      host: CallHost,
    ): Task;
  }

  export function readSecretKey(pem: string): Uint8Array<ArrayBuffer>;
  export function inferProgress(observations: unknown): unknown;
  export function refuseReset(reason: string, idempotencyKey: unknown, host: CallHost): unknown;
}

/** The optimised WebAssembly, compressed (RFC 1951), as base64 text; put in by the build. */
declare module "wasm-base64" {
  const base64: string;
  export default base64;
}
