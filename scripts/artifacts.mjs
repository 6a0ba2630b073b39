// What is built from the sources, and whether it must be built again.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cargoTargetFolder, localFolder, repository } from "./base/environment.mjs";
import { run, step } from "./base/process.mjs";

/** The simulator's program. Cargo's profile `simulator` builds it fast and still runs it fast. */
export function simulatorProgram() {
  return join(cargoTargetFolder(), "simulator", "simulator");
}

/**
 * @typedef {object} Artifact
 * @property {string} title for progress
 * @property {string[]} inputs files and folders, from the repository
 * @property {string[]} outputs files and folders, from the repository or absolute
 * @property {[string, ...string[]]} command
 * @property {string} failure what to do when the build fails
 */

const RUST = ["Cargo.toml", "Cargo.lock", "rust-toolchain.toml"];

/** In the order in which they are built: the page's bundle holds the package. */
const artifacts = /** @satisfies {Record<string, () => Artifact>} */ ({
  package: () => ({
    title: "Building the package (pkg/)",
    inputs: [
      ...[...RUST, "src", "npm", "worker/src", "worker/migrations", "worker/tsconfig.json", "tsconfig.base.json"],
      ...["LICENSE-MIT", "LICENSE-APACHE", "scripts/build.mjs", "scripts/package", "package-lock.json"],
    ],
    outputs: ["pkg"],
    command: ["node", "scripts/build.mjs"],
    failure: "The package could not be built. The lines above say where; npm run build repeats it alone.",
  }),
  simulator: () => ({
    title: "Building the simulator",
    inputs: [...RUST, "simulator"],
    outputs: [simulatorProgram()],
    command: ["cargo", "build", "--locked", "--package", "simulator", "--profile", "simulator"],
    failure: "The simulator could not be built. The lines above say where; cargo build -p simulator repeats it alone.",
  }),
  page: () => ({
    title: "Building the admin page (www/dist)",
    inputs: ["www", "npm", "pkg", "worker/src/api.ts", "worker/src/http/inline-parts.ts", "package-lock.json"],
    outputs: ["www/dist"],
    command: ["vite", "build", "www"],
    failure: "The page could not be built. The lines above say where; npx vite build www repeats it alone.",
  }),
});

/** @typedef {keyof typeof artifacts} ArtifactName */

/** The names of everything that is built, in order. */
export const artifactNames = /** @type {ArtifactName[]} */ (Object.keys(artifacts));

/**
 * What an artifact is built from: files and folders, from the repository.
 *
 * @param {ArtifactName} name
 */
export function inputsOf(name) {
  return artifacts[name]().inputs;
}

/**
 * Builds what has changed since it was last built here.
 *
 * @param {readonly ArtifactName[]} [names]
 */
export async function buildArtifacts(names = artifactNames) {
  for (const name of artifactNames) {
    if (names.includes(name)) await buildArtifact(name, artifacts[name]());
  }
}

/**
 * @param {ArtifactName} name
 * @param {Artifact} artifact
 */
async function buildArtifact(name, artifact) {
  const stampFile = join(localFolder, "built", `${name}.json`);
  const inputs = fingerprint(artifact.inputs.filter((path) => !artifact.outputs.includes(path)));
  const stamp = readStamp(stampFile);
  if (stamp?.inputs === inputs && stamp.outputs === lookOf(artifact.outputs)) return;

  rmSync(stampFile, { force: true });
  const [command, ...args] = artifact.command;
  await step(artifact.title, (onLine) => run(command, args, { onLine, failure: artifact.failure }));
  mkdirSync(join(localFolder, "built"), { recursive: true });
  writeFileSync(stampFile, JSON.stringify({ inputs, outputs: lookOf(artifact.outputs) }));
}

/**
 * @param {string} path
 * @returns {{ inputs: string, outputs: string } | undefined}
 */
function readStamp(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

/** A hash of the contents of files and folders. @param {string[]} paths */
export function fingerprint(paths) {
  const hash = createHash("sha256");
  for (const path of paths.flatMap(filesOf))
    hash
      .update(`${path}\0`)
      .update(readFileSync(resolve(path)))
      .update("\0");
  return hash.digest("hex");
}

/** A hash of names, sizes and times: enough to see that outputs are those that were built. @param {string[]} paths */
function lookOf(paths) {
  const hash = createHash("sha256");
  for (const path of paths.flatMap(filesOf)) {
    const { size, mtimeMs } = statSync(resolve(path));
    hash.update(`${path}\0${size}\0${mtimeMs}\0`);
  }
  return hash.digest("hex");
}

/**
 * All files of a path, without what is built or installed inside it.
 *
 * @param {string} path
 * @returns {string[]}
 */
function filesOf(path) {
  const absolute = resolve(path);
  if (!existsSync(absolute)) return [];
  if (statSync(absolute).isFile()) return [path];
  return readdirSync(absolute)
    .filter((entry) => !entry.startsWith(".") && entry !== "node_modules")
    .sort()
    .map((entry) => join(path, entry))
    .filter((inside) => inside !== "www/dist" && inside !== "www/test")
    .flatMap(filesOf);
}

/** @param {string} path */
function resolve(path) {
  return path.startsWith("/") ? path : join(repository, path);
}
