import { defineConfig } from "@playwright/test";
import { findBrowser } from "../../scripts/setup/browser.mjs";

const executablePath = findBrowser();

export default defineConfig({
  testDir: ".",
  testMatch: "*.spec.ts",
  outputDir: "../../test-results/button",
  workers: 2,
  timeout: 30_000,
  use: { launchOptions: { ...(executablePath && { executablePath }), args: ["--no-sandbox"] } },
});
