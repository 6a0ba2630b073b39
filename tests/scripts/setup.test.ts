import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { artifactSteps } from "../../scripts/artifacts.mjs";
import { cargoTools, wasmBindgenVersion } from "../../scripts/base/environment.mjs";
import { checkNode, sameVersions } from "../../scripts/setup/packages.mjs";
import { wantedParts } from "../../scripts/setup/rust.mjs";
import { setUpSteps } from "../../scripts/setup.mjs";
import { EmptyMachine } from "./support/empty-machine.ts";

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

describe("Node", () => {
  it.each(["18.20.0", "20.18.3", "12.0.0"])("%s is refused", (version) => {
    expect(() => checkNode(version)).toThrow("at least 20.19 is needed");
  });
  it.each(["20.19.0", "20.20.2", "22.0.0", "24.21.0"])("%s will do", (version) => {
    expect(() => checkNode(version)).not.toThrow();
  });
  it("is what package.json asks for", () => {
    expect(JSON.parse(read("package.json")).engines.node).toBe(">=20.19");
  });
});

describe("the npm packages", () => {
  const lit = { version: "3.3.3", integrity: "sha512-a" };

  it("are those of the lock file when versions and hashes agree", () => {
    expect(sameVersions({ "": {}, "node_modules/lit": lit }, { "node_modules/lit": { ...lit } })).toBe(true);
  });
  it("are not when one is missing, older or other", () => {
    expect(sameVersions({ "node_modules/lit": lit }, {})).toBe(false);
    expect(sameVersions({ "node_modules/lit": lit }, { "node_modules/lit": { ...lit, version: "3.3.2" } })).toBe(false);
    expect(sameVersions({ "node_modules/lit": lit }, { "node_modules/lit": { ...lit, integrity: "sha512-b" } })).toBe(
      false,
    );
    expect(sameVersions({ "worker/node_modules/lit": lit }, {})).toBe(false);
  });
  it("may lack what is for other systems, but not have it in another version", () => {
    const optional = { ...lit, optional: true };
    expect(sameVersions({ "node_modules/lit": optional }, {})).toBe(true);
    expect(sameVersions({ "node_modules/lit": optional }, { "node_modules/lit": { version: "1.0.0" } })).toBe(false);
  });
  it("are as locked in their version alone, where the lock file lacks the hash", () => {
    expect(sameVersions({ "node_modules/lit": { version: "3.3.3" } }, { "node_modules/lit": lit })).toBe(true);
    expect(sameVersions({ "node_modules/lit": { version: "3.3.2" } }, { "node_modules/lit": lit })).toBe(false);
  });
  it("include the workspaces' links", () => {
    const link = { link: true };
    expect(sameVersions({ "node_modules/worker": link }, { "node_modules/worker": { link: true } })).toBe(true);
    expect(sameVersions({ "node_modules/worker": link }, {})).toBe(false);
  });
  it("are installed here as locked", () => {
    const locked = JSON.parse(read("package-lock.json")).packages;
    expect(sameVersions(locked, JSON.parse(read("node_modules/.package-lock.json")).packages)).toBe(true);
  });
});

describe("the Rust tools", () => {
  it("are read from rust-toolchain.toml", () => {
    expect(wantedParts('[toolchain]\nchannel = "1.2.3"\ncomponents = ["a", "b"]\ntargets = ["c"]\n')).toEqual({
      channel: "1.2.3",
      components: ["a", "b"],
      targets: ["c"],
    });
    expect(wantedParts(read("rust-toolchain.toml")).targets).toContain("wasm32-unknown-unknown");
    expect(() => wantedParts("")).toThrow("names no channel");
  });
  it("have the version of wasm-bindgen that the crate is locked to", () => {
    const version = wasmBindgenVersion(read("Cargo.lock"));
    expect(read("Cargo.toml")).toContain(`wasm-bindgen = "=${version}"`);
    expect(() => wasmBindgenVersion("")).toThrow("does not name wasm-bindgen");
  });
});

describe("the steps of set-up and builds", () => {
  const steps = [...setUpSteps({ browser: true, engines: true, nginx: true }), ...artifactSteps()];
  const names = steps.map(({ name }) => name);

  it("have names of their own, by which others come after them", () => {
    expect(new Set(names).size).toBe(names.length);
    expect(steps.flatMap(({ after = [] }) => after).filter((name) => !names.includes(name))).toEqual([]);
  });
});

describe("set-up on a machine where nothing is installed", () => {
  let machine: EmptyMachine;

  beforeEach(() => {
    machine = new EmptyMachine();
  });
  afterEach(() => machine.remove());

  const built = () =>
    machine
      .calls()
      .filter(({ program, args }) => program === "cargo" && args.startsWith("install "))
      .map(({ args }) => args.split(" ")[1]);

  it("tells its plan first, then each step as it begins and ends", async () => {
    const { output } = await machine.setUp({ root: true, env: {} });
    expect(output.split("\n")[0]).toMatch(/^Five steps, about \w+ minutes\./);
    expect(output.match(/^· /gm)).toHaveLength(5);
    expect(output.match(/^✓ .*: \d/gm)).toHaveLength(5);
  });

  it("builds the cargo tools without optimisation", async () => {
    await machine.setUp({ root: true, env: {} });
    expect(built().sort()).toEqual(["wasm-bindgen-cli", "wasm-pack"]);
    const calls = machine.calls().filter(({ args }) => args.startsWith("install wasm-"));
    for (const { args, env } of calls) {
      expect(args).toContain(" --debug ");
      expect(env.CARGO_PROFILE_DEV_DEBUG).toBe("0");
    }
  });

  it("uses the tools that are on the path in the right version, and no others", async () => {
    const [bindgen, pack] = cargoTools();
    machine.has("wasm-bindgen", bindgen?.version ?? "");
    machine.has("wasm-bindgen-test-runner", bindgen?.version ?? "");
    machine.has("wasm-pack", "0.1.0");
    await machine.setUp({ root: true, env: {} });
    expect(pack?.version).not.toBe("0.1.0");
    expect(built()).toEqual(["wasm-pack"]);
  });

  it("builds a tool of which a program is missing", async () => {
    machine.has("wasm-bindgen", cargoTools()[0]?.version ?? "");
    await machine.setUp({ root: true, env: {} });
    expect(built()).toContain("wasm-bindgen-cli");
  });

  it("installs the other engines with what drives them, one package after the other", async () => {
    const { code } = await machine.setUp({ root: true, env: {}, options: ["--browser", "--engines"] });
    expect(code).toBe(0);
    expect(built()).toContain("geckodriver");
    const installed = machine.calls().flatMap(({ program, args }) => (program === "apt-get" ? [args] : []));
    expect(installed.filter((args) => args.startsWith("install "))).toEqual([
      expect.stringContaining(" chromium "),
      expect.stringContaining(" firefox-esr"),
      expect.stringContaining(" webkit2gtk-driver xvfb xauth"),
    ]);
  });

  it("goes on without an engine that it cannot install", async () => {
    const { code } = await machine.setUp({ root: false, env: {}, options: ["--engines"] });
    expect(code).toBe(0);
    expect(machine.calls().filter(({ program }) => program === "apt-get")).toEqual([]);
  });

  it("knows a tool's version beside its commit and license", async () => {
    const { version = "" } = cargoTools().find(({ crate }) => crate === "geckodriver") ?? {};
    machine.has("geckodriver", `${version} (0a1b2c3d 2026-01-01)\n\nThe source code of this program is available`);
    await machine.setUp({ root: true, env: {}, options: ["--engines"] });
    expect(built()).not.toContain("geckodriver");
  });
});
