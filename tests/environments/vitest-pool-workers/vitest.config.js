import { cloudflareTest } from "@cloudflare/vitest-pool-workers";

const bindings = { TASK: process.env.TASK };
export default { plugins: [cloudflareTest({ wrangler: { configPath: "wrangler.jsonc" }, miniflare: { bindings } })] };
