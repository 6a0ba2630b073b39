// Frameworks: what their servers run, and their pages.

import { WRANGLER_DEV } from "./cloudflare.mjs";
import { inProject } from "./environment.mjs";

const NUXT = "node .output/server/index.mjs";
const ASTRO = "node dist/server/entry.mjs";
const REACT_ROUTER = "react-router-serve build/server/index.js";
const svelteKit = (/** @type {"node" | "cloudflare"} */ target) => ({
  build: ["vite build"],
  env: { ADAPTER: `@sveltejs/adapter-${target}` },
});

export const frameworks = {
  ...inProject("next-16", { name: "Next.js", version: "next", note: "Turbopack" }, next(16)),
  ...inProject("next-15", { name: "Next.js", version: "next", note: "webpack" }, next(15)),
  ...inProject(
    "nuxt",
    { name: "Nuxt", version: "nuxt" },
    {
      nuxt: { title: "Node preset", build: ["nuxt build"], run: { server: NUXT, post: "/api/reset" } },
      "nuxt-page": { title: "page", build: ["nuxt build"], run: { server: NUXT, page: "/" } },
      "nuxt-cloudflare": {
        quick: true,
        title: "cloudflare_module",
        build: ["nuxt build"],
        run: { server: WRANGLER_DEV, post: "/api/reset" },
        env: { NITRO_PRESET: "cloudflare_module" },
        needs: "`nitro: { experimental: { wasm: true } }` in nuxt.config",
      },
    },
  ),
  ...inProject(
    "sveltekit",
    { name: "SvelteKit", version: "@sveltejs/kit" },
    {
      "sveltekit-node": {
        title: "adapter-node",
        versions: ["@sveltejs/adapter-node"],
        ...svelteKit("node"),
        run: { server: "node build", post: "/reset" },
      },
      "sveltekit-page": { title: "page", ...svelteKit("node"), run: { server: "node build", page: "/" } },
      "sveltekit-cloudflare": {
        title: "adapter-cloudflare",
        versions: ["@sveltejs/adapter-cloudflare"],
        ...svelteKit("cloudflare"),
        run: { server: WRANGLER_DEV, post: "/reset" },
      },
    },
  ),
  ...inProject(
    "astro",
    { name: "Astro", version: "astro" },
    {
      astro: { title: "endpoint", build: ["astro build"], run: { server: ASTRO, post: "/reset" } },
      "astro-page": { title: "page", build: ["astro build"], run: { server: ASTRO, page: "/" } },
    },
  ),
  ...inProject(
    "react-router",
    { name: "React Router", version: "react-router" },
    {
      "react-router": {
        title: "action",
        build: ["react-router build"],
        run: { server: REACT_ROUTER, post: "/reset" },
      },
      "react-router-page": {
        title: "page",
        build: ["react-router build"],
        run: { server: REACT_ROUTER, page: "/" },
      },
    },
  ),
  ...inProject(
    "angular",
    { name: "Angular", version: "@angular/core" },
    { angular: { title: "page", build: ["ng build"], run: { folder: "dist/browser", page: "/" } } },
  ),
};

/**
 * The parts of an application of Next.js, in common/next. The Edge runtime is one of its own, so that the other can be built
 * where this one cannot.
 *
 * @param {15 | 16} major
 */
function next(major) {
  /** @param {"node" | "edge"} folder */
  const application = (folder) => ({
    build: [`next build common/next/${folder}`],
    server: `next start common/next/${folder} --hostname 127.0.0.1 --port {port}`,
  });
  const { build, server } = application("node");
  const edge = application("edge");
  return {
    [`next-${major}`]: { title: "route handler", build, run: { server, post: "/api/reset" } },
    [`next-${major}-server`]: { title: "server component", build, run: { server, get: "/server" } },
    [`next-${major}-client`]: { title: "client component", build, run: { server, page: "/client" } },
    [`next-${major}-edge`]: {
      quick: major === 16,
      title: "Edge runtime",
      build: edge.build,
      run: { server: edge.server, post: "/reset" },
    },
  };
}
