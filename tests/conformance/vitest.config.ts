import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "conformance",
    include: ["**/*.test.ts"],
    globalSetup: ["support/artifacts-exist.ts"],
    setupFiles: ["support/loopback-only.ts"],
    // Credentials of a real workspace, as a developer may have them; support/loopback-only.ts must take them away.
    env: {
      FIREBLOCKS_API_KEY: "a-real-looking-api-key",
      FIREBLOCKS_SECRET_KEY: "a-real-looking-secret-key",
      FIREBLOCKS_BASE_PATH: "https://api.fireblocks.io/v1",
    },
    // Every file has a simulator of its own, and the machine may be small.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // An error that nobody handled is a failure of the client, whichever test it came from.
    dangerouslyIgnoreUnhandledErrors: false,
  },
});
