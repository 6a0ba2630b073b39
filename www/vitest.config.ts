import { defineConfig } from "vitest/config";

// The page's pure rules. What is drawn, and what happens on it, is tested in Chromium (tests/e2e/page).
export default defineConfig({ test: { include: ["src/**/*.test.ts"], environment: "node" } });
