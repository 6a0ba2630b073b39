import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "chaos",
    include: ["**/*.test.ts"],
    // A long storm, and then the leases of 75 seconds run out.
    hookTimeout: 40 * 60_000,
    testTimeout: 60_000,
    disableConsoleIntercept: true,
  },
});
