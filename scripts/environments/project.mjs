// A consumer's folder with the packed package installed in it by the versions of its lock file, outside of the repository,
// so that nothing is found by walking upwards.

import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, delimiter, join } from "node:path";
import { repository, toolEnvironment } from "../base/environment.mjs";
import { run } from "../base/process.mjs";
import { removeFolder, temporaryFolder } from "./temporary.mjs";

export const consumersFolder = join(repository, "tests", "environments");

/** The name of the packed package in each consumer's folder, as their package.json files depend on it. */
const TARBALL = "fireblocks-reset-device.tgz";

/**
 * Packs the built package, as publishing it would.
 *
 * @returns {Promise<string>} the path of the tarball, in a folder of its own
 */
export async function packPackage() {
  const folder = temporaryFolder("package");
  await run("npm", ["pack", join(repository, "pkg"), "--pack-destination", folder], {
    failure: "The package could not be packed. npm run build makes it.",
  });
  const path = join(folder, TARBALL);
  for (const packed of readdirSync(folder)) renameSync(join(folder, packed), path);
  return path;
}

/** A consumer's folder, installed. */
export class Project {
  folder = temporaryFolder("environment");
  /** What was built in it, by its commands. @type {Set<string>} */
  built = new Set();
  #name;

  /**
   * @param {string} name
   * @param {string} tarball
   */
  constructor(name, tarball) {
    this.#name = name;
    cpSync(join(consumersFolder, name), this.folder, {
      recursive: true,
      filter: (path) => basename(path) !== "node_modules",
    });
    cpSync(join(consumersFolder, "common"), join(this.folder, "common"), { recursive: true });
    cpSync(tarball, join(this.folder, TARBALL));
  }

  /** Installs what the lock file names. */
  async install() {
    await this.#npm(["ci"], `The packages of tests/environments/${this.#name} could not be installed.`);
  }

  /** Makes the lock file anew from package.json, and puts it back into the repository. */
  async lock() {
    rmSync(join(this.folder, "package-lock.json"), { force: true });
    await this.#npm(
      ["install", "--package-lock-only", "--omit-lockfile-registry-resolved"],
      `The versions in tests/environments/${this.#name}/package.json do not go together.`,
    );
    const lock = JSON.parse(readFileSync(join(this.folder, "package-lock.json"), "utf8"));
    // The package is built anew each time; it alone has no hash to be held to.
    delete lock.packages["node_modules/fireblocks-reset-device"].integrity;
    writeFileSync(join(consumersFolder, this.#name, "package-lock.json"), `${JSON.stringify(lock, null, 2)}\n`);
  }

  /** Programs are the consumer's own, then Node as the repository has it. @returns {NodeJS.ProcessEnv} */
  get environment() {
    const { NODE_ENV: _, ...env } = toolEnvironment();
    const path = [join(this.folder, "node_modules", ".bin"), ...nodeAnd(env.PATH)];
    // What programs keep between runs (stores, caches, settings) goes with the folder.
    const kept = ["CACHE", "CONFIG", "DATA", "STATE"].map((kind) => [
      `XDG_${kind}_HOME`,
      join(this.folder, ".kept", kind),
    ]);
    return { ...env, ...QUIET, ...Object.fromEntries(kept), PATH: path.join(delimiter) };
  }

  /**
   * The installed version of a package.
   *
   * @param {string} name
   * @returns {string}
   */
  versionOf(name) {
    return JSON.parse(readFileSync(join(this.folder, "node_modules", name, "package.json"), "utf8")).version;
  }

  remove() {
    removeFolder(this.folder);
  }

  /**
   * @param {string[]} args
   * @param {string} failure
   */
  async #npm(args, failure) {
    const { NODE_ENV: _, ...own } = toolEnvironment();
    const env = { ...own, ...QUIET, PATH: nodeAnd(own.PATH).join(delimiter) };
    await run("npm", [...args, "--no-audit", "--no-fund", "--prefer-offline"], { cwd: this.folder, env, failure });
  }
}

/** No telemetry, no questions, no colours. */
const QUIET = {
  ASTRO_TELEMETRY_DISABLED: "1",
  CI: "true",
  DO_NOT_TRACK: "1",
  NEXT_TELEMETRY_DISABLED: "1",
  NG_CLI_ANALYTICS: "false",
  NO_COLOR: "1",
  NUXT_TELEMETRY_DISABLED: "1",
};

/** The repository's own Node before that of the path, and no other program of the repository. @param {string} [path] */
function nodeAnd(path = "") {
  const own = join(repository, "node_modules", "node", "bin");
  const others = path.split(delimiter).filter((folder) => !folder.startsWith(join(repository, "node_modules")));
  return existsSync(own) ? [own, ...others] : others;
}
