import { defineConfig } from "@playwright/test";
import { browserOptions, findHeadlessBrowser } from "../../scripts/setup/browser.mjs";

export default defineConfig({
  testDir: ".",
  testMatch: "*.spec.ts",
  outputDir: "../../test-results/button",
  // Most of a test is waiting.
  fullyParallel: true,
  workers: 3,
  timeout: 30_000,
  use: { launchOptions: browserOptions(findHeadlessBrowser()) },
});
