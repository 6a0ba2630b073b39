import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "command",
    include: ["*.test.ts"],
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 180_000,
  },
});
