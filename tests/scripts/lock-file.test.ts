// package-lock.json as `npm ci` reads it on every system: complete, and each package pinned by its hash.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { repository } from "../../scripts/base/environment.mjs";
import { sameVersions } from "../../scripts/setup/packages.mjs";

interface Locked {
  version?: string;
  integrity?: string;
  link?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}

const locked: Record<string, Locked> = JSON.parse(readFileSync(join(repository, "package-lock.json"), "utf8")).packages;
const installable = Object.entries(locked).filter(([path, { link }]) => path.includes("node_modules/") && !link);

/** Whether a package finds another, in its own folder or in one above, as Node looks for it. */
function finds(path: string, name: string): boolean {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("node_modules/") - 1))) {
    if (Object.hasOwn(locked, `${folder === "" ? "" : `${folder}/`}node_modules/${name}`)) return true;
    if (folder === "") return false;
  }
}

describe("the lock file", () => {
  it("pins every package by a hash that cannot be forged", () => {
    const loose = installable.filter(([, { integrity }]) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? ""));
    // npm puts it right: remove these entries from the file, then npm install --package-lock-only.
    expect(loose.map(([path]) => path)).toEqual([]);
    expect(installable.length).toBeGreaterThan(500);
  });

  it("holds the optional packages of every system, without which npm ci refuses it", () => {
    const missing = Object.entries(locked).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter((name) => !finds(path, name)),
    );
    expect(missing).toEqual([]);
  });

  it.each([
    { os: "darwin", cpu: "arm64", libc: undefined },
    { os: "darwin", cpu: "x64", libc: undefined },
    { os: "linux", cpu: "arm64", libc: "glibc" },
    { os: "linux", cpu: "x64", libc: "musl" },
  ])("is what an installation on $os $cpu is seen to hold, so that the next set-up installs nothing", (system) => {
    const fits = (wanted: string[] | undefined, own: string | undefined) =>
      wanted === undefined || wanted.includes(own ?? "");
    const installed = Object.entries(locked).filter(
      ([, { os, cpu, libc }]) => fits(os, system.os) && fits(cpu, system.cpu) && fits(libc, system.libc),
    );
    expect(installed.length).toBeLessThan(Object.keys(locked).length);
    // npm writes the registry's hash down, whether the lock file has one or not.
    const record = installed.map(([path, entry]) => [
      path,
      entry.link ? entry : { integrity: "the registry's", ...entry },
    ]);
    expect(sameVersions(locked, Object.fromEntries(record))).toBe(true);
  });
});
