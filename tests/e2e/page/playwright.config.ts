import { defineConfig } from "@playwright/test";
import base from "../playwright.config.ts";

export default defineConfig(base, {
  testDir: ".",
  testIgnore: [],
  outputDir: "../../../.local/test/playwright-page",
  // Each with a stack of its own: one alone leaves the second core idle for most of the time.
  workers: 2,
});
