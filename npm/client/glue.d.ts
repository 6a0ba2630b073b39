/**
 * What `src/web/` exports, as wasm-bindgen binds it. The build puts the real module in the place of this name.
 * What a function throws is plain data in the form of `FireblocksErrorJSON`; anything else is a trap.
 */
declare module "glue" {
  type CallOptions = import("./protocol.ts").CallOptions;
  type ClientData = import("./protocol.ts").ClientData;

  /** A call under way. */
  export interface Call {
    next(
      wallMs: number,
      monotonicMs: number,
      random: Uint8Array,
      event: import("./protocol.ts").Event,
      signature: Uint8Array | undefined,
    ): import("./protocol.ts").Next;
    free(): void;
    /** Lets go of the call without touching the WebAssembly, as nobody may after a trap. */
    __destroy_into_raw(): unknown;
  }

  /** An instance of the WebAssembly. */
  export interface Wasm {
    /** `random` is 16 bytes, for a key where none is given. */
    resetDevice(
      id: unknown,
      idempotencyKey: unknown,
      options: CallOptions,
      client: ClientData,
      random: Uint8Array,
    ): Call;
    getConsoleUsers(options: CallOptions, client: ClientData): Call;
    getWorkspace(options: CallOptions, client: ClientData): Call;
    getAuditLogs(params: unknown, options: CallOptions, client: ClientData): Call;
    getApprovals(params: unknown, options: CallOptions, client: ClientData): Call;
    getApproval(requestId: unknown, params: unknown, options: CallOptions, client: ClientData): Call;
    /** `random` is 16 bytes, for a key where none is given. */
    rejectApproval(
      requestId: unknown,
      idempotencyKey: unknown,
      options: CallOptions,
      client: ClientData,
      random: Uint8Array,
    ): Call;
    checkConfiguration(client: ClientData): void;
    readSecretKey(pem: string): Uint8Array<ArrayBuffer>;
    inferProgress(observations: unknown): unknown;
    isResetPending(userId: unknown, items: unknown): boolean;
  }

  /** Makes the binding of one more instance; called with a module, the binding instantiates it. */
  export default function bind(
    exports: object,
  ): Wasm & ((source: { module_or_path: WebAssembly.Module }) => Promise<unknown>);
}

/** The optimised WebAssembly, compressed (RFC 1951), as base64 text; put in by the build. */
declare module "wasm-base64" {
  const base64: string;
  export default base64;
}

/** The same, not compressed. */
declare module "wasm-base64-plain" {
  const base64: string;
  export default base64;
}

/** The compiled module, where a bundler gives one. */
declare module "*.wasm?module" {
  const module: WebAssembly.Module;
  export default module;
}
