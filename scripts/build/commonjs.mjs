// The CommonJS form of an entry, for whoever can only `require`: its ES modules, translated one by one, so that entries
// that share a module share it here too. Their declarations are the same with other names.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

/**
 * Translates ES modules, with their imports of each other.
 *
 * @param {object} options
 * @param {string} options.from a folder
 * @param {string[]} options.files ES modules in it
 * @param {string} options.to the folder that takes the `.cjs` files
 */
export async function translate({ from, files, to }) {
  await build({
    entryPoints: files.map((file) => join(from, file)),
    outbase: from,
    outdir: to,
    outExtension: { ".js": ".cjs" },
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "es2022",
    // Test runners that run CommonJS in contexts of their own have no `import()` there.
    supported: { "dynamic-import": false },
    minify: true,
    lineLimit: 600,
    plugins: [
      {
        name: "modules-stay-apart",
        setup({ onResolve }) {
          onResolve({ filter: /^\.{1,2}\/.*\.js$/ }, ({ path }) => ({ path: commonJs(path), external: true }));
        },
      },
    ],
    logLevel: "warning",
  });
}

/**
 * Writes the `.d.cts` of every `.d.ts` of a folder.
 *
 * @param {string} folder
 */
export function writeCommonJsDeclarations(folder) {
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".d.ts") && !name.endsWith(".wasm.d.ts"))) {
    const declarations = readFileSync(join(folder, file), "utf8");
    const translated = declarations.replaceAll(/(\bfrom |\bimport\()"(\.{1,2}\/[^"]+\.js)"/g, (_, before, path) => {
      return `${before}"${commonJs(path)}"`;
    });
    writeFileSync(join(folder, file.replace(/\.ts$/, ".cts")), translated);
  }
}

/** @param {string} path */
const commonJs = (path) => path.replace(/\.js$/, ".cjs");
