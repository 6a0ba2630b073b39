/** Where the command's requests go, and with whose authority. Secrets come from the environment alone. */
import { readFile } from "node:fs/promises";
import { Gateway } from "../gateway.js";
import { isLoopback } from "../gateway-api.js";
import { BasePath, type Client, type ClientConfig, createClient } from "../index.js";
import { isBlank } from "./blank.js";
import { ExitCode, Stop } from "./exit-codes.js";
import { type Environment, type Way, wayTo } from "./way.js";

export interface Connection {
  /** Makes a client; `changes` replace settings of the usual one. */
  client(changes?: ClientConfig): Promise<Client>;
  /** Where requests go, for people. */
  address: string;
  /** The proxy on the way there, for people. */
  proxy?: string | undefined;
  /** The tokens that its requests hold. None for a direct call: what the client signs with never leaves it. */
  credentials?: readonly string[];
  /** Absent for a direct call to Fireblocks. */
  gateway?: Gateway;
}

/** The environment variables that hold secrets or credentials, for the help text. */
export const ENVIRONMENT_HELP = `
Environment, for a direct call (the names of Fireblocks' own SDKs):
  FIREBLOCKS_API_KEY          the API user's key
  FIREBLOCKS_SECRET_KEY       its RSA private key: the PEM text, or the path of the file
  FIREBLOCKS_SECRET_KEY_PATH  the path of the file, in place of the above
  FIREBLOCKS_BASE_PATH        default ${BasePath.US}

Environment, for --gateway behind Cloudflare Access:
  CF_ACCESS_CLIENT_ID, CF_ACCESS_CLIENT_SECRET  a service token
  CF_ACCESS_TOKEN             or a person's token, as "cloudflared access token" prints it

HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY are honoured.

Exit codes: 0 done, 2 usage, 3 refused, 4 unknown (a request may exist), 5 not sent,
6 ended without a ready device, 7 not waited for any more while it goes on, 130 interrupted,
1 a defect of this package.`;

/** Connects by what the command line and the environment say. Sends nothing. */
export async function connect(gatewayUrl: string | undefined, env: Environment): Promise<Connection> {
  return gatewayUrl === undefined ? direct(env) : throughGateway(gatewayUrl, env);
}

async function direct(env: Environment): Promise<Connection> {
  const apiKey = textIn(env, "FIREBLOCKS_API_KEY");
  const secret = textIn(env, "FIREBLOCKS_SECRET_KEY");
  const path = textIn(env, "FIREBLOCKS_SECRET_KEY_PATH");
  const basePath = textIn(env, "FIREBLOCKS_BASE_PATH") ?? BasePath.US;
  if (apiKey === undefined && secret === undefined && path === undefined) {
    throw new Stop(
      "Neither FIREBLOCKS_API_KEY nor FIREBLOCKS_SECRET_KEY is set. Set both for a direct call, or give --gateway. " +
        "Nothing was sent.",
      ExitCode.NotSent,
    );
  }
  if (apiKey === undefined) {
    throw new Stop("FIREBLOCKS_API_KEY is not set: it is the API user's key. Nothing was sent.", ExitCode.NotSent);
  }
  const secretKey = await readSecretKey(secret, path);
  const way = await wayTo(basePath, env);
  return {
    address: basePath,
    proxy: way.proxy,
    client: (changes) => createClient({ basePath, apiKey, secretKey, ...through(way), ...changes }),
  };
}

/** What a script writes where it had nothing to write. */
const NOTHING = /^(undefined|null|none|nil|nan)$/i;

/** A variable without the spaces around it. One that is there but says nothing failed to be set: that is never a choice. */
function textIn(env: Environment, name: string, hint = ""): string | undefined {
  const value = env[name]?.trim();
  if (value === undefined) return undefined;
  const fault = isBlank(value) ? "empty" : NOTHING.test(value) && `only the word "${value}"`;
  if (!fault) return value;
  throw new Stop(`${name} is set, but ${fault}.${hint} Set it or unset it. Nothing was sent.`, ExitCode.NotSent);
}

/**
 * The key's text. The official SDK takes the text itself, the official command a path as well: both work here. A text that
 * is no file and is not meant as one goes on to the client, which reads it or says what it is.
 */
async function readSecretKey(value: string | undefined, otherPath: string | undefined): Promise<string> {
  if (value?.includes("-----BEGIN")) return value;
  const path = value ?? otherPath;
  if (path === undefined) {
    throw new Stop(
      "FIREBLOCKS_SECRET_KEY is not set. It is the API user's private key as PEM text, or the path of its file. " +
        "Nothing was sent.",
      ExitCode.NotSent,
    );
  }
  try {
    return textOf(await readFile(path));
  } catch (error) {
    if (value !== undefined && !mayBePath(value)) return value;
    // The value is not repeated: it may be a key that lost its first line.
    throw new Stop(
      `The private key's file cannot be read (${(error as NodeJS.ErrnoException).code}). FIREBLOCKS_SECRET_KEY must ` +
        "be PEM text with its BEGIN line, or the path of a file. Nothing was sent.",
      ExitCode.NotSent,
    );
  }
}

/** Whether a text is meant as a path: it begins as one, or is short, on one line, and does not begin as keys do. */
function mayBePath(text: string): boolean {
  if (/[\r\n]/.test(text)) return false;
  if (/^(~|\.{0,2}[/\\]|[a-z]:[/\\])/i.test(text)) return true;
  return text.length < 256 && !/[{]|BEGIN|^(MII|LS0t|PuTTY-|ssh-)/.test(text);
}

/** PowerShell writes files in UTF-16, and marks them so. */
function textOf(file: Buffer): string {
  const mark = file.subarray(0, 2).toString("hex");
  return new TextDecoder(mark === "fffe" ? "utf-16le" : mark === "feff" ? "utf-16be" : "utf-8").decode(file);
}

/** For one reading of the gateway's, in milliseconds: as long as the client waits for a response. */
const TIMEOUT_MS = 30_000;

async function throughGateway(gatewayUrl: string, env: Environment): Promise<Connection> {
  if (!URL.canParse(gatewayUrl)) {
    // Not repeated: it may hold a password.
    throw new Stop(
      "--gateway is not an address. It must be one such as https://resets.example.com. Nothing was sent.",
      ExitCode.Usage,
    );
  }
  const basePath = new URL(gatewayUrl);
  if (basePath.protocol !== "https:" && !(basePath.protocol === "http:" && isLoopback(basePath.hostname))) {
    throw new Stop(
      "--gateway must be an https: address; http: is for loopback alone. Nothing was sent.",
      ExitCode.Usage,
    );
  }
  if (basePath.username || basePath.password) {
    throw new Stop("--gateway must not hold a password. Nothing was sent.", ExitCode.Usage);
  }
  if (basePath.search || basePath.hash) {
    throw new Stop("--gateway must not hold a query or a fragment. Nothing was sent.", ExitCode.Usage);
  }
  basePath.pathname = `${basePath.pathname.replace(/\/+$/, "").replace(/\/v1$/, "")}/v1`;
  const { headers, credentials } = accessOf(basePath.origin, env);
  const way = await wayTo(basePath.href, env);
  const send: typeof fetch = (input, init) => {
    const sent = new Headers(init?.headers);
    for (const [name, value] of Object.entries(headers)) sent.set(name, value);
    const signal = AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), ...(init?.signal ? [init.signal] : [])]);
    return (way.fetch ?? fetch)(input, { ...init, headers: sent, redirect: "manual", signal });
  };
  return {
    address: basePath.href,
    proxy: way.proxy,
    credentials,
    gateway: new Gateway(basePath, send),
    client: (changes) => createClient({ basePath: basePath.href, headers, ...through(way), ...changes }),
  };
}

function through({ fetch }: Way): ClientConfig {
  return fetch ? { fetch } : {};
}

/** What proves to Cloudflare Access, and to the gateway behind it, who is asking. */
function accessOf(origin: string, env: Environment): { headers: Record<string, string>; credentials: string[] } {
  const id = tokenOf(env, "CF_ACCESS_CLIENT_ID");
  const secret = tokenOf(env, "CF_ACCESS_CLIENT_SECRET");
  const token = tokenOf(
    env,
    "CF_ACCESS_TOKEN",
    " cloudflared prints nothing where the session has ended: sign in again.",
  );
  if (id !== undefined && secret !== undefined) {
    return { headers: { "CF-Access-Client-Id": id, "CF-Access-Client-Secret": secret }, credentials: [secret] };
  }
  if (id !== undefined || secret !== undefined) {
    const missing = id === undefined ? "CF_ACCESS_CLIENT_ID" : "CF_ACCESS_CLIENT_SECRET";
    throw new Stop(
      `${missing} is not set: a service token is its id and its secret. Nothing was sent.`,
      ExitCode.NotSent,
    );
  }
  // A gateway takes a person's request only with an Origin that it knows; a command has to state it itself.
  if (token === undefined) return { headers: {}, credentials: [] };
  return { headers: { Cookie: `CF_Authorization=${token}`, Origin: origin }, credentials: [token] };
}

/** A variable that holds a token, which may stand in a cookie. What says in words why there is none is not taken for one. */
function tokenOf(env: Environment, name: string, hint?: string): string | undefined {
  const value = textIn(env, name, hint);
  if (value === undefined || /^[!#-+\--:<-[\]-~]+$/.test(value)) return value;
  throw new Stop(
    `${name} does not hold a token: there are spaces, quotes, commas or other characters in it that no token has. Nothing was sent.`,
    ExitCode.NotSent,
  );
}
