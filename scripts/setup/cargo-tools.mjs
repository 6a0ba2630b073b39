// wasm-pack and wasm-bindgen, built by cargo once for each version and shared by all clones.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { withoutCredentials } from "../base/credentials.mjs";
import { repository, toolCache } from "../base/environment.mjs";
import { outputOf, run, step } from "../base/process.mjs";
import { Failure } from "../base/terminal.mjs";

const WASM_PACK = "0.15.1";

export async function setUpCargoTools() {
  // Not --locked: the lock file of wasm-bindgen-cli names releases of the same week, which a registry's mirror may not have.
  await setUpCargoTool(
    "wasm-bindgen-cli",
    wasmBindgenVersion(readFileSync(join(repository, "Cargo.lock"), "utf8")),
    "wasm-bindgen",
    [],
  );
  await setUpCargoTool("wasm-pack", WASM_PACK, "wasm-pack", ["--locked"]);
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

/**
 * @param {string} crate
 * @param {string} version
 * @param {string} binary
 * @param {string[]} flags
 */
async function setUpCargoTool(crate, version, binary, flags) {
  const root = join(toolCache(), `${crate}-${version}`);
  const found = await outputOf(join(root, "bin", binary), ["--version"]);
  if (found?.trim() === `${binary} ${version}`) return;
  await step(`Building ${crate} ${version} (once; some minutes)`, (onLine) =>
    run("cargo", ["install", crate, "--version", version, "--root", root, "--force", "--no-track", ...flags], {
      env: withoutCredentials(process.env),
      onLine,
      failure:
        `cargo could not build ${crate} ${version}. If a download failed, check the network; if a linker or C compiler is ` +
        "missing, install your system's build tools (Debian: apt-get install build-essential). Then run the command again.",
    }),
  );
}
