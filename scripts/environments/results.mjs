// What the last run of each environment showed, kept beside the consumers, and the README's table of it.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { environments } from "../../tests/environments/table/index.mjs";
import { repository } from "../base/environment.mjs";
import { Failure } from "../base/terminal.mjs";

export const BEGIN = "<!-- npm run test:environments -- --write writes what follows -->";
export const END = "<!-- npm run test:environments -- --write has written what precedes -->";

const resultsFile = join(repository, "tests", "environments", "results.json");
const readmeFile = join(repository, "README.md");

/**
 * @typedef {object} Result
 * @property {string} date when it was run
 * @property {string} package the version of the package, and its commit
 * @property {Record<string, string>} versions of the packages that the table of environments names
 * @property {number} seconds what building and running took, without installing
 */

/** @typedef {Record<string, Result>} Results by the environments' names */
/** @typedef {import("../../tests/environments/table/index.mjs").Environment} Environment */

/** @returns {Results} */
export function readResults() {
  return JSON.parse(readFileSync(resultsFile, "utf8"));
}

/** The packages whose versions are told of an environment. @param {Environment} environment */
export function versionedPackages({ family, versions = [] }) {
  return family.version === undefined ? versions : [family.version, ...versions];
}

/**
 * Keeps what was run, and writes the README's table anew.
 *
 * @param {Record<string, Result | undefined>} fresh nothing for what has failed: what it showed before is no longer so
 */
export function writeResults(fresh) {
  const all = { ...readResults(), ...fresh };
  // In the table's order, and without what is no longer in it.
  const results = Object.fromEntries(
    Object.keys(environments).flatMap((name) => (all[name] ? [[name, all[name]]] : [])),
  );
  writeFileSync(resultsFile, `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(readmeFile, readmeWith(readFileSync(readmeFile, "utf8"), results));
}

/**
 * @param {string} readme
 * @param {Results} results
 * @param {Record<string, Environment>} [table]
 */
export function readmeWith(readme, results, table = environments) {
  const [before, rest] = readme.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Failure(`README.md lacks “${BEGIN}” or “${END}”.`);
  return `${before}${BEGIN}\n\n${tableOf(results, table)}\n\n${END}${after}`;
}

/**
 * One row for each family of environments.
 *
 * @param {Results} results
 * @param {Record<string, Environment>} table
 */
function tableOf(results, table) {
  const run = Object.entries(table).flatMap(([name, environment]) => {
    const result = results[name];
    return result ? [{ ...environment, result, row: rowName(environment, result) }] : [];
  });
  const rows = [...new Set(run.map(({ row }) => row))].map((row) => {
    const members = run.filter((member) => member.row === row);
    const untouched = members.filter(({ needs, limit }) => needs === undefined && limit === undefined);
    const others = members.filter((member) => !untouched.includes(member));
    const cells = [
      row,
      untouched.map(titleOf).join(" · "),
      others.map((member) => `${titleOf(member)}: ${member.needs ?? `no. “${member.limit}”`}`).join(" · "),
    ];
    return `| ${cells.map((cell) => cell || "–").join(" | ")} |`;
  });
  const dates = run.map(({ result }) => result.date).sort();
  const versions = [...new Set(run.map(({ result }) => result.package))];
  const when = dates[0] === dates.at(-1) ? `on ${dates[0]}` : `between ${dates[0]} and ${dates.at(-1)}`;
  return `${["| | untouched | otherwise |", "| --- | --- | --- |", ...rows].join("\n")}

Each installed the package from its tarball and, but for what says no, made one reset against the simulator, ${when} (version ${versions.join(", ")}).`;
}

/**
 * @param {Environment} environment
 * @param {Result} result
 */
function rowName({ family: { name, version, note } }, { versions }) {
  return `${name}${version === undefined ? "" : ` ${versions[version]}`}${note === undefined ? "" : `, ${note}`}`;
}

/** @param {Environment & { result: Result }} environment */
function titleOf({ title, versions = [], result }) {
  return [title, ...versions.map((of) => result.versions[of])].join(" ");
}
