// Checks the settings of a deployment as a whole, by the worker's own rules, before anything is deployed.

import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** Well-formed stand-ins: what a secret holds cannot be read back, only whether it is set. */
const STAND_INS = {
  FIREBLOCKS_API_KEY: "set",
  FIREBLOCKS_SECRET_KEY: "-----BEGIN PRIVATE KEY-----",
  NOTIFY_SECRET: `whsec_${Buffer.alloc(32).toString("base64")}`,
};

/**
 * Every problem that the worker would find, and those that only a deployment can have.
 *
 * @param {Pick<import("wrangler").Unstable_Config, "vars" | "d1_databases" | "ratelimits" | "triggers" | "workers_dev" | "preview_urls" | "observability">} config of wrangler.jsonc
 * @param {string[]} secretNames the secrets that are set
 * @returns {Promise<string[]>}
 */
export async function problemsOfDeployment(config, secretNames) {
  const { readConfiguration } = await workersRules();
  const bound = [...config.d1_databases.map(({ binding }) => binding), ...config.ratelimits.map(({ name }) => name)];
  const secrets = Object.entries(STAND_INS).filter(([name]) => secretNames.includes(name));
  const bindings = {
    ...Object.fromEntries(bound.map((name) => [name, {}])),
    ...Object.fromEntries(secrets),
    ...config.vars,
  };
  const checked = readConfiguration(
    /** @type {import("../src/configuration").Bindings} */ (/** @type {unknown} */ (bindings)),
  );
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

/** @returns {Promise<typeof import("../src/configuration")>} */
async function workersRules() {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("../src/configuration.ts", import.meta.url).href)],
    bundle: true,
    format: "esm",
    write: false,
  });
  const [file] = outputFiles;
  return import(`data:text/javascript;base64,${Buffer.from(file?.contents ?? []).toString("base64")}`);
}
