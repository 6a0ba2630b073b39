// wasm-pack, wasm-bindgen and geckodriver: those on the path, else the published ones, else built by cargo; once for each
// version, and shared by all clones.

import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { withoutCredentials } from "../base/credentials.mjs";
import { cargoTools, toolFolder } from "../base/environment.mjs";
import { outputOf, run } from "../base/process.mjs";
import { say } from "../base/terminal.mjs";
import { download, publicationOf } from "./published.mjs";

/** @typedef {import("../base/environment.mjs").CargoTool} CargoTool */
/** @typedef {import("../base/steps.mjs").Progress} Progress */

/**
 * @param {{ engines?: boolean }} [extras] `engines`: with the driver of Firefox
 * @returns {import("../base/steps.mjs").Step[]}
 */
export function cargoToolSteps({ engines = false } = {}) {
  const tools = cargoTools().filter(({ crate }) => engines || crate !== "geckodriver");
  return tools.map((tool) => ({
    name: tool.programs[0],
    title: `Getting ${tool.crate} ${tool.version}`,
    seconds: 40,
    after: ["rust"],
    isDone: async () => (await isComplete(tool, join(toolFolder(tool), "bin"))) || (await isComplete(tool)),
    async work(progress) {
      if (process.env.TOOLS_FROM_SOURCE || !(await takePublished(tool, progress))) await buildTool(tool, progress);
    },
  }));
}

/**
 * Whether a tool's programs are in a folder, in its version.
 *
 * @param {CargoTool} tool
 * @param {string} [folder] default: the path
 */
async function isComplete({ version, programs }, folder = "") {
  const versions = await Promise.all(programs.map((program) => outputOf(join(folder, program), ["--version"])));
  // What was built for a release names its commit too, and its license below.
  const told = versions.map((output) => output?.split(/ \(|\n/)[0]?.trim());
  return told.every((words, index) => words === `${programs[index]} ${version}`);
}

/**
 * Puts the published programs where a tool is kept, and says why where that cannot be.
 *
 * @param {CargoTool} tool
 * @param {Progress} progress
 * @param {string} [api] where releases are asked for
 * @returns {Promise<boolean>} whether they are there now
 */
export async function takePublished(tool, progress, api) {
  const folder = toolFolder(tool);
  mkdirSync(dirname(folder), { recursive: true });
  // Beside the place where it will be, so that it gets there whole or not at all.
  const temporary = mkdtempSync(`${folder}-`);
  try {
    const publication = publicationOf(tool);
    const archive = join(temporary, publication.file);
    writeFileSync(archive, await download(publication, progress.signal, api));
    await run("tar", ["-xzf", archive, "-C", temporary], {
      env: withoutCredentials(process.env),
      ...progress,
      failure: `tar cannot read ${publication.file}`,
    });
    collectPrograms(tool, temporary);
    if (!(await isComplete(tool, join(temporary, "bin")))) throw new Error("its programs do not run here");
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    renameSync(join(temporary, "bin"), join(folder, "bin"));
    return true;
  } catch (error) {
    progress.signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : error;
    say(`  ${tool.crate} ${tool.version} is built, since it could not be had ready made: ${reason}.`);
    return false;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/**
 * Copies a tool's programs to bin/, from wherever in a folder its archive had them.
 *
 * @param {CargoTool} tool
 * @param {string} folder
 */
function collectPrograms({ programs }, folder) {
  const entries = readdirSync(folder, { recursive: true, encoding: "utf8" });
  mkdirSync(join(folder, "bin"));
  for (const program of programs) {
    const entry = entries.find((path) => basename(path) === program);
    if (entry === undefined) throw new Error(`it does not hold ${program}`);
    cpSync(join(folder, entry), join(folder, "bin", program));
    chmodSync(join(folder, "bin", program), 0o755);
  }
}

/**
 * Without optimisation, which takes most of the time and saves a tenth of a second when the tools run.
 *
 * @param {CargoTool} tool
 * @param {Progress} progress
 */
async function buildTool(tool, progress) {
  const { crate, version, programs } = tool;
  const options = ["--root", toolFolder(tool), "--force", "--no-track", "--debug"];
  for (const program of programs) options.push("--bin", program);
  // Not wasm-bindgen-cli: its lock file names releases of the same week, which a registry's mirror may not have.
  if (crate !== "wasm-bindgen-cli") options.push("--locked");
  await run("cargo", ["install", crate, "--version", version, ...options], {
    env: { ...withoutCredentials(process.env), CARGO_PROFILE_DEV_DEBUG: "0", CARGO_INCREMENTAL: "0" },
    ...progress,
    failure:
      `cargo could not build ${crate} ${version}. If a download failed, check the network; if a linker or C compiler is ` +
      "missing, install your system's build tools (Debian: apt-get install build-essential). Then run the command again.",
  });
}
