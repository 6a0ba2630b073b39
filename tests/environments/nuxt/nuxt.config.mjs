export default defineNuxtConfig({
  compatibilityDate: "2026-07-01",
  // The line that the table tells of; Node needs none.
  ...(process.env.NITRO_PRESET === "cloudflare_module" && { nitro: { experimental: { wasm: true } } }),
});
