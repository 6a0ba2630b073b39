// Programs of an exact version that cannot stand beside another version of themselves in the repository's own
// node_modules. They are installed once, into the cache that the set-up uses too.

import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { repository, toolCache } from "../../../scripts/base/environment.mjs";
import { output } from "./processes.ts";

/** The Node versions: the oldest that `engines` admits, and the newest of each line. */
export const NODE_20 = "node@20.19.0";
export const NODE_22 = "node@22.23.3";
/** The oldest TypeScript with `moduleResolution: bundler`, and the last of its line. */
export const TYPESCRIPT_5_0 = "typescript@5.0.4";
export const TYPESCRIPT_5 = "typescript@5.9.3";

/** The folder of a package of exactly this version, installed where it is missing. */
export async function toolchain(nameAndVersion: string): Promise<string> {
  const [name = ""] = nameAndVersion.split("@");
  const folder = join(dirname(toolCache()), "npm", nameAndVersion);
  const done = join(folder, ".installed");
  if (!existsSync(done)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true }));
    await output("npm", ["install", "--no-audit", "--no-fund", "--save-exact", nameAndVersion], { cwd: folder });
    writeFileSync(done, "");
  }
  return join(folder, "node_modules", name);
}

/** The program of a Node version. */
export async function node(nameAndVersion: string): Promise<string> {
  return join(await toolchain(nameAndVersion), "bin", "node");
}

/** A program of the repository's own node_modules. */
export function repositoryProgram(name: string): string {
  return join(repository, "node_modules", ".bin", name);
}
