import { join } from "node:path";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

// Paths are this folder's, wherever the tests are started from.
const here = import.meta.dirname;

// One file at a time: they share the simulator, and some measure time.
const common = { fileParallelism: false, testTimeout: 30_000, hookTimeout: 60_000 };

export default defineConfig(async () => {
  const migrations = await readD1Migrations(join(here, "migrations"));
  return {
    test: {
      fileParallelism: false,
      projects: [
        {
          // In workerd: each file by itself beside it (src), and the whole against the real simulator (test).
          plugins: [
            cloudflareTest(({ inject }) => ({
              wrangler: { configPath: join(here, "..", "wrangler.jsonc") },
              miniflare: { bindings: { TEST_MIGRATIONS: migrations, TEST_SIMULATOR: { ...inject("simulator") } } },
            })),
          ],
          test: {
            ...common,
            name: "workerd",
            include: ["src/**/*.test.ts", "test/*.test.ts"],
            globalSetup: ["test/setup/simulator.ts"],
          },
        },
        {
          // From outside, against the whole stack under `wrangler dev`.
          test: { ...common, name: "stack", environment: "node", include: ["test/stack/*.test.ts"] },
        },
      ],
    },
  };
});
