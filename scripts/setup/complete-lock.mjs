// Puts back into package-lock.json what npm leaves out of it: packages for other systems, where the registry that the
// lock file was made with does not hold them. Without them, `npm ci` refuses the lock file, and on other systems a
// native program would be missing.
//
// usage: node scripts/setup/complete-lock.mjs      after each npm install that changes the lock file

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { repository } from "../base/environment.mjs";
import { Failure, runMain, say } from "../base/terminal.mjs";

/**
 * @typedef {object} LockedPackage
 * @property {string} [version]
 * @property {boolean} [dev]
 * @property {boolean} [optional]
 * @property {string[]} [os]
 * @property {string[]} [cpu]
 * @property {string[]} [libc]
 * @property {Record<string, string>} [optionalDependencies]
 */

const SYSTEMS = ["aix", "android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos", "win32"];
const PROCESSORS = ["arm64", "arm", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "x64"];

/**
 * The optional packages that a lock file asks for and does not hold.
 *
 * @param {Record<string, LockedPackage>} packages
 * @returns {Record<string, LockedPackage>}
 */
export function missingPackages(packages) {
  /** @type {Record<string, LockedPackage>} */
  const missing = {};
  for (const [path, { dev, optionalDependencies = {} }] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      if (isFound(packages, path, name)) continue;
      if (!/^\d+\.\d+\.\d+[\w.-]*$/.test(version)) {
        throw new Failure(
          `${path} asks for ${name} ${version}, and only an exact version can be put into the lock file.`,
        );
      }
      missing[`node_modules/${name}`] = { version, ...systemOf(name), ...(dev && { dev }), optional: true };
    }
  }
  return missing;
}

/**
 * Whether a package finds another, in its own folder or in one above.
 *
 * @param {Record<string, LockedPackage>} packages
 * @param {string} path
 * @param {string} name
 */
function isFound(packages, path, name) {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("node_modules/") - 1))) {
    if (Object.hasOwn(packages, `${folder === "" ? "" : `${folder}/`}node_modules/${name}`)) return true;
    if (folder === "") return false;
  }
}

/**
 * For which system a package is, by its name.
 *
 * @param {string} name for example `@rollup/rollup-linux-x64-musl`
 */
function systemOf(name) {
  const words = name.replace("windows", "win32").replace(/-64$/, "-x64").split(/[-/]/);
  const os = words.filter((word) => SYSTEMS.includes(word));
  const cpu = words.filter((word) => PROCESSORS.includes(word));
  const libc = words.some((word) => word.startsWith("musl"))
    ? ["musl"]
    : words.some((word) => /^(gnu|glibc)/.test(word))
      ? ["glibc"]
      : [];
  return {
    ...(cpu.length > 0 && { cpu }),
    ...(os.length > 0 && { os }),
    ...(os.includes("linux") && libc.length > 0 && { libc }),
  };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await runMain(async () => {
    const file = join(repository, "package-lock.json");
    const lock = JSON.parse(readFileSync(file, "utf8"));
    const missing = missingPackages(lock.packages);
    const { "": root, ...packages } = { ...lock.packages, ...missing };
    const sorted = Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, "en"));
    lock.packages = { "": root, ...Object.fromEntries(sorted) };
    writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
    say(`${Object.keys(missing).length} packages for other systems were put back.`);
  });
}
