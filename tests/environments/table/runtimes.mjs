// Programs of the command line: runtimes, what they are packed into, and TypeScript.

import { inProject } from "./environment.mjs";

const CLASSIC = "--bundle --platform=node --format=cjs";
const YARN = ["cp -r common require.cjs pnp", "yarn --cwd pnp install --no-immutable"];
const DENO = "deno run --allow-env --allow-net";

export const runtimes = {
  ...inProject(
    "runtimes",
    { name: "Node", version: "node" },
    {
      node: { title: "import", run: { program: "node common/program.js" } },
      "node-sea": {
        title: "single executable",
        build: [
          `esbuild common/program.js ${CLASSIC} --outfile=sea.cjs`,
          "node --experimental-sea-config sea.json",
          "cp node_modules/node/bin/node consumer",
          "postject consumer NODE_SEA_BLOB sea.blob --sentinel-fuse NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2",
        ],
        run: { program: "./consumer" },
      },
      pnpm: {
        title: "installed by pnpm",
        versions: ["pnpm"],
        build: ["cp -r common strict", "pnpm --dir strict install --no-lockfile"],
        run: { program: "node strict/common/program.js" },
      },
      lambda: {
        title: "for Lambda by esbuild",
        versions: ["esbuild"],
        build: [`esbuild lambda/handler.js ${CLASSIC} --outfile=dist/handler.cjs`],
        run: { program: "node lambda/invoke.cjs" },
      },
    },
  ),
  ...inProject(
    "node-20",
    { name: "Node", version: "node" },
    {
      "node-20": { title: "import", run: { program: "node common/program.js" } },
      "node-20-require": { quick: true, title: "require", run: { program: "node require.cjs" } },
      "yarn-pnp": {
        title: "import under Yarn Plug'n'Play",
        versions: ["@yarnpkg/cli-dist"],
        build: YARN,
        run: { program: "yarn --cwd pnp node common/program.js" },
      },
      "yarn-pnp-require": {
        quick: true,
        title: "require under Yarn Plug'n'Play",
        versions: ["@yarnpkg/cli-dist"],
        build: YARN,
        run: { program: "yarn --cwd pnp node require.cjs" },
      },
    },
  ),
  ...inProject(
    "runtimes",
    { name: "Deno", version: "deno" },
    {
      deno: { title: "run", run: { program: `${DENO} common/program.js` } },
      "deno-bundle": {
        title: "bundle",
        build: ["deno bundle --output dist/deno.js common/program.js"],
        run: { program: `${DENO} dist/deno.js` },
      },
    },
  ),
  ...inProject(
    "runtimes",
    { name: "Bun", version: "bun" },
    {
      bun: { title: "run", run: { program: "bun common/program.js" } },
      "bun-compile": {
        title: "`build --compile`",
        build: ["bun build --compile --outfile dist/bun-compiled common/program.js"],
        run: { program: "dist/bun-compiled" },
      },
    },
  ),
  ...inProject(
    "typescript",
    { name: "TypeScript", version: "typescript" },
    {
      "typescript-node16": { title: "node16, a module", build: ["tsc"], run: { program: "node dist/module.mjs" } },
      "typescript-node16-commonjs": {
        quick: true,
        title: "node16 in CommonJS",
        build: ["tsc"],
        run: { program: "node dist/commonjs.js" },
      },
      tsx: { title: "tsx", versions: ["tsx"], run: { program: "tsx module.mts" } },
      "ts-node": {
        title: "ts-node",
        versions: ["ts-node"],
        run: { program: "node --loader ts-node/esm module.mts" },
      },
    },
  ),
};
