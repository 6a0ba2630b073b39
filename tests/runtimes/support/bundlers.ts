// Each bundler as its own documentation starts it: no plugin for this package, no loader, no flag.

import { join } from "node:path";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import * as esbuild from "esbuild";
import { rollup } from "rollup";
import webpack from "webpack";
import { output } from "./processes.ts";
import { repositoryProgram } from "./toolchains.ts";

/** Bundles `entry` of a consumer's folder into `bundle.js`. */
export type Bundler = (folder: string, entry: string) => Promise<void>;

export const esbuildModule: Bundler = async (folder, entry) => {
  await esbuild.build({
    ...esbuildInput(folder, entry),
    outfile: join(folder, "bundle.js"),
    format: "esm",
    minify: true,
  });
};

/** A classic script, which knows no `import` and no top-level `await`. */
export const esbuildScript: Bundler = async (folder, entry) => {
  await esbuild.build({
    ...esbuildInput(folder, entry),
    outfile: join(folder, "bundle.js"),
    format: "iife",
    minify: true,
  });
};

/** For Node, as CommonJS. */
export const esbuildNode: Bundler = async (folder, entry) => {
  await esbuild.build({
    ...esbuildInput(folder, entry),
    outfile: join(folder, "bundle.cjs"),
    format: "cjs",
    platform: "node",
  });
};

/** For a Worker: the `.wasm` is copied as the module that it is. */
export const esbuildWorker: Bundler = async (folder, entry) => {
  await esbuild.build({
    ...esbuildInput(folder, entry),
    outdir: join(folder, "dist"),
    format: "esm",
    conditions: ["workerd", "worker", "browser"],
    loader: { ".wasm": "copy" },
    assetNames: "[name]",
  });
};

export const rollupModule: Bundler = async (folder, entry) => {
  // Rollup itself resolves no package; its own plugin does, as its documentation says.
  const build = await rollup({ input: join(folder, entry), plugins: [nodeResolve({ browser: true })] });
  await build.write({ file: join(folder, "bundle.js"), format: "es" });
  await build.close();
};

export const webpackProduction: Bundler = async (folder, entry) => {
  const compiler = webpack({
    mode: "production",
    context: folder,
    entry: `./${entry}`,
    output: { path: folder, filename: "bundle.js" },
  });
  if (!compiler) throw new Error("webpack made no compiler.");
  const stats = await new Promise<webpack.Stats | undefined>((resolve, reject) => {
    compiler.run((error, result) => (error ? reject(error) : resolve(result)));
  });
  await new Promise((resolve) => compiler.close(resolve));
  if (stats?.hasErrors()) throw new Error(stats.toString());
};

/** Builds the folder's index.html into `dist`. */
export const viteBuild: Bundler = async (folder) => {
  await output(repositoryProgram("vite"), ["build", "--logLevel", "warn"], { cwd: folder });
};

/** Builds the folder's wrangler.jsonc into `dist`. */
export const wranglerBuild: Bundler = async (folder) => {
  await output(repositoryProgram("wrangler"), ["deploy", "--dry-run", "--outdir", "dist"], { cwd: folder });
};

/** The same by other conditions than wrangler's own, as the bundlers of other platforms have them. */
export const wranglerBuildBy =
  (...conditions: string[]): Bundler =>
  async (folder) => {
    const args = ["deploy", "--dry-run", "--outdir", "dist"];
    const env = { WRANGLER_BUILD_CONDITIONS: conditions.join(",") };
    await output(repositoryProgram("wrangler"), args, { cwd: folder, env });
  };

function esbuildInput(folder: string, entry: string) {
  return { absWorkingDir: folder, entryPoints: [entry], bundle: true, logLevel: "silent" as const };
}
