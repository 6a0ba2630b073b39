/** Where the command's requests go, and with whose authority. Secrets come from the environment alone. */
import { readFile } from "node:fs/promises";
import { Gateway } from "../gateway.js";
import { BasePath, type Client, type ClientConfig, createClient } from "../index.js";
import { ExitCode, Stop } from "./exit-codes.js";

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Connection {
  /** Makes a client; `changes` replace settings of the usual one. */
  client(changes?: ClientConfig): Promise<Client>;
  /** Where requests go, for people. */
  address: string;
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

Exit codes: 0 done, 2 usage, 3 refused, 4 unknown (a request may exist), 5 not sent,
6 ended without a ready device, 7 not waited for any more while it goes on, 130 interrupted,
1 a defect of this package.`;

/** Connects by what the command line and the environment say. Sends nothing. */
export async function connect(gatewayUrl: string | undefined, env: Environment): Promise<Connection> {
  return gatewayUrl === undefined ? direct(env) : throughGateway(gatewayUrl, env);
}

async function direct(env: Environment): Promise<Connection> {
  const apiKey = env.FIREBLOCKS_API_KEY;
  if (!apiKey) {
    throw new Stop(
      "FIREBLOCKS_API_KEY is not set. Set it and FIREBLOCKS_SECRET_KEY for a direct call, or give --gateway. " +
        "Nothing was sent.",
      ExitCode.NotSent,
    );
  }
  const secretKey = await readSecretKey(env);
  const basePath = env.FIREBLOCKS_BASE_PATH || BasePath.US;
  return {
    address: basePath,
    client: (changes) => createClient({ basePath, apiKey, secretKey, ...changes }),
  };
}

/** The PEM text. The official SDK takes the text itself, the official command a path as well: both work here. */
async function readSecretKey(env: Environment): Promise<string> {
  const value = env.FIREBLOCKS_SECRET_KEY;
  if (value?.includes("-----BEGIN")) return value;
  const path = value || env.FIREBLOCKS_SECRET_KEY_PATH;
  if (!path) {
    throw new Stop(
      "FIREBLOCKS_SECRET_KEY is not set. It is the API user's private key as PEM text, or the path of its file. " +
        "Nothing was sent.",
      ExitCode.NotSent,
    );
  }
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    // The value is not repeated: it may be a key that lost its first line.
    throw new Stop(
      `The private key's file cannot be read (${(error as NodeJS.ErrnoException).code}). FIREBLOCKS_SECRET_KEY must ` +
        "be PEM text with its BEGIN line, or the path of a file. Nothing was sent.",
      ExitCode.NotSent,
    );
  }
}

function throughGateway(gatewayUrl: string, env: Environment): Connection {
  if (!URL.canParse(gatewayUrl)) {
    throw new Stop(`--gateway is not an address: ${gatewayUrl}. Nothing was sent.`, ExitCode.Usage);
  }
  const basePath = new URL(gatewayUrl);
  const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(basePath.hostname);
  if (basePath.protocol !== "https:" && !(basePath.protocol === "http:" && loopback)) {
    throw new Stop(
      "--gateway must be an https: address; http: is for loopback alone. Nothing was sent.",
      ExitCode.Usage,
    );
  }
  if (basePath.username || basePath.password) {
    throw new Stop("--gateway must not hold a password. Nothing was sent.", ExitCode.Usage);
  }
  basePath.pathname = `${basePath.pathname.replace(/\/+$/, "").replace(/\/v1$/, "")}/v1`;
  const headers = accessHeaders(basePath.origin, env);
  const send: typeof fetch = (input, init) => {
    const sent = new Headers(init?.headers);
    for (const [name, value] of Object.entries(headers)) sent.set(name, value);
    return fetch(input, { ...init, headers: sent, redirect: "manual" });
  };
  return {
    address: basePath.href,
    gateway: new Gateway(basePath, send),
    client: (changes) => createClient({ basePath: basePath.href, headers, ...changes }),
  };
}

/** What proves to Cloudflare Access, and to the gateway behind it, who is asking. */
function accessHeaders(origin: string, env: Environment): Record<string, string> {
  if (env.CF_ACCESS_CLIENT_ID && env.CF_ACCESS_CLIENT_SECRET) {
    return { "CF-Access-Client-Id": env.CF_ACCESS_CLIENT_ID, "CF-Access-Client-Secret": env.CF_ACCESS_CLIENT_SECRET };
  }
  if (env.CF_ACCESS_TOKEN) {
    // A gateway takes a person's request only with an Origin that it knows; a command has to state it itself.
    return { Cookie: `CF_Authorization=${env.CF_ACCESS_TOKEN}`, Origin: origin };
  }
  return {};
}
