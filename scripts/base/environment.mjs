// The environment that the scripts give to what they start: where the tools are, and what is kept from it.

import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { withoutCredentials } from "./credentials.mjs";
import { Failure } from "./terminal.mjs";

/** The repository's folder, without a trailing slash. */
export const repository = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

/** What the scripts keep between runs: local state, stamps, logs. Ignored by git. */
export const localFolder = join(repository, ".local");

/**
 * @typedef {object} CargoTool
 * @property {string} crate
 * @property {string} version
 * @property {[string, ...string[]]} programs the first bears the tool's name
 */

/** The tools that are written in Rust. @returns {CargoTool[]} */
export function cargoTools() {
  const version = wasmBindgenVersion(readFileSync(join(repository, "Cargo.lock"), "utf8"));
  return [
    { crate: "wasm-bindgen-cli", version, programs: ["wasm-bindgen", "wasm-bindgen-test-runner"] },
    { crate: "wasm-pack", version: "0.15.1", programs: ["wasm-pack"] },
    { crate: "geckodriver", version: "0.37.1", programs: ["geckodriver"] },
  ];
}

/**
 * The command line tool must be of exactly the version that the crate was compiled with.
 *
 * @param {string} cargoLock
 */
export function wasmBindgenVersion(cargoLock) {
  const version = cargoLock.match(/name = "wasm-bindgen"\nversion = "([^"]+)"/)?.[1];
  if (version === undefined)
    throw new Failure("Cargo.lock does not name wasm-bindgen. Restore it: git checkout Cargo.lock");
  return version;
}

/** Where the cargo tools are kept, shared by all clones. */
export function toolCache(env = process.env) {
  return join(env.XDG_CACHE_HOME || join(homedir(), ".cache"), "fireblocks-reset-device", "cargo");
}

/**
 * One folder for each tool and version.
 *
 * @param {CargoTool} tool
 */
export function toolFolder({ crate, version }, env = process.env) {
  return join(toolCache(env), `${crate}-${version}`);
}

/** Cargo's build folder: the repository's own, unless cargo itself was told otherwise. */
export function cargoTargetFolder(env = process.env) {
  return env.CARGO_TARGET_DIR || join(repository, "target");
}

/**
 * The environment for everything that the scripts start: Node and the tools of this repository first on the path,
 * no credentials, no questions, no telemetry.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {NodeJS.ProcessEnv}
 */
export function toolEnvironment(env = process.env) {
  const tools = cargoTools().map((tool) => join(toolFolder(tool, env), "bin"));
  const path = [join(repository, "node_modules", ".bin"), ...tools, env.PATH ?? ""];
  return {
    ...withoutCredentials(env),
    PATH: path.join(delimiter),
    WRANGLER_SEND_METRICS: "false",
    WRANGLER_SEND_ERROR_REPORTS: "false",
    WRANGLER_HIDE_BANNER: "true",
    // The worker does not read where a request comes from; without this, wrangler asks the internet for an example.
    CLOUDFLARE_CF_FETCH_ENABLED: "false",
    WRANGLER_WRITE_LOGS: "false",
  };
}

/**
 * Refuses an address that is not on this machine.
 *
 * @param {string} address
 * @param {string} purpose what the address is for, in the words of the message
 */
export function requireLoopback(address, purpose) {
  let hostname;
  try {
    hostname = new URL(address).hostname;
  } catch {
    throw new Failure(`The ${purpose} “${address}” is not a URL.`);
  }
  if (!/^(127(\.\d{1,3}){3}|localhost|\[::1\])$/.test(hostname)) {
    throw new Failure(
      `The ${purpose} ${new URL(address).origin} is not on this machine. ` +
        "Tests, benchmarks and screenshots talk to the local simulator only; nothing was sent.",
    );
  }
}
