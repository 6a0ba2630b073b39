// What is built is built again when anything that goes into it has changed.

import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, it } from "vitest";
import { artifactNames, inputsOf } from "../../scripts/artifacts.mjs";
import { repository } from "../../scripts/base/environment.mjs";

const read = (path: string) => readFileSync(join(repository, path), "utf8");

/** A file and all that it imports, or extends, by relative paths. */
function reachedFrom(entry: string): string[] {
  const reached = new Set([entry]);
  for (const file of reached) {
    for (const [, path = ""] of read(file).matchAll(/(?:from |import\(|"extends": )"(\.{1,2}\/[^"]+)"/g)) {
      reached.add(normalize(join(dirname(file), path)));
    }
  }
  return [...reached];
}

const isInput = (path: string) => inputsOf("package").some((input) => path === input || path.startsWith(`${input}/`));

it.each(artifactNames)("the inputs of the artifact exist: %s", (name) => {
  const built = ["pkg"];
  expect(inputsOf(name).filter((path) => !built.includes(path) && !existsSync(join(repository, path)))).toEqual([]);
});

it("the package is made from every script that makes it", () => {
  // Where the tools are, and how they are installed, is not in the bytes.
  const scripts = reachedFrom("scripts/build.mjs").filter((path) => !/^scripts\/(base|setup)/.test(path));
  expect(scripts).toContain("scripts/build/declarations.mjs");
  expect(scripts.filter((path) => !isInput(path))).toEqual([]);
});

it("the package is made from the settings of the compiler", () => {
  const projects = ["npm", "worker"].flatMap((folder) => reachedFrom(`${folder}/tsconfig.json`));
  expect(projects).toContain("tsconfig.base.json");
  expect(projects.filter((path) => !isInput(path))).toEqual([]);
});

it("the package holds the licences as they are", () => {
  expect(["LICENSE-MIT", "LICENSE-APACHE"].filter((path) => !isInput(path))).toEqual([]);
});
