// The worker's database on this machine: the files that wrangler keeps of D1, brought up to date.

import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fingerprint } from "./artifacts.mjs";
import { localFolder } from "./base/environment.mjs";
import { run } from "./base/process.mjs";
import { Failure } from "./base/terminal.mjs";

/** Where an empty database with every migration is kept, by what it is made of. */
const emptyFolder = join(localFolder, "empty-database");

/**
 * Applies what is missing. A new database is a copy of an empty one that is made once: wrangler starts a runtime for each
 * migration, which are more seconds than all the rest of a start.
 *
 * @param {string} dir
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string>} the folder that wrangler persists to
 */
export async function migrate(dir, env) {
  const data = join(dir, "wrangler");
  const stampFile = join(dir, "migrations.applied");
  const stamp = fingerprint(["worker/migrations"]);
  if (!existsSync(data)) {
    // Whole, or not there: whoever is interrupted begins anew.
    const copy = `${data}.new`;
    rmSync(copy, { recursive: true, force: true });
    cpSync(await emptyDatabase(env), copy, { recursive: true });
    renameSync(copy, data);
  } else if (!existsSync(stampFile) || readFileSync(stampFile, "utf8") !== stamp) {
    const advice = `If it holds nothing of value, remove ${dir} and start again.`;
    await applyMigrations(data, env, `The worker's database could not be brought up to date. ${advice}`);
  }
  writeFileSync(stampFile, stamp);
  return data;
}

/** @param {NodeJS.ProcessEnv} env */
async function emptyDatabase(env) {
  const made = join(emptyFolder, fingerprint(["worker/migrations", "wrangler.jsonc", "package-lock.json"]));
  if (existsSync(made)) return made;
  mkdirSync(emptyFolder, { recursive: true });
  const making = mkdtempSync(join(emptyFolder, "new-"));
  try {
    await applyMigrations(making, env, "The worker's database could not be made.");
    renameSync(making, made);
  } catch (error) {
    rmSync(making, { recursive: true, force: true });
    // Another stack that was started at the same time has made it.
    if (!existsSync(made)) throw error;
  }
  return made;
}

/**
 * @param {string} data
 * @param {NodeJS.ProcessEnv} env
 * @param {string} failure
 */
function applyMigrations(data, env, failure) {
  return run("wrangler", ["d1", "migrations", "apply", "DB", "--local", "--persist-to", data], { env, failure });
}

/** The SQLite file of the worker's database. @param {string} dir */
export function databaseFile(dir) {
  const folder = join(dir, "wrangler", "v3", "d1", "miniflare-D1DatabaseObject");
  const file = readdirSync(folder).find((name) => name.endsWith(".sqlite") && name !== "metadata.sqlite");
  if (file === undefined) throw new Failure(`No database was found in ${folder}.`);
  return join(folder, file);
}
