/**
 * The functions of the package: each reads its arguments, and runs its call to a value or a {@link FireblocksError}.
 *
 * @module
 */
import type { Call, Wasm } from "glue";
import type * as Api from "../index.d.ts";
import type { FireblocksErrorJSON } from "../index.d.ts";
import { abortSignal, copy, data, Unusable } from "./arguments.ts";
import { setClock } from "./clocks.ts";
import { type Configuration, readConfiguration } from "./configuration.ts";
import { Effects, type Runtime } from "./effects.ts";
import { FireblocksError, notSent } from "./error.ts";
import { init, withInstance } from "./instance.ts";
import { noteBody } from "./note.ts";
import { OpenKeys } from "./open-keys.ts";
import type { CallOptions, ClientData } from "./protocol.ts";
import { randomBytes } from "./random.ts";
import { failure, run } from "./run.ts";
import { signerOf } from "./secret-key.ts";
import { watch } from "./watch.ts";

export { FireblocksError, init };

export const BasePath: typeof Api.BasePath = Object.freeze({
  US: "https://api.fireblocks.io/v1",
  EU: "https://eu-api.fireblocks.io/v1",
  EU2: "https://eu2-api.fireblocks.io/v1",
  Sandbox: "https://sandbox-api.fireblocks.io/v1",
});

const OPTIONS = { signal: "object", timeoutMs: "number", maxRetries: "number" } as const;
const RESET_OPTIONS = { ...OPTIONS, note: "object" } as const;

/** What the calls of one client share. */
export interface Connection {
  data: ClientData;
  runtime: Runtime;
  onAttempt: Configuration["onAttempt"];
  openKeys: OpenKeys;
}

export async function createClient(given?: Api.ClientConfig): Promise<Api.Client> {
  return clientOf(await connect(given));
}

/** Makes the connection of a client. The configuration is read before this returns. */
export async function connect(given?: Api.ClientConfig): Promise<Connection> {
  try {
    const { data, secretKey, fetch, onAttempt } = readConfiguration(given, BasePath.US);
    await withInstance((wasm) => wasm.checkConfiguration(data));
    const sign = secretKey === undefined ? undefined : await signerOf(secretKey);
    return { data, runtime: { fetch, sign }, onAttempt, openKeys: new OpenKeys() };
  } catch (thrown) {
    throw failure(thrown, { kind: "configuration" });
  }
}

/** The client of a connection. */
export function clientOf(connection: Connection): Api.Client {
  const client: Api.Client = {
    ...operationsOver(() => connection),
    watchReset: (id, options) => watch(() => client, id, options),
  };
  setClock(client, connection.data);
  return client;
}

/** What one call is given, read. */
interface Given {
  signal: AbortSignal | undefined;
  options: CallOptions;
  /** The query's parameters, as plain data. */
  params?: unknown;
}

function readOptions(given: unknown): Given {
  const { signal, ...options } = copy("the options", given, OPTIONS);
  return { signal: abortSignal(signal), options };
}

/** Begins a call on an instance of the WebAssembly. */
type Begin = (wasm: Wasm, options: CallOptions, connection: Connection, params: unknown) => Call;

/**
 * The operations over a connection, which may still be being made: what a call is given is read before that. They need no
 * `this`: they work taken out of the object, and behind a proxy.
 */
export function operationsOver(connection: () => Connection | Promise<Connection>): Omit<Api.Client, "watchReset"> {
  /** Runs a call. `read` reads what it is given, at once; what cannot be read refuses the call. */
  const call = async <T>(read: () => Given, begin: Begin): Promise<T> => {
    let given: Given | undefined;
    let problem: unknown;
    try {
      given = read();
    } catch (thrown) {
      problem = thrown;
    }
    // The rest runs on a stack of its own: the caller's may be at its end.
    const connected = await connection();
    if (!given) {
      if (!(problem instanceof Unusable)) {
        throw failure(problem);
      }
      given = { signal: undefined, options: { unusable: problem.reason } };
    }
    const { data: client, runtime, onAttempt } = connected;
    // Jest's jsdom has none.
    if (!(runtime.fetch ?? globalThis.fetch)) {
      throw notSent("configuration", "There is no fetch here: give the client one. Nothing was sent.");
    }
    const effects = new Effects(runtime, given.signal, (problem as Unusable | undefined)?.cause);
    const { options, params } = given;
    return (await run({ begin: (wasm) => begin(wasm, options, connected, params), effects, client, onAttempt })) as T;
  };

  const get = <T>(given: unknown, params: unknown, begin: Begin): Promise<T> =>
    call(() => ({ ...readOptions(given), params: data("params", params) }), begin);

  /** Runs a call that writes, and remembers a key that it has left open. */
  const write = async <T extends Api.WriteReceipt>(
    operation: "resetDevice" | "rejectApproval",
    id: string,
    idempotencyKey: string | undefined,
    read: () => Given,
  ): Promise<T> => {
    let openKeys: OpenKeys | undefined;
    const begin: Begin = (wasm, options, connected) => {
      openKeys = connected.openKeys;
      const earlierUse = openKeys.find(operation, id, idempotencyKey);
      return wasm[operation](id, idempotencyKey, { ...options, earlierUse }, connected.data, randomBytes());
    };
    try {
      const receipt = await call<T>(read, begin);
      openKeys?.delete(operation, id, receipt.idempotencyKey);
      return receipt;
    } catch (thrown) {
      // Another call with the key may have ended meanwhile, or this one have failed before it could ask.
      const isOpen = openKeys?.find(operation, id, idempotencyKey) !== undefined;
      const error = isOpen ? leftOpen(failure(thrown), idempotencyKey) : failure(thrown);
      if (error.outcome === "unknown") {
        // After an internal error Fireblocks refuses the key.
        const isSpent = error.kind === "idempotencyKeySpent" || (error.kind === "server" && !error.retryable);
        openKeys?.add(operation, id, error.idempotencyKey, isSpent ? "spent" : "open");
      }
      throw error;
    }
  };

  const resetDevice: Api.Client["resetDevice"] = (id, idempotencyKey, given) =>
    write("resetDevice", id, idempotencyKey, () => {
      const { signal, note, ...options } = copy("the options", given, RESET_OPTIONS);
      const body = noteBody(note);
      return { signal: abortSignal(signal), options: body === undefined ? options : { ...options, note: body } };
    });

  const rejectApproval: Api.Client["rejectApproval"] = (requestId, idempotencyKey, given) =>
    write("rejectApproval", requestId, idempotencyKey, () => readOptions(given));

  return {
    resetDevice,
    rejectApproval,
    getConsoleUsers: (given) => get(given, undefined, (wasm, options, { data }) => wasm.getConsoleUsers(options, data)),
    getWorkspace: (given) => get(given, undefined, (wasm, options, { data }) => wasm.getWorkspace(options, data)),
    getAuditLogs: (query, given) =>
      get(given, query, (wasm, options, { data }, params) => wasm.getAuditLogs(params, options, data)),
    getApprovals: (query, given) =>
      get(given, query, (wasm, options, { data }, params) => wasm.getApprovals(params, options, data)),
    getApproval: (requestId, query, given) =>
      get(given, query, (wasm, options, { data }, params) => wasm.getApproval(requestId, params, options, data)),
  };
}

/** An error of a call whose key an earlier call has left open: that one may have had its effect. */
function leftOpen(error: FireblocksError, idempotencyKey: string | undefined): FireblocksError {
  if (error.outcome === "unknown") {
    return error;
  }
  const message = `${error.message} An earlier call with this idempotency key may have had its effect: look at the approvals and the audit log before trying again.`;
  return new FireblocksError(
    { idempotencyKey, ...error.toJSON(), message, outcome: "unknown" } as FireblocksErrorJSON,
    { cause: error.cause },
  );
}
