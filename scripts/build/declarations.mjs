// Type declarations of what is written in TypeScript.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { repository } from "../base/environment.mjs";
import { run } from "../base/process.mjs";
import { inTemporaryFolder } from "./temporary.mjs";

/**
 * Writes the declarations of an entry, and of the files that they reach.
 *
 * @param {object} options
 * @param {string} options.project the TypeScript project, from the repository
 * @param {string} options.root the folder whose layout is kept, from the repository
 * @param {string} options.entry the entry's declarations, from `root`
 * @param {string} options.to where they go
 */
export async function writeDeclarations({ project, root, entry, to }) {
  await inTemporaryFolder("declarations", async (emitted) => {
    await run(
      "tsc",
      [
        ...["--project", join(repository, project), "--rootDir", join(repository, root), "--outDir", emitted],
        ...["--noEmit", "false", "--declaration", "--emitDeclarationOnly"],
      ],
      { failure: `The types of ${root} do not compile. The lines above say where.` },
    );
    for (const file of reachedFrom(join(emitted, entry))) {
      const target = join(to, relative(emitted, file));
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, withExtensions(readFileSync(file, "utf8")));
    }
  });
}

const RELATIVE_IMPORT = /(\bfrom |\bimport\()"(\.{1,2}\/[^"]+?)(?:\.js|\.ts)?"/g;

/**
 * A file and every emitted file that it imports, directly or not. What was not emitted was written by hand, and stands
 * in the package already.
 *
 * @param {string} entry
 */
function reachedFrom(entry) {
  const reached = new Set([entry]);
  for (const file of reached) {
    for (const [, , path = ""] of readFileSync(file, "utf8").matchAll(RELATIVE_IMPORT)) {
      const imported = `${join(dirname(file), path)}.d.ts`;
      if (existsSync(imported)) reached.add(imported);
    }
  }
  return reached;
}

/**
 * With `moduleResolution: nodenext` a relative import needs its extension, which a bundled source may leave out.
 *
 * @param {string} declarations
 */
function withExtensions(declarations) {
  return declarations.replaceAll(RELATIVE_IMPORT, '$1"$2.js"');
}
