// Checks the settings of a deployment as a whole, by the worker's own rules, before anything is deployed.

import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const HOOK_SECRET = `whsec_${Buffer.alloc(32).toString("base64")}`;

/** Well-formed stand-ins: what a secret holds cannot be read back, only whether it is set. */
const STAND_INS = {
  FIREBLOCKS_API_KEY: "set",
  FIREBLOCKS_SECRET_KEY: "set",
  FIREBLOCKS_RELAY_SECRET: "0".repeat(64),
  FIREBLOCKS_WEBHOOK_SECRET: "0".repeat(64),
  NOTIFY_SECRET: HOOK_SECRET,
  // Told of everything, since nobody knows what they leave out.
  DESTINATIONS: JSON.stringify([
    { kind: "standard-webhook", name: "set", url: "https://set.invalid", secret: HOOK_SECRET },
  ]),
};

/** @typedef {Pick<import("wrangler").Unstable_Config, "vars" | "d1_databases" | "ratelimits" | "send_email" | "triggers" | "workers_dev" | "preview_urls" | "observability">} DeploymentConfig of wrangler.jsonc */

/**
 * Every problem that the worker would find, and those that only a deployment can have.
 *
 * @param {DeploymentConfig} config
 * @param {string[]} secretNames the secrets that are set
 * @returns {Promise<string[]>}
 */
export async function problemsOfDeployment(config, secretNames) {
  const checked = await checkedByWorker(config, secretNames);
  const problems = checked.ok ? [] : [...checked.problems];
  for (const name of Object.keys(STAND_INS)) {
    if (config.vars[name] !== undefined)
      problems.push(`${name} is a secret: set it by \`wrangler secret put ${name}\`.`);
  }
  if (checked.ok && checked.configuration.environment === "local") {
    problems.push("FIREBLOCKS_BASE_PATH is an address of this machine, which a deployment cannot reach.");
  }
  if (config.d1_databases.some(({ database_id }) => !database_id || /^0+(-0+)*$/.test(database_id))) {
    problems.push("DB has no database yet: put the id that `wrangler d1 create` prints into wrangler.jsonc.");
  }
  if (!config.triggers.crons?.includes("* * * * *")) {
    problems.push('triggers has no cron of one minute: put "crons": ["* * * * *"] there, or the sweep never runs.');
  }
  for (const name of /** @type {const} */ (["workers_dev", "preview_urls"])) {
    // Where it is not set, wrangler decides by what else there is.
    if (config[name] !== false) problems.push(`${name} must be false: it is a door that Access does not cover.`);
  }
  if (config.observability?.enabled && config.observability.logs?.invocation_logs !== false) {
    problems.push("observability must have invocation_logs false: they hold addresses, and e-mails in them.");
  }
  return problems;
}

/**
 * What is no mistake, but should be looked at.
 *
 * @param {DeploymentConfig} config
 * @param {string[]} secretNames the secrets that are set
 * @returns {Promise<string[]>}
 */
export async function warningsOfDeployment(config, secretNames) {
  const { warningsOf } = await workersRules();
  const checked = await checkedByWorker(config, secretNames);
  return checked.ok ? warningsOf(checked.configuration) : [];
}

/**
 * @param {DeploymentConfig} config
 * @param {string[]} secretNames
 */
async function checkedByWorker(config, secretNames) {
  const { readConfiguration } = await workersRules();
  const named = [...config.ratelimits, ...config.send_email].map(({ name }) => name);
  const bound = [...config.d1_databases.map(({ binding }) => binding), ...named];
  const secrets = Object.entries(STAND_INS).filter(([name]) => secretNames.includes(name));
  const bindings = {
    ...Object.fromEntries(bound.map((name) => [name, {}])),
    ...Object.fromEntries(secrets),
    ...config.vars,
  };
  return readConfiguration(
    /** @type {import("../src/configuration/bindings").Bindings} */ (/** @type {unknown} */ (bindings)),
  );
}

/** @returns {Promise<typeof import("../src/configuration")>} */
async function workersRules() {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("../src/configuration/index.ts", import.meta.url).href)],
    bundle: true,
    format: "esm",
    write: false,
  });
  const [file] = outputFiles;
  return import(`data:text/javascript;base64,${Buffer.from(file?.contents ?? []).toString("base64")}`);
}
