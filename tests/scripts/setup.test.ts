import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { wasmBindgenVersion } from "../../scripts/setup/cargo-tools.mjs";
import { missingPackages } from "../../scripts/setup/complete-lock.mjs";
import { checkNode, sameVersions } from "../../scripts/setup/packages.mjs";
import { wantedParts } from "../../scripts/setup/rust.mjs";

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

describe("the lock file", () => {
  const packages = JSON.parse(read("package-lock.json")).packages;

  it("holds the optional packages of every system, without which npm ci refuses it", () => {
    expect(missingPackages(packages)).toEqual({});
  });
  it("is completed by what a package asks for, with the system that its name says", () => {
    const optionalDependencies = { "@a/b-linux-x64-musl": "1.2.3", "@a/b-windows-64": "1.2.3", "@a/found": "1.0.0" };
    const lock = {
      "node_modules/b": { dev: true, optionalDependencies },
      "node_modules/@a/found": { version: "1.0.0" },
    };
    expect(missingPackages(lock)).toEqual({
      "node_modules/@a/b-linux-x64-musl": {
        version: "1.2.3",
        cpu: ["x64"],
        os: ["linux"],
        libc: ["musl"],
        dev: true,
        optional: true,
      },
      "node_modules/@a/b-windows-64": { version: "1.2.3", cpu: ["x64"], os: ["win32"], dev: true, optional: true },
    });
  });
  it("finds a package beside the one that asks, and above it", () => {
    const asking = { optionalDependencies: { c: "1.0.0" } };
    expect(missingPackages({ "a/node_modules/b": asking, "a/node_modules/c": {} })).toEqual({});
    expect(missingPackages({ "node_modules/b": asking, "node_modules/b/node_modules/c": {} })).toEqual({});
    expect(Object.keys(missingPackages({ "node_modules/b": asking, "a/node_modules/c": {} }))).toEqual([
      "node_modules/c",
    ]);
  });
  it("is not completed by a guess", () => {
    expect(() => missingPackages({ "node_modules/b": { optionalDependencies: { c: "^1.0.0" } } })).toThrow(
      "only an exact version",
    );
  });
});
