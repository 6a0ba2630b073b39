import { join } from "node:path";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";
import { documentedRoutes } from "./test/setup/routes.mjs";
import { WORKERS } from "./test/setup/simulator";

// Paths are this folder's, wherever the tests are started from.
const here = import.meta.dirname;

const common = { testTimeout: 30_000, hookTimeout: 60_000 };

export default defineConfig(async () => {
  const migrations = await readD1Migrations(join(here, "migrations"));
  return {
    test: {
      projects: [
        {
          // In workerd: each file by itself beside it (src), and the whole against the real simulator (test).
          plugins: [
            cloudflareTest(({ inject }) => ({
              wrangler: { configPath: join(here, "..", "wrangler.jsonc") },
              miniflare: {
                bindings: {
                  TEST_MIGRATIONS: migrations,
                  TEST_SIMULATORS: inject("simulators").map((one) => ({ ...one })),
                  TEST_ROUTES: documentedRoutes(),
                },
              },
            })),
          ],
          test: {
            ...common,
            name: "workerd",
            maxWorkers: WORKERS,
            include: ["src/**/*.test.ts", "test/*.test.ts"],
            globalSetup: ["test/setup/simulator.ts"],
          },
        },
        {
          // From outside, against the whole stack under `wrangler dev`. One file at a time: they compare times.
          test: {
            ...common,
            name: "stack",
            fileParallelism: false,
            environment: "node",
            include: ["test/stack/*.test.ts"],
          },
        },
      ],
    },
  };
});
