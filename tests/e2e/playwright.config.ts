import { defineConfig } from "@playwright/test";
import { findHeadlessBrowser } from "../../scripts/setup/browser.mjs";

const executablePath = findHeadlessBrowser();

export default defineConfig({
  testDir: ".",
  testMatch: "**/*.spec.ts",
  // The page's own specs, and those of every engine, are parts of their own.
  testIgnore: ["page/**", "engines/**"],
  outputDir: "../../.local/test/playwright",
  // One stack for all test files, as there is one machine: each test brings what it needs into place.
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 240_000,
  expect: { timeout: 45_000 },
  reporter: "list",
  use: {
    browserName: "chromium",
    viewport: { width: 1280, height: 900 },
    locale: "en-GB",
    timezoneId: "UTC",
    // Recorded all the time it is a third of the work. `--trace on` shows a test that fails.
    trace: "off",
    screenshot: "only-on-failure",
    launchOptions: {
      ...(executablePath === undefined ? {} : { executablePath }),
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
      ],
    },
  },
});
