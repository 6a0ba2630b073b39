// `npm start -- --live`: the worker on this machine against a real Fireblocks workspace.

import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { takeCredentials } from "../base/credentials.mjs";
import { Failure, say } from "../base/terminal.mjs";
import { startWorker } from "../stack.mjs";

export const liveOptions = /** @type {const} */ ({
  live: { type: "boolean", default: false },
  "access-team": { type: "string" },
  "access-aud": { type: "string" },
  hostname: { type: "string" },
  resetter: { type: "string", multiple: true, default: /** @type {string[]} */ ([]) },
  viewer: { type: "string", multiple: true, default: /** @type {string[]} */ ([]) },
  auditor: { type: "string", multiple: true, default: /** @type {string[]} */ ([]) },
});

/**
 * @typedef {object} LiveValues
 * @property {string | undefined} [access-team]
 * @property {string | undefined} [access-aud]
 * @property {string | undefined} [hostname]
 * @property {string[]} resetter
 * @property {string[]} viewer
 * @property {string[]} auditor
 */

/** Refuses what is incomplete before anything is set up or built. @param {LiveValues} values */
export function checkLive(values) {
  liveCredentials(takeCredentials());
  liveSettings(values);
  if (!process.stdin.isTTY) {
    throw new Failure("--live has the workspace's name typed: run it in a terminal, not in a pipe. Nothing was sent.");
  }
}

/**
 * Asks for the workspace's name, and starts the worker on it.
 *
 * @param {{ values: LiveValues, port: number, dir: string, vars: Record<string, string> }} options
 */
export async function startLive({ values, port, dir, vars }) {
  const credentials = liveCredentials(takeCredentials());
  const settings = liveSettings(values);
  const workspace = await confirmWorkspace(credentials);
  const worker = await startWorker({
    dir,
    port,
    log: join(dir, "logs", "worker.log"),
    hostname: values.hostname,
    secrets: { FIREBLOCKS_API_KEY: credentials.apiKey, FIREBLOCKS_SECRET_KEY: credentials.secretKey },
    forget: true,
    settings: { FIREBLOCKS_BASE_PATH: credentials.basePath, ...settings, ...vars },
  });
  return { worker, workspace, url: `http://127.0.0.1:${port}` };
}

/**
 * The names are those of the official SDK.
 *
 * @param {NodeJS.ProcessEnv} env
 */
function liveCredentials(env) {
  const missing = ["FIREBLOCKS_API_KEY", "FIREBLOCKS_SECRET_KEY", "FIREBLOCKS_BASE_PATH"].filter(
    (name) => !env[name]?.trim(),
  );
  if (missing.length > 0) {
    throw new Failure(`--live needs ${missing.join(", ")} in the environment. Nothing was sent.`);
  }
  return {
    apiKey: String(env.FIREBLOCKS_API_KEY).trim(),
    secretKey: String(env.FIREBLOCKS_SECRET_KEY).replaceAll("\\n", "\n").trim(),
    basePath: String(env.FIREBLOCKS_BASE_PATH).trim(),
  };
}

/**
 * @param {LiveValues} values
 * @returns {Record<string, string>}
 */
function liveSettings(values) {
  for (const name of /** @type {const} */ (["access-team", "access-aud", "hostname"])) {
    if (!values[name])
      throw new Failure(`--live needs --${name}. npm start -- --help says what it is. Nothing was sent.`);
  }
  if (values.resetter.length + values.viewer.length + values.auditor.length === 0) {
    throw new Failure(
      "--live needs at least one --resetter, --viewer or --auditor: nobody has a role by default. Nothing was sent.",
    );
  }
  const { resetter, viewer, auditor } = values;
  return {
    ACCESS_TEAM_DOMAIN: String(values["access-team"]),
    ACCESS_AUD: String(values["access-aud"]),
    ROLES: JSON.stringify({ resetter, viewer, auditor }),
  };
}

/**
 * Asks Fireblocks which workspace the key belongs to, and the person whether it is the right one.
 *
 * @param {{ apiKey: string, secretKey: string, basePath: string }} credentials
 * @returns {Promise<string>} the workspace's name
 */
async function confirmWorkspace(credentials) {
  const { createClient } = await import("fireblocks-reset-device");
  let name;
  try {
    const client = await createClient(credentials);
    name = (await client.getWorkspace()).name;
  } catch (error) {
    throw new Failure(
      `Fireblocks did not tell the workspace of this key. ${error instanceof Error ? error.message : error}`,
    );
  }
  if (!name) throw new Failure("Fireblocks told no name for the workspace of this key, so it cannot be confirmed.");

  say(`\nThis key belongs to the workspace “${name}” at ${new URL(credentials.basePath).origin}. Resets will be real.`);
  if ((await typed("Type the workspace's name to go on: ")) !== name)
    throw new Failure("That is not the workspace's name. Nothing was started.");
  return name;
}

/**
 * What a person types; undefined where they end the input, or interrupt.
 *
 * @param {string} question
 * @returns {Promise<string | undefined>}
 */
async function typed(question) {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // The answer to a question does not settle when the input ends before it.
  const ended = new Promise((resolve) => terminal.once("close", () => resolve(undefined)));
  try {
    return (await Promise.race([terminal.question(question), ended]))?.trim();
  } finally {
    terminal.close();
  }
}
