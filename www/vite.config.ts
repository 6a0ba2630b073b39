import { defineConfig } from "vite";
import { paintFirst } from "./build/first-paint.ts";
import { iconSheets, withoutBundledIcons } from "./build/icons.ts";
import { oneClient } from "./build/one-client.ts";

export default defineConfig({
  plugins: [iconSheets(), withoutBundledIcons(), oneClient(), paintFirst()],
  build: {
    target: "es2022",
    // The Content-Security-Policy lets in no data: addresses.
    assetsInlineLimit: 0,
    // Its inline script would be refused by the policy, and every browser that has Trusted Types has modulepreload.
    modulePreload: { polyfill: false },
  },
});
