// The parts of `npm test`, in the order in which they run: the quick and telling ones first.

import { execFileSync } from "node:child_process";
import { repository } from "../base/environment.mjs";

/**
 * @typedef {object} Check one command of a part
 * @property {string} title
 * @property {string[]} command
 * @property {"exit" | "cargo" | "vitest" | "playwright" | "environments"} counted `exit`: the command is one test, passed when it exits with 0
 * @property {Record<string, string>} [env]
 */

/**
 * @typedef {object} Part
 * @property {string} about
 * @property {import("../artifacts.mjs").ArtifactName[]} builds what must have been built before
 * @property {number} minutes the time limit of the whole part
 * @property {(engines: string[]) => Check[]} checks `engines`: those that are there, of Chromium, Firefox and WebKit
 * @property {boolean} [browser] whether it needs Chromium
 * @property {boolean} [engines] whether it runs in Firefox and WebKit too
 * @property {boolean} [nginx] whether it needs nginx
 */

/** @type {Record<string, Part>} */
export const parts = {
  lint: {
    about: "formatters, linters and type checks",
    builds: ["package"],
    minutes: 15,
    checks: () => [
      command("biome", "biome ci --error-on-warnings ."),
      ...typeScriptProjects().map((project) => command(`tsc ${project}`, `tsc --noEmit --project ${project}`)),
      command("rustfmt", "cargo fmt --all --check"),
      command("clippy", "cargo clippy --locked --workspace --all-targets --profile simulator -- --deny warnings"),
      command(
        "clippy wasm32",
        "cargo clippy --locked --package fireblocks-reset-device --all-targets --target wasm32-unknown-unknown -- --deny warnings",
      ),
      // A workspace of its own. Fuzzing needs a nightly compiler; that its targets compile does not.
      command(
        "clippy fuzz",
        "cargo clippy --locked --manifest-path fuzz/Cargo.toml --all-targets --target-dir target/fuzz -- --deny warnings",
      ),
      command("rustfmt fuzz", "cargo fmt --manifest-path fuzz/Cargo.toml --check"),
      command("rustdoc", "cargo doc --locked --workspace --no-deps --document-private-items --profile simulator", {
        RUSTDOCFLAGS: "--deny warnings",
      }),
    ],
  },
  rust: {
    about: "the client's and the simulator's own tests (cargo test)",
    builds: [],
    minutes: 20,
    // The profile of the simulator's build, so that its dependencies are compiled once.
    checks: () => [cargoTest("cargo test", "cargo test --locked --workspace --profile simulator --no-fail-fast")],
  },
  wasm: {
    about: "the client's WebAssembly in Node and in headless Chromium (wasm-bindgen-test)",
    builds: [],
    minutes: 15,
    browser: true,
    checks: () => [
      cargoTest("Node", "wasm-pack test --mode no-install --node"),
      cargoTest("Chromium", "wasm-pack test --mode no-install --headless --chrome"),
    ],
  },
  scripts: {
    about: "the scripts of this repository, npm start as a whole among them",
    builds: ["package", "simulator", "page"],
    minutes: 10,
    checks: () => [vitest("tests/scripts")],
  },
  conformance: {
    about: "the package against the official SDKs and the simulator's faults",
    builds: ["package", "simulator"],
    minutes: 15,
    checks: () => [vitest("tests/conformance")],
  },
  worker: {
    about: "the worker in workerd",
    builds: ["package", "simulator", "page"],
    minutes: 15,
    checks: () => [vitest("worker")],
  },
  relay: {
    about: "the relay with a fixed address, in the real nginx, before the simulator",
    builds: ["package", "simulator"],
    minutes: 5,
    nginx: true,
    checks: () => [vitest("tests/relay")],
  },
  package: {
    about: "what npm would publish: contents, checkers, byte budgets, the same bytes from two clones",
    builds: ["package"],
    minutes: 10,
    checks: () => [vitest("tests/package")],
  },
  command: {
    about: "the command, run as a shell would, against the simulator and through the worker",
    builds: ["package", "simulator", "page"],
    minutes: 10,
    checks: () => [vitest("tests/command")],
  },
  button: {
    about: "the button in Chromium, under a strict Content-Security-Policy",
    builds: ["package"],
    minutes: 10,
    browser: true,
    checks: () => [
      {
        title: "playwright",
        command: ["playwright", "test", "--config", "tests/button/playwright.config.ts"],
        counted: "playwright",
      },
    ],
  },
  runtimes: {
    about: "the packed package in every runtime, bundler and TypeScript, against the simulator",
    builds: ["package", "simulator"],
    minutes: 15,
    browser: true,
    checks: () => [vitest("tests/runtimes")],
  },
  environments: {
    about: "the packed package in frameworks and test runners, the quick ones; npm run test:environments tries all",
    builds: ["package", "simulator"],
    minutes: 15,
    checks: () => [
      { title: "quick", command: ["node", "scripts/environments.mjs", "--quick"], counted: "environments" },
    ],
  },
  chaos: {
    about: "a short storm of kills, cuts and failing writes; npm run test:chaos raises the long one",
    builds: ["package", "simulator", "page"],
    minutes: 15,
    checks: () => [{ ...vitest("tests/chaos"), env: { CHAOS_KILLS: "5" } }],
  },
  e2e: {
    about: "the main job and its failures in Chromium, on the whole stack",
    builds: ["package", "simulator", "page"],
    minutes: 15,
    browser: true,
    checks: () => [playwright("tests/e2e")],
  },
  engines: {
    about: "the main job on the page and with the button in Chromium, Firefox and WebKit",
    builds: ["package", "simulator", "page"],
    minutes: 15,
    browser: true,
    engines: true,
    checks: (engines) => [{ ...playwright("tests/e2e/engines"), env: { ENGINES: engines.join(",") } }],
  },
  page: {
    about: "the admin page: its rules, and each of its flows in Chromium on the whole stack",
    builds: ["package", "simulator", "page"],
    minutes: 30,
    browser: true,
    checks: () => [vitest("www"), playwright("tests/e2e/page")],
  },
};

/**
 * @param {string} title
 * @param {string} line
 * @param {Record<string, string>} [env]
 * @returns {Check}
 */
function command(title, line, env = {}) {
  return { title, command: line.split(" "), counted: "exit", env };
}

/**
 * @param {string} title
 * @param {string} line
 * @returns {Check}
 */
function cargoTest(title, line) {
  return { title, command: line.split(" "), counted: "cargo" };
}

/**
 * @param {string} folder where vitest's configuration is
 * @returns {Check}
 */
function vitest(folder) {
  return { title: "vitest", command: ["vitest", "run", "--root", folder], counted: "vitest" };
}

/**
 * @param {string} folder where Playwright's configuration is
 * @returns {Check}
 */
function playwright(folder) {
  return { title: "playwright", command: ["playwright", "test", "--config", folder], counted: "playwright" };
}

function typeScriptProjects() {
  const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*tsconfig*.json"], {
    cwd: repository,
    encoding: "utf8",
  });
  // Each consumer of tests/environments is checked where its own packages are installed.
  const ownRun = (/** @type {string} */ file) =>
    file === "tsconfig.base.json" || file.startsWith("tests/environments/");
  return files.split("\n").filter((file) => file.endsWith(".json") && !ownRun(file));
}
