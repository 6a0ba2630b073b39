// How the worker is configured on this machine.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "./base/environment.mjs";

/**
 * The worker's own configuration, but for the binding that sends mail: wrangler plays it, so that nothing leaves this machine,
 * and where that would say of a person that they were told, there is none.
 *
 * @param {string} dir
 * @param {{ playsMail: boolean }} options
 * @returns {string} the file
 */
export function writeLocalConfig(dir, { playsMail }) {
  const lines = readFileSync(join(repository, "wrangler.jsonc"), "utf8").replace(/^\s*\/\/.*$/gm, "");
  const config = JSON.parse(lines);
  const [database] = config.d1_databases;
  const file = join(dir, "wrangler.json");
  const local = {
    ...config,
    main: join(repository, config.main),
    assets: { ...config.assets, directory: join(repository, config.assets.directory) },
    d1_databases: [{ ...database, migrations_dir: join(repository, database.migrations_dir) }],
    send_email: playsMail ? [{ name: "EMAIL" }] : [],
  };
  writeFileSync(file, JSON.stringify(local, null, 2));
  return file;
}
