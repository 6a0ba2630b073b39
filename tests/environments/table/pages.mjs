// What bundlers make, above all for a page, and the workers of a page.

import { inProject } from "./environment.mjs";

export const pages = {
  ...inProject(
    "bundlers",
    { name: "Bundlers, for a page" },
    {
      esbuild: withPage("esbuild", "esbuild", "esbuild main.js --bundle --format=esm --outdir=dist/esbuild"),
      parcel: bundled("parcel", "Parcel", ["parcel build index.html --dist-dir dist/parcel --no-cache"]),
      rolldown: withPage("rolldown", "Rolldown", "rolldown main.js --dir dist/rolldown"),
      rsbuild: bundled("@rsbuild/core", "Rsbuild", ["rsbuild build"], "rsbuild"),
      rspack: withPage(
        "@rspack/core",
        "Rspack",
        "rspack build --entry ./main.js --output-path dist/rspack --mode production",
        "rspack",
      ),
      vite: bundled("vite", "Vite", ["vite build --outDir dist/vite"]),
      webpack: withPage(
        "webpack",
        "webpack",
        "webpack build --mode production --entry ./main.js --output-path dist/webpack",
      ),
    },
  ),
  ...inProject(
    "bundlers",
    { name: "Bundlers, for Node" },
    {
      tsdown: {
        title: "tsdown",
        versions: ["tsdown"],
        build: ["tsdown common/program.js --out-dir dist/tsdown"],
        run: { program: "node dist/tsdown/program.mjs" },
      },
    },
  ),
  ...inProject(
    "bundlers",
    { name: "Workers of a page", note: "Chromium" },
    {
      "dedicated-worker": inWorker("dedicated"),
      "shared-worker": inWorker("shared"),
      "service-worker": inWorker("service"),
    },
  ),
};

/**
 * A page that a bundler has written into its folder in `dist`.
 *
 * @param {string} bundler its package
 * @param {string} title
 * @param {string[]} build
 * @param {string} [folder]
 */
function bundled(bundler, title, build, folder = bundler) {
  return { title, versions: [bundler], build, run: { folder: `dist/${folder}`, page: "/" } };
}

/**
 * The same, of a bundler that takes no page but a script.
 *
 * @param {string} bundler
 * @param {string} title
 * @param {string} command
 * @param {string} [folder]
 */
function withPage(bundler, title, command, folder = bundler) {
  return bundled(bundler, title, [command, `cp index.html dist/${folder}/index.html`], folder);
}

/** @param {"dedicated" | "shared" | "service"} kind */
function inWorker(kind) {
  const page = `${kind}-worker.html`;
  return {
    title: kind,
    build: ["esbuild main.js --bundle --format=esm --outdir=dist/workers", `cp ${page} dist/workers/${page}`],
    run: { folder: "dist/workers", page: `/${page}` },
  };
}
