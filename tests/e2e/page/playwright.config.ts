import { defineConfig } from "@playwright/test";
import base from "../playwright.config.ts";

export default defineConfig(base, { testDir: ".", testIgnore: [], outputDir: "../../../.local/test/playwright-page" });
