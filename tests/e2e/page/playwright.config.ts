import { defineConfig } from "@playwright/test";
import base from "../playwright.config.ts";

export default defineConfig(base, {
  testDir: ".",
  testIgnore: [],
  outputDir: "../../../.local/test/playwright-page",
  // Each with a stack of its own: one alone leaves the second core idle for most of the time.
  workers: 2,
  // What moves draws sixty frames a second, of which no test looks at one but those that ask for it.
  use: { contextOptions: { reducedMotion: "reduce" } },
});
