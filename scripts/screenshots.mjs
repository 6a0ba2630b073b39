// Takes pictures of each screen of the page, light and dark, wide and narrow, on a stack of its own with seeded data.
//
// usage: npm run screenshots [-- --only NAME]
//
// The pictures go to docs/screenshots/. Talks to nothing but the simulator on this machine.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { repository } from "./base/environment.mjs";
import { runMain, say } from "./base/terminal.mjs";
import { setUp } from "./setup.mjs";

const SIZES = { wide: { width: 1280, height: 900 }, narrow: { width: 360, height: 780 } };
const THEMES = /** @type {const} */ (["light", "dark"]);

await runMain(async () => {
  const { values } = parseArgs({ options: { only: { type: "string" } } });
  await setUp({ browser: true });
  // Only now are the packages there for sure.
  const { chromium } = await import("@playwright/test");
  const { startStack } = await import("./stack.mjs");
  const { fillWorkspace } = await import("./pictures/workspace.mjs");
  const { findBrowser } = await import("./setup/browser.mjs");

  const stack = await startStack({ users: 60, approveAfter: null, vars: { RATE_LIMITS: "off" } });
  const executablePath = findBrowser();
  const browser = await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: ["--no-sandbox", "--disable-gpu", "--lang=en-GB"],
  });
  try {
    const { records, free, token } = await fillWorkspace(stack);
    /** @type {Record<string, { path: string, signedOut?: boolean, full?: boolean, before?: (page: import("@playwright/test").Page) => Promise<void> }>} */
    const screens = {
      "signed-out": { path: "/", signedOut: true },
      users: { path: "/" },
      "users-found": { path: "/?q=haddad" },
      "users-nobody": { path: "/?q=nobody+like+this" },
      dialog: { path: `/?reset=${free}` },
      "dialog-form": {
        path: `/?reset=${free}`,
        before: async (page) => {
          await page.getByRole("button", { name: "Propose the reset" }).click();
          await page.waitForTimeout(400);
        },
      },
      follow: { path: `/resets/${records.approvalRequested}`, full: true },
      pairing: { path: `/resets/${records.awaitingPairing}` },
      completed: { path: `/resets/${records.completed}`, full: true },
      refused: { path: `/resets/${records.refused}` },
      unknown: { path: `/resets/${records.unknown}`, full: true },
      proposed: { path: `/resets/${records.proposed}` },
      history: { path: "/resets" },
      queue: { path: "/queue" },
      button: {
        path: "/button",
        before: async (page) => {
          await page.getByLabel("User id").fill(free);
          await page.getByRole("button", { name: "Reset mobile device" }).waitFor();
        },
      },
      shortcuts: { path: "/", before: (page) => page.keyboard.press("?") },
      account: { path: "/", before: (page) => page.getByRole("button", { name: /^Account/ }).click() },
      "not-found": { path: "/nowhere" },
    };
    const folder = join(repository, "docs", "screenshots");
    mkdirSync(folder, { recursive: true });
    for (const [name, { path, signedOut, full, before }] of Object.entries(screens)) {
      if (values.only !== undefined && values.only !== name) continue;
      for (const theme of THEMES) {
        for (const [size, viewport] of Object.entries(SIZES)) {
          const context = await browser.newContext({
            viewport,
            colorScheme: theme,
            reducedMotion: "reduce",
            locale: "en-GB",
            timezoneId: "Europe/Zurich",
          });
          if (!signedOut) await context.addCookies([{ name: "CF_Authorization", value: token, url: stack.url }]);
          const page = await context.newPage();
          await page.goto(stack.url + path, { waitUntil: "networkidle" });
          await page.evaluate(() => document.fonts.ready);
          await before?.(page);
          await page.waitForTimeout(600);
          await page.screenshot({ path: join(folder, `${name}-${theme}-${size}.png`), fullPage: full ?? false });
          await context.close();
        }
      }
      say(`docs/screenshots/${name}-*.png`);
    }
  } finally {
    await browser.close();
    await stack.stop();
  }
});
