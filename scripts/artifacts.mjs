// What is built from the sources, and whether it must be built again.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { cargoTargetFolder, localFolder, repository } from "./base/environment.mjs";
import { run } from "./base/process.mjs";
import { take } from "./base/steps.mjs";

/** The simulator's program. Cargo's profile `simulator` builds it fast and still runs it fast. */
export function simulatorProgram() {
  return join(cargoTargetFolder(), "simulator", "simulator");
}

/**
 * @typedef {object} Artifact
 * @property {string} title for progress
 * @property {number} seconds what building takes from nothing, on an idle machine of two cores
 * @property {string[]} after the steps, of the set-up or of other artifacts, that have to be through before
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
    seconds: 20,
    after: ["rust", "wasm-bindgen", "wasm-pack", "packages"],
    inputs: [
      ...[...RUST, "src", "npm", "worker/src", "worker/migrations", "worker/tsconfig.json", "tsconfig.base.json"],
      ...["LICENSE-MIT", "LICENSE-APACHE", "scripts/build.mjs", "scripts/build", "package-lock.json"],
    ],
    outputs: ["pkg"],
    command: ["node", "scripts/build.mjs"],
    failure: "The package could not be built. The lines above say where; npm run build repeats it alone.",
  }),
  simulator: () => ({
    title: "Building the simulator",
    seconds: 75,
    after: ["rust"],
    inputs: [...RUST, "simulator"],
    outputs: [simulatorProgram()],
    command: ["cargo", "build", "--locked", "--package", "simulator", "--profile", "simulator"],
    failure: "The simulator could not be built. The lines above say where; cargo build -p simulator repeats it alone.",
  }),
  page: () => ({
    title: "Building the admin page (www/dist)",
    seconds: 5,
    after: ["packages", "package"],
    inputs: ["www", "npm", "pkg", "worker/src/http/inline-parts.ts", "package-lock.json"],
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
 * The steps that build what has changed since it was last built here.
 *
 * @param {readonly ArtifactName[]} [names]
 * @returns {import("./base/steps.mjs").Step[]}
 */
export function artifactSteps(names = artifactNames) {
  return names.map((name) => {
    const { title, seconds, after, failure, command } = artifacts[name]();
    const [program, ...args] = command;
    return {
      ...{ name, title, seconds, after },
      isDone: () => isBuilt(name),
      async work(progress) {
        const { inputs, outputs } = artifacts[name]();
        const stampFile = stampOf(name);
        const built = fingerprintOf(inputs, outputs);
        rmSync(stampFile, { force: true });
        await run(program, args, { ...progress, failure });
        mkdirSync(dirname(stampFile), { recursive: true });
        writeFileSync(stampFile, JSON.stringify({ inputs: built, outputs: lookOf(outputs) }));
      },
    };
  });
}

/** @param {readonly ArtifactName[]} [names] */
export async function buildArtifacts(names) {
  await take(artifactSteps(names));
}

/**
 * Whether an artifact is what its sources would make, and those that it is made of are, too.
 *
 * @param {ArtifactName} name
 * @returns {boolean}
 */
function isBuilt(name) {
  const { inputs, outputs, after } = artifacts[name]();
  if (!artifactNames.filter((other) => after.includes(other)).every(isBuilt)) return false;
  const stamp = readStamp(stampOf(name));
  return stamp?.inputs === fingerprintOf(inputs, outputs) && stamp.outputs === lookOf(outputs);
}

/** @param {ArtifactName} name */
function stampOf(name) {
  return join(localFolder, "built", `${name}.json`);
}

/** @param {string[]} inputs @param {string[]} outputs which may lie among the inputs */
function fingerprintOf(inputs, outputs) {
  return fingerprint(inputs.filter((path) => !outputs.includes(path)));
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
    .filter((inside) => inside !== "www/dist" && !inside.endsWith(".test.ts"))
    .flatMap(filesOf);
}

/** @param {string} path */
function resolve(path) {
  return path.startsWith("/") ? path : join(repository, path);
}
