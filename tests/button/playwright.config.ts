import { defineConfig } from "@playwright/test";
import { browserOptions, findHeadlessBrowser } from "../../scripts/setup/browser.mjs";

export default defineConfig({
  testDir: ".",
  testMatch: "*.spec.ts",
  outputDir: "../../test-results/button",
  workers: 2,
  timeout: 30_000,
  use: { launchOptions: browserOptions(findHeadlessBrowser()) },
});
