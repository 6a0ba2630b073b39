// The Rust toolchain that rust-toolchain.toml names.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { withoutCredentials } from "../base/credentials.mjs";
import { repository } from "../base/environment.mjs";
import { outputOf, run } from "../base/process.mjs";
import { Failure } from "../base/terminal.mjs";

/** @type {import("../base/steps.mjs").Step} */
export const rustToolchain = {
  name: "rust",
  title: "Installing the Rust toolchain of rust-toolchain.toml",
  seconds: 15,
  async isDone() {
    if ((await outputOf("rustup", ["--version"])) === undefined) {
      throw new Failure(
        "rustup was not found. It brings the Rust compiler: install it from https://rustup.rs or from your system's packages " +
          "(Debian: apt-get install rustup), open a new shell, then run the command again.",
      );
    }
    return isInstalled();
  },
  async work(progress) {
    // `rustup toolchain install` without a name reads rust-toolchain.toml; it also works where RUSTUP_AUTO_INSTALL=0.
    await run("rustup", ["toolchain", "install"], {
      env: withoutCredentials(process.env),
      ...progress,
      failure:
        "rustup could not install the toolchain. If it could not reach its server, check the network and run the command " +
        "again; if it does not know “toolchain install” without a name, run: rustup self update",
    });
    if (!(await isInstalled())) {
      throw new Failure(
        "rustup has installed the toolchain, but a component or target of rust-toolchain.toml is still missing. " +
          "Run “rustup show” in this folder to see which toolchain is active and why.",
      );
    }
  },
};

async function isInstalled() {
  const wanted = wantedParts(readFileSync(join(repository, "rust-toolchain.toml"), "utf8"));
  const [components, targets, version] = await Promise.all([
    outputOf("rustup", ["component", "list", "--installed"]),
    outputOf("rustup", ["target", "list", "--installed"]),
    outputOf("rustc", ["--version"]),
  ]);
  if (components === undefined || targets === undefined || version === undefined) return false;
  return (
    version.includes(` ${wanted.channel} `) &&
    wanted.components.every((component) => components.split("\n").some((line) => line.startsWith(component))) &&
    wanted.targets.every((target) => targets.split("\n").includes(target))
  );
}

/**
 * What rust-toolchain.toml asks for.
 *
 * @param {string} toml
 */
export function wantedParts(toml) {
  const channel = toml.match(/^channel\s*=\s*"([^"]+)"/m)?.[1];
  if (channel === undefined)
    throw new Failure("rust-toolchain.toml names no channel. Restore it: git checkout rust-toolchain.toml");
  const list = (/** @type {string} */ name) =>
    [...(toml.match(new RegExp(`^${name}\\s*=\\s*\\[([^\\]]*)\\]`, "m"))?.[1] ?? "").matchAll(/"([^"]+)"/g)].map(
      (match) => match[1] ?? "",
    );
  return { channel, components: list("components"), targets: list("targets") };
}
