/**
 * Reads the configuration of a client into plain data, at once: its object may be changed for the next client.
 *
 * @module
 */
import type { Attempt, ClientConfig } from "../index.d.ts";
import { copy, guarded, Unusable } from "./arguments.ts";
import type { ClientData } from "./protocol.ts";

const MEMBERS = {
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

/** A configuration, taken apart. */
export interface Configuration {
  /** What the WebAssembly is told of it. */
  data: ClientData;
  secretKey: unknown;
  fetch: typeof fetch | undefined;
  onAttempt: ((attempt: Attempt) => void) | undefined;
}

/** @throws Unusable */
export function readConfiguration(given: ClientConfig | undefined, defaultBasePath: string): Configuration {
  const { secretKey, fetch, onAttempt, basePath, headers, ...plain } = copy("the configuration", given, MEMBERS);
  return {
    data: {
      ...plain,
      base: takenApart(basePath ?? defaultBasePath),
      headers: headers === undefined ? [] : listed(headers),
      hasSecretKey: secretKey !== undefined,
      inPage: globalThis.navigator?.userAgent?.startsWith("Mozilla/") === true,
    },
    secretKey,
    fetch: fetch as Configuration["fetch"],
    onAttempt: onAttempt as Configuration["onAttempt"],
  };
}

/** The address as the runtime's parser understands it. In a page it may be a path. */
function takenApart(basePath: string): object {
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

function listed(headers: object): { name: string; value: unknown }[] {
  const names = guarded("headers of the configuration cannot be read.", () => Object.keys(headers));
  const found = copy("headers", headers, Object.fromEntries(names.map((name) => [name, "string"])));
  return Object.entries(found).map(([name, value]) => ({ name, value }));
}
