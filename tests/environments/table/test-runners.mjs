// Test runners, in Node and in what stands for a browser.

import { inProject } from "./environment.mjs";

export const testRunners = {
  ...inProject(
    "jest",
    { name: "Jest", version: "jest" },
    {
      jest: { quick: true, title: "as it comes", run: { test: "jest default" } },
      "jest-esm": {
        quick: true,
        title: "ES modules",
        run: { test: "jest esm" },
        env: { NODE_OPTIONS: "--experimental-vm-modules" },
      },
      "jest-jsdom": {
        quick: true,
        title: "jest-environment-jsdom",
        versions: ["jest-environment-jsdom"],
        run: { test: "jest default --env jsdom" },
        limit:
          "The WebAssembly could not be loaded. There is no TextDecoder here: make node:util's global first. Nothing was sent.",
      },
      "jest-fixed-jsdom": {
        quick: true,
        title: "jest-fixed-jsdom",
        versions: ["jest-fixed-jsdom"],
        run: { test: "jest default --env jest-fixed-jsdom --setupFiles ./web-crypto.js" },
        needs: "`globalThis.crypto = webcrypto` of node:crypto in a set-up file, where it signs",
      },
    },
  ),
  ...inProject(
    "vitest",
    { name: "Vitest", version: "vitest" },
    {
      vitest: { quick: true, title: "Node", run: { test: "vitest run" } },
      "vitest-jsdom": {
        quick: true,
        title: "jsdom",
        versions: ["jsdom"],
        run: { test: "vitest run --environment jsdom" },
      },
      "vitest-happy-dom": {
        quick: true,
        title: "happy-dom",
        versions: ["happy-dom"],
        run: { test: "vitest run --environment happy-dom" },
      },
    },
  ),
};
