// Stops all resets of a deployment at once, or lets them go on, without a deployment.
//
// node scripts/pause.mjs "why" [--env NAME] [--local]
// node scripts/pause.mjs --end [--env NAME] [--local]

import { execFileSync } from "node:child_process";
import { userInfo } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    end: { type: "boolean", default: false },
    env: { type: "string" },
    local: { type: "boolean", default: false },
  },
});
const [reason = ""] = positionals;
if (!values.end && !/[\p{L}\p{N}]/u.test(reason)) {
  console.error('Say why: npm run pause -w worker -- "why". To let resets go on: npm run pause -w worker -- --end');
  process.exit(2);
}

/** @param {string} value */
const text = (value) => `'${value.replaceAll("'", "''")}'`;
const by = text(`${userInfo().username} (command line)`);
const sql = values.end
  ? `UPDATE pauses SET ended_at = unixepoch() * 1000, ended_by = ${by} WHERE ended_at IS NULL`
  : `INSERT INTO pauses (at, by, reason) SELECT unixepoch() * 1000, ${by}, ${text(reason)}
     WHERE NOT EXISTS (SELECT 1 FROM pauses WHERE ended_at IS NULL)`;
const shown = "SELECT at, by, reason FROM pauses WHERE ended_at IS NULL";
const environment = values.env === undefined ? [] : ["--env", values.env];
const where = values.local ? "--local" : "--remote";
execFileSync("wrangler", ["d1", "execute", "DB", where, ...environment, "--yes", "--command", `${sql}; ${shown}`], {
  cwd: fileURLToPath(new URL("..", import.meta.url).href),
  stdio: "inherit",
});
console.log(values.end ? "Resets go on, unless RESETS_PAUSED says otherwise." : "Resets are paused.");
