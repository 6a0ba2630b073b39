// Deploys the worker: checks its settings, brings the database up to date, uploads.
//
// node scripts/deploy.mjs [--check] [--env NAME]     --check stops before anything is changed.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { unstable_readConfig as readConfig } from "wrangler";
import { problemsOfDeployment, warningsOfDeployment } from "./check.mjs";

const folder = fileURLToPath(new URL("../..", import.meta.url).href);
const { values } = parseArgs({ options: { check: { type: "boolean", default: false }, env: { type: "string" } } });
const environment = values.env === undefined ? [] : ["--env", values.env];

/**
 * @param {string[]} args
 * @param {"inherit" | "pipe"} output
 */
function wrangler(args, output = "inherit") {
  return execFileSync("wrangler", [...args, ...environment], {
    cwd: folder,
    encoding: "utf8",
    stdio: ["inherit", output, "inherit"],
  });
}

/** @returns {string[]} */
function secretNames() {
  try {
    const list = /** @type {{ name: string }[]} */ (
      JSON.parse(wrangler(["secret", "list", "--format", "json"], "pipe"))
    );
    return list.map(({ name }) => name);
  } catch {
    console.error("The secrets cannot be listed: nobody is logged in to Cloudflare, or the worker does not exist yet.");
    return [];
  }
}

const config = readConfig({ config: `${folder}wrangler.jsonc`, ...(values.env !== undefined && { env: values.env }) });
const secrets = secretNames();
const problems = await problemsOfDeployment(config, secrets);
if (problems.length > 0) {
  console.error(`Nothing was deployed. The configuration has ${problems.length} problem(s):`);
  for (const problem of problems) console.error(`- ${problem}`);
  process.exit(1);
}
for (const warning of await warningsOfDeployment(config, secrets)) console.warn(`Look at this: ${warning}`);
console.log("The configuration is right.");
if (!values.check) {
  wrangler(["d1", "migrations", "apply", "DB", "--remote"]);
  wrangler(["deploy"]);
}
