import { defineConfig } from "@playwright/test";
import type { EngineName } from "../../../scripts/setup/engines.mjs";
import type { EngineOptions } from "./support/test.ts";

/** The engines to run in, where some are missing. */
const named = (process.env.ENGINES || "Chromium,Firefox,WebKit").split(",") as EngineName[];

export default defineConfig<object, EngineOptions>({
  testDir: ".",
  testMatch: "*.spec.ts",
  outputDir: "../../../.local/test/engines",
  // One stack for all of them, which two engines can keep busy.
  globalSetup: "./support/global-setup.ts",
  workers: 2,
  retries: 0,
  forbidOnly: true,
  timeout: 240_000,
  reporter: "list",
  // Each test once in each engine, through the driver of that engine: Playwright cannot speak to a distribution's browsers.
  projects: named.map((engineName) => ({ name: engineName, use: { engineName } })),
});
