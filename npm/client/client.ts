/**
 * The functions of the package: each takes its arguments apart, lets the WebAssembly run the call, and turns what
 * comes out into a value or a {@link FireblocksError}.
 *
 * @module
 */
import { inferProgress as infer, type Request, WebClient } from "glue";
import type * as Api from "../index.d.ts";
import type { FireblocksErrorJSON } from "../index.d.ts";
import { abortSignal, copy, data, guarded, Unusable } from "./arguments.ts";
import { FireblocksError, notSent } from "./error.ts";
import { CallHost, type Reply, type Runtime } from "./host.ts";
import { signerOf } from "./secret-key.ts";
import { init } from "./wasm.ts";
import { watch } from "./watch.ts";

export { FireblocksError, init };

export const BasePath: typeof Api.BasePath = Object.freeze({
  US: "https://api.fireblocks.io/v1",
  EU: "https://eu-api.fireblocks.io/v1",
  EU2: "https://eu2-api.fireblocks.io/v1",
  Sandbox: "https://sandbox-api.fireblocks.io/v1",
});

const CONFIG = {
  basePath: "string",
  apiKey: "string",
  secretKey: "any",
  fetch: "function",
  headers: "object",
  userAgent: "string",
  timeoutMs: "number",
  deadlineMs: "number",
  maxRetries: "number",
  tokenLifetimeSeconds: "number",
  allowHttp: "boolean",
  onAttempt: "function",
} as const;
const OPTIONS = { signal: "object", timeoutMs: "number", maxRetries: "number" } as const;
const RESET_OPTIONS = { ...OPTIONS, note: "object" } as const;
const NOTE = { reason: "string", reference: "string", verifiedBy: "string" } as const;

export async function createClient(given?: Api.ClientConfig): Promise<Api.Client> {
  await init();
  try {
    const { secretKey, fetch, onAttempt, basePath, headers, ...plain } = copy("the configuration", given, CONFIG);
    const client = new WebClient({
      ...plain,
      base: base(basePath ?? BasePath.US),
      headers: headers === undefined ? [] : headerList(headers),
      hasSecretKey: secretKey !== undefined,
      sendsUserAgent: !globalThis.navigator?.userAgent?.startsWith("Mozilla/"),
    });
    return bind(client, {
      fetch: fetch as Runtime["fetch"],
      sign: secretKey === undefined ? undefined : await signerOf(secretKey),
      onAttempt: onAttempt as Runtime["onAttempt"],
    });
  } catch (thrown) {
    throw failure(thrown, undefined, "configuration");
  }
}

/** The functions of a client, which need no `this`: they work taken out of the object, and behind a proxy. */
function bind(bound: WebClient, runtime: Runtime): Api.Client {
  const read = <T>(operation: string, options: unknown, id?: unknown, params?: unknown): Promise<T> =>
    settle(bound, runtime, { operation, id }, (request, host) => {
      const { signal, ...limits } = copy("the options", options, OPTIONS);
      host.signal = abortSignal(signal);
      Object.assign(request, limits, { params: data("params", params) });
    });
  const client: Api.Client = {
    resetDevice: (id, idempotencyKey, options) =>
      settle(bound, runtime, { operation: "resetDevice", id, idempotencyKey }, (request, host) => {
        const { signal, note, ...limits } = copy("the options", options, RESET_OPTIONS);
        host.signal = abortSignal(signal);
        const json = JSON.stringify(copy("note", note, NOTE));
        Object.assign(request, limits, json === "{}" ? undefined : { note: json });
      }),
    getConsoleUsers: (options) => read("getConsoleUsers", options),
    getWorkspace: (options) => read("getWorkspace", options),
    getAuditLogs: (params, options) => read("getAuditLogs", options, undefined, params),
    getApprovals: (params, options) => read("getApprovals", options, undefined, params),
    getApproval: (requestId, params, options) => read("getApproval", options, requestId, params),
    watchReset: (id, options) => watch(client, id, options),
  };
  return client;
}

/** Runs a call from one promise to the next. `read` puts the options into it. */
async function settle<T>(
  bound: WebClient,
  runtime: Runtime,
  request: Request,
  read: (request: Request, host: CallHost) => void,
): Promise<T> {
  const host = new CallHost(runtime);
  try {
    try {
      read(request, host);
    } catch (thrown) {
      if (!(thrown instanceof Unusable)) {
        throw thrown;
      }
      request.unusable = thrown.reason;
      host.cause = thrown.cause;
    }
    const call = bound.begin(request, host);
    for (let reply: Reply = { ending: 0 }; ; ) {
      const result = bound.resume(call, reply);
      const { pending } = host;
      if (!pending) {
        return result as T;
      }
      host.pending = undefined;
      reply = await pending;
    }
  } catch (thrown) {
    throw failure(thrown, host);
  }
}

/** The error for whatever was thrown: an argument that is not usable, a failure as plain data, or a breakdown. */
function failure(thrown: unknown, host?: CallHost, kind: Api.FireblocksErrorKind = "invalidArgument"): FireblocksError {
  if (thrown instanceof FireblocksError) {
    return thrown;
  }
  if (thrown instanceof Unusable) {
    return notSent(kind, `${thrown.reason} Nothing was sent.`, thrown.cause);
  }
  if (!(thrown instanceof Error) && typeof (thrown as FireblocksErrorJSON | undefined)?.kind === "string") {
    return new FireblocksError(thrown as FireblocksErrorJSON, { cause: host?.cause });
  }
  const attempts = host?.requests ?? 0;
  const advice =
    attempts > 0
      ? "An approval request may exist: look at the approvals and the audit log before trying again."
      : "Nothing was sent.";
  return notSent("internal", `This package failed: please report it. ${advice}`, thrown, {
    outcome: attempts > 0 ? "unknown" : "notSent",
    attempts,
    idempotencyKey: host?.idempotencyKey,
  });
}

/** The address taken apart. In a page it may be a path. */
function base(basePath: string): object {
  let url: URL;
  try {
    url = new URL(basePath, globalThis.location?.href);
  } catch {
    // Without its cause, which repeats the text: it may be a key in the wrong place.
    throw new Unusable("basePath must be an absolute URL, or in a page a path.");
  }
  const { protocol, hostname, origin, pathname, search, hash, username, password } = url;
  return { protocol, hostname, origin, pathname, queryAndFragment: search + hash, userinfo: username + password };
}

function headerList(headers: object): { name: string; value: unknown }[] {
  const names = guarded("headers of the configuration cannot be read.", () => Object.keys(headers));
  const found = copy("headers", headers, Object.fromEntries(names.map((name) => [name, "string"])));
  return Object.entries(found).map(([name, value]) => ({ name, value }));
}

export async function inferProgress(observations: Api.ResetObservations): Promise<Api.ResetProgress> {
  await init();
  try {
    return infer(data("observations", observations)) as Api.ResetProgress;
  } catch (thrown) {
    throw failure(thrown);
  }
}
