// Cloudflare's runtime, and the tools that build, run and test for it.

import { inProject } from "./environment.mjs";

export const WRANGLER_DEV =
  "wrangler dev --ip 127.0.0.1 --port {port} --inspector-port 0 --show-interactive-dev-session=false";
const AS_A_MODULE = "--format=esm --conditions=workerd --loader:.wasm=copy --asset-names=[name]";

export const cloudflare = {
  ...inProject(
    "cloudflare",
    { name: "Cloudflare Workers" },
    {
      workerd: {
        title: "workerd alone",
        versions: ["workerd"],
        build: [`esbuild worker.js --bundle ${AS_A_MODULE} --outdir=dist/workerd`],
        run: { server: "workerd serve workerd.capnp --socket-addr http=127.0.0.1:{port}", post: "/" },
      },
      wrangler: { title: "wrangler", versions: ["wrangler"], run: { server: WRANGLER_DEV, post: "/" } },
      "cloudflare-vite-plugin": {
        title: "@cloudflare/vite-plugin",
        versions: ["@cloudflare/vite-plugin"],
        build: ["vite build"],
        run: { server: "vite preview --host 127.0.0.1 --port {port}", post: "/" },
      },
      "cloudflare-vitest-plugin": {
        title: "@cloudflare/vitest-plugin",
        versions: ["@cloudflare/vitest-plugin"],
        run: { test: "vitest run" },
      },
    },
  ),
  ...inProject(
    "vitest-pool-workers",
    { name: "Cloudflare Workers" },
    {
      "vitest-pool-workers": {
        title: "vitest-pool-workers",
        versions: ["@cloudflare/vitest-pool-workers"],
        run: { test: "vitest run" },
      },
    },
  ),
};
