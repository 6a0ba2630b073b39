// Installs the packed package into what people use, builds that, and makes one reset with it against the simulator.
//
// usage: npm run test:environments [-- name … | --quick] [--write]
//        npm run test:environments -- --lock project …
//
// The consumers and the table of them are in tests/environments/.

import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { environments } from "../tests/environments/table/index.mjs";
import { buildArtifacts } from "./artifacts.mjs";
import { repository } from "./base/environment.mjs";
import { outputOf } from "./base/process.mjs";
import { Failure, formatDuration, runMain, say, sayFailure } from "./base/terminal.mjs";
import { attempt } from "./environments/attempt.mjs";
import { Project, packPackage } from "./environments/project.mjs";
import { versionedPackages, writeResults } from "./environments/results.mjs";
import { Simulator } from "./environments/simulator.mjs";
import { removeFolder } from "./environments/temporary.mjs";
import { setUp } from "./setup.mjs";

/** @typedef {import("../tests/environments/table/index.mjs").Environment} Environment */
/** @typedef {{ name: string, failure?: string, result?: import("./environments/results.mjs").Result }} Tried */

const width = Math.max(...Object.keys(environments).map((name) => name.length));
const HELP = `npm run test:environments [-- name … | --quick] [--write]

Makes one reset in each environment, or in those that are named.

  --quick    those alone that npm test runs
  --write    keeps the result in tests/environments/results.json, and writes the README's table of it
  --report   a file for the result of each, as JSON
  --lock     takes names of projects, and makes their lock files anew from their package.json

${Object.entries(environments)
  .map(([name, { family, title, project }]) => `  ${name.padEnd(width)}  ${family.name}, ${title} (${project})`)
  .join("\n")}`;

await runMain(async () => {
  const { values, positionals } = parseArgs({
    options: {
      help: { type: "boolean", short: "h" },
      lock: { type: "boolean" },
      quick: { type: "boolean" },
      report: { type: "string" },
      write: { type: "boolean" },
    },
    allowPositionals: true,
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const projects = [...new Set(Object.values(environments).map(({ project }) => project))];
  requireKnown(
    positionals,
    values.lock ? projects : Object.keys(environments),
    values.lock ? "project" : "environment",
  );
  const names = Object.keys(environments).filter((name) =>
    positionals.length > 0 ? positionals.includes(name) : !values.quick || environments[name]?.quick,
  );

  await setUp({ browser: !values.lock && names.some((name) => opensPage(name)) });
  await buildArtifacts(values.lock ? ["package"] : ["package", "simulator"]);
  const tarball = await packPackage();
  try {
    if (values.lock) {
      await lock(positionals.length > 0 ? positionals : projects, tarball);
      return;
    }
    const tried = await tryAll(names, tarball);
    if (values.report !== undefined) writeFileSync(values.report, JSON.stringify(tried));
    if (values.write) writeResults(Object.fromEntries(tried.map(({ name, result }) => [name, result])));
    const failed = tried.filter(({ failure }) => failure !== undefined);
    for (const { name } of failed) say(`✗ ${name}`);
    if (failed.length > 0) process.exitCode = 1;
    console.log(`${tried.length - failed.length} passed, ${failed.length} failed`);
  } finally {
    removeFolder(dirname(tarball));
  }
});

/**
 * @param {string[]} given
 * @param {string[]} known
 * @param {string} what
 */
function requireKnown(given, known, what) {
  const unknown = given.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new Failure(`There is no ${what} “${unknown}”. The ${what}s are: ${known.join(", ")}.`);
  }
}

/** @param {string} name */
function projectOf(name) {
  return /** @type {Environment} */ (environments[name]).project;
}

/** @param {string} name */
function opensPage(name) {
  const how = environments[name]?.run;
  return how !== undefined && "page" in how;
}

/**
 * @param {string[]} projects
 * @param {string} tarball
 */
async function lock(projects, tarball) {
  for (const name of projects) {
    const project = new Project(name, tarball);
    try {
      await project.lock();
      say(`✓ tests/environments/${name}/package-lock.json`);
    } finally {
      project.remove();
    }
  }
}

/**
 * Project by project, so that each is installed once.
 *
 * @param {string[]} names
 * @param {string} tarball
 * @returns {Promise<Tried[]>} in the order of the names
 */
async function tryAll(names, tarball) {
  const simulator = await Simulator.start();
  const packageVersion = await versionOfPackage();
  /** @type {Tried[]} */
  const tried = [];
  try {
    for (const projectName of new Set(names.map(projectOf))) {
      const members = names.filter((name) => projectOf(name) === projectName);
      const began = Date.now();
      const project = new Project(projectName, tarball);
      try {
        await project.install();
        say(`  tests/environments/${projectName} is installed, ${formatDuration(Date.now() - began)}`);
        for (const name of members) tried.push(await tryOne(name, project, simulator, packageVersion));
      } catch (error) {
        sayFailure(error);
        const failure = "Its packages could not be installed.";
        tried.push(...members.map((name) => ({ name, failure })));
      } finally {
        project.remove();
      }
    }
  } finally {
    await simulator.stop();
  }
  return names.flatMap((name) => tried.find((one) => one.name === name) ?? []);
}

/**
 * @param {string} name
 * @param {Project} project
 * @param {Simulator} simulator
 * @param {string} packageVersion
 * @returns {Promise<Tried>}
 */
async function tryOne(name, project, simulator, packageVersion) {
  const environment = /** @type {Environment} */ (environments[name]);
  const began = Date.now();
  try {
    await attempt(environment, project, simulator);
    const milliseconds = Date.now() - began;
    say(`✓ ${name}, ${formatDuration(milliseconds)}`);
    const versions = Object.fromEntries(versionedPackages(environment).map((of) => [of, project.versionOf(of)]));
    const date = new Date().toISOString().slice(0, 10);
    return { name, result: { date, package: packageVersion, versions, seconds: Math.round(milliseconds / 1000) } };
  } catch (error) {
    sayFailure(error);
    say(`✗ ${name}, ${formatDuration(Date.now() - began)}`);
    return { name, failure: error instanceof Error ? error.message : String(error) };
  }
}

async function versionOfPackage() {
  const { version } = JSON.parse(readFileSync(join(repository, "pkg", "package.json"), "utf8"));
  const commit = (await outputOf("git", ["rev-parse", "--short", "HEAD"]))?.trim();
  return commit ? `${version} of ${commit}` : version;
}
