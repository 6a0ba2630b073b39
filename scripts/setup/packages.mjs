// Node and the npm packages.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { withoutCredentials } from "../base/credentials.mjs";
import { repository, toolEnvironment } from "../base/environment.mjs";
import { outputOf, run } from "../base/process.mjs";
import { Failure } from "../base/terminal.mjs";

const LOWEST_NODE = [20, 19];

/** Node from 20.19 on runs the scripts; the newer Node that wrangler needs comes as a package. */
export function checkNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [lowestMajor = 0, lowestMinor = 0] = LOWEST_NODE;
  if (major < lowestMajor || (major === lowestMajor && minor < lowestMinor)) {
    throw new Failure(
      `This is Node ${version}, and at least ${LOWEST_NODE.join(".")} is needed. Install a newer Node from your system or nodejs.org.`,
    );
  }
}

/** Where `node_modules` differs from the lock file. @type {import("../base/steps.mjs").Step} */
export const npmPackages = {
  name: "packages",
  title: "Installing the npm packages (npm ci)",
  seconds: 25,
  async isDone() {
    const locked = readLock("package-lock.json");
    if (locked === undefined) {
      throw new Failure("package-lock.json is missing or unreadable. Restore it: git checkout package-lock.json");
    }
    const installed = readLock("node_modules/.package-lock.json");
    if (installed === undefined || !sameVersions(locked, installed)) return false;
    await checkBundledNode();
    return true;
  },
  async work(progress) {
    await run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
      env: withoutCredentials(process.env),
      ...progress,
      failure:
        "npm could not install the packages. If it could not reach its registry, check the network or the proxy settings " +
        "(npm config list), then run the command again.",
    });
    await checkBundledNode();
  },
};

/** @typedef {Record<string, { version?: string, integrity?: string, link?: boolean, optional?: boolean }>} LockedPackages */

/**
 * @param {string} path
 * @returns {LockedPackages | undefined}
 */
function readLock(path) {
  try {
    return JSON.parse(readFileSync(join(repository, path), "utf8")).packages;
  } catch {
    return undefined;
  }
}

/**
 * Whether each package of the lock file is installed in its version. Optional ones may be absent: they are for other
 * systems.
 *
 * @param {LockedPackages} locked
 * @param {LockedPackages} installed
 */
export function sameVersions(locked, installed) {
  return Object.entries(locked).every(([path, { version, integrity, link, optional }]) => {
    if (!path.startsWith("node_modules/") && !path.includes("/node_modules/")) return true;
    const found = installed[path];
    if (found === undefined) return optional === true;
    if (link === true) return found.link === true;
    return found.version === version && (integrity === undefined || found.integrity === integrity);
  });
}

/** The `node` package fetches its binary in an install script, which npm may have been told not to run. */
async function checkBundledNode() {
  const version = await outputOf("node", ["--version"], toolEnvironment());
  const major = Number(version?.match(/^v(\d+)/)?.[1] ?? 0);
  if (major < 22) {
    throw new Failure(
      "The packages are installed without the Node that wrangler needs (22 or newer). npm was probably told not to run " +
        "install scripts. Run: npm rebuild node --ignore-scripts=false",
    );
  }
}
