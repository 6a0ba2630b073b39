// Takes pictures of each state of the page, light and dark, wide and narrow, on a stack of its own with seeded data.
//
// usage: npm run screenshots [-- --only NAME[,NAME…]] [--to FOLDER]
//
// The pictures go to docs/screenshots/. Talks to nothing but the simulator on this machine.

import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { repository, toolEnvironment } from "./base/environment.mjs";
import { Failure, runMain, say } from "./base/terminal.mjs";
import { pictureName, SIZES, THEMES } from "./pictures/names.mjs";
import { callAsOwnPage } from "./pictures/own-page.mjs";
import { setUp } from "./setup.mjs";

await runMain(async () => {
  const { values } = parseArgs({ options: { only: { type: "string" }, to: { type: "string" } } });
  await setUp({ browser: true });
  // Only now are the packages there for sure.
  const { chromium } = await import("@playwright/test");
  const { startStack } = await import("./stack.mjs");
  const { fillWorkspace, SECOND_PERSON } = await import("./pictures/workspace.mjs");
  const { show, states, withSettings } = await import("./pictures/states.mjs");
  const { findBrowser } = await import("./setup/browser.mjs");

  const names = values.only?.split(",") ?? Object.keys(states);
  const strange = names.find((name) => !(name in states));
  if (strange !== undefined) throw new Failure(`There is no picture of ${strange}: ${Object.keys(states).join(", ")}.`);
  const folder = values.to === undefined ? join(repository, "docs", "screenshots") : resolve(values.to);
  mkdirSync(folder, { recursive: true });

  const stack = await startStack({ users: 60, approveAfter: null, vars: { RATE_LIMITS: "off" } });
  const executablePath = findBrowser();
  const browser = await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: ["--no-sandbox", "--disable-gpu"],
    // Date fields are in the browser's own language, whatever a page's is: both are the same on every machine.
    env: { ...toolEnvironment(), LANGUAGE: "en_US" },
  });
  try {
    const workspace = await fillWorkspace(stack);
    for (const name of names) {
      const state = states[name];
      if (state === undefined) continue;
      await withSettings(stack, state, SECOND_PERSON, async () => {
        for (const theme of THEMES) {
          for (const [size, viewport] of Object.entries(SIZES)) {
            const context = await browser.newContext({
              viewport,
              colorScheme: theme,
              reducedMotion: "reduce",
              locale: "en-US",
              timezoneId: "Europe/Zurich",
            });
            callAsOwnPage(context, stack.url);
            const page = await context.newPage();
            await show(page, state, stack, workspace);
            // What stays at the top belongs to the top of a picture of the whole page.
            if (state.full) await page.evaluate(() => scrollTo(0, 0));
            const path = join(folder, pictureName(name, theme, size));
            await page.screenshot({ path, fullPage: state.full ?? false });
            await context.close();
          }
        }
      });
      say(`${name}-*.png`);
    }
  } finally {
    await browser.close();
    await stack.stop();
  }
});
