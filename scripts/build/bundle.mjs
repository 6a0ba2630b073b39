// Bundles one entry of the package. The client stays outside of the bundle, so that a program that uses two entries
// holds it once.

import { writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { build } from "esbuild";
import { repository } from "../base/environment.mjs";
import { noticesOf } from "./notices.mjs";

/**
 * @param {object} entry
 * @param {string} entry.from the source, from the repository
 * @param {string} entry.to the bundle, in a folder of the package's
 * @param {"browser" | "node" | "neutral"} entry.platform
 * @param {string} entry.target the oldest language or runtime that must understand it
 * @param {string[]} [entry.external] modules that stay imports
 * @param {boolean} [entry.minify]
 * @param {string[]} [entry.beside] what another bundle of the same folder is made of
 * @returns {Promise<string[]>} what it is made of
 */
export async function bundle({ from, to, platform, target, external = [], minify = false, beside = [] }) {
  const { metafile } = await build({
    entryPoints: [join(repository, from)],
    outfile: to,
    // Paths in the bundle's comments must not tell where it was built.
    absWorkingDir: repository,
    bundle: true,
    format: "esm",
    platform,
    target,
    external,
    minify,
    plugins: [clientStaysOutside],
    // The argument parser is CommonJS, which a module of Node's has to be given a `require` for.
    ...(platform === "node" && {
      banner: { js: 'import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);' },
    }),
    metafile: true,
    legalComments: "none",
    mainFields: ["module", "main"],
    conditions: ["import"],
    logLevel: "warning",
  });
  const inputs = Object.keys(metafile.inputs);
  const notices = noticesOf([...inputs, ...beside]);
  if (notices !== "") writeFileSync(join(dirname(to), "THIRD-PARTY-LICENSES.txt"), notices);
  return inputs;
}

/** The client's declarations stand in npm/index.d.ts; its code is one folder above each bundle. */
const clientStaysOutside = /** @type {import("esbuild").Plugin} */ ({
  name: "client-stays-outside",
  setup(build) {
    const client = join(repository, "npm", "index.js");
    build.onResolve({ filter: /\/index\.js$/ }, ({ path, resolveDir }) =>
      resolve(resolveDir, path) === client ? { path: "../index.js", external: true } : undefined,
    );
  },
});
