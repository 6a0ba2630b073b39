// Type declarations of what is written in TypeScript.

import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { localFolder, repository } from "../base/environment.mjs";
import { run } from "../base/process.mjs";

/**
 * Writes the declarations of a TypeScript project's files.
 *
 * @param {object} options
 * @param {string} options.project the project's tsconfig.json, from the repository
 * @param {string} options.root the folder whose layout is kept, from the repository
 * @param {string} options.to where they go
 * @param {(path: string) => boolean} options.wanted which files of the output are kept, by their path in it
 */
export async function writeDeclarations({ project, root, to, wanted }) {
  mkdirSync(localFolder, { recursive: true });
  const output = mkdtempSync(join(localFolder, "declarations-"));
  try {
    await run(
      "tsc",
      [
        ...["--project", join(repository, project), "--rootDir", join(repository, root), "--outDir", output],
        ...["--noEmit", "false", "--declaration", "--emitDeclarationOnly"],
      ],
      { failure: `The types of ${root} do not compile. The lines above say where.` },
    );
    cpSync(output, to, {
      recursive: true,
      filter: (from) => !from.endsWith(".d.ts") || wanted(from.slice(output.length + 1)),
    });
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}
