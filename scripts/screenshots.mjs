// Takes pictures of the page's states on a stack of its own with seeded data: those that the documents show, or all.
// Talks to nothing but the simulator on this machine.
//
// usage: npm run screenshots [-- --all | --only NAME[,NAME…]] [--to FOLDER]

import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { localFolder, toolEnvironment } from "./base/environment.mjs";
import { Failure, formatDuration, runMain, say } from "./base/terminal.mjs";
import { documentPictures, pictures, shownPictures } from "./screenshots/names.mjs";
import { callAsOwnPage } from "./screenshots/own-page.mjs";
import { setUp } from "./setup.mjs";

const HELP = `npm run screenshots [-- --all | --only NAME[,NAME…]] [--to FOLDER]

Takes anew the pictures that README.md and docs/ show; docs/screenshots/ then holds no others.

  --all         every state, light and dark, wide and narrow
  --only NAMES  the states of these names
  --to FOLDER   where they are put; default with these options: .local/screenshots/, which git does not keep`;

await runMain(async () => {
  const { values } = parseArgs({
    options: {
      all: { type: "boolean", default: false },
      only: { type: "string" },
      to: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const forDocuments = !values.all && values.only === undefined;
  await setUp({ browser: true });
  // Only now are the packages there for sure.
  const { chromium } = await import("@playwright/test");
  const { default: sharp } = await import("sharp");
  const { startStack } = await import("./stack.mjs");
  const { fillWorkspace } = await import("./screenshots/workspace.mjs");
  const { leave, show, states } = await import("./screenshots/states.mjs");
  const { browserOptions } = await import("./setup/browser.mjs");

  const names = values.only?.split(",") ?? Object.keys(states);
  const strange = names.find((name) => !(name in states));
  if (strange !== undefined) throw new Failure(`There is no state ${strange}: ${Object.keys(states).join(", ")}.`);
  const shown = shownPictures();
  const wanted = names.flatMap(pictures).filter(({ file }) => !forDocuments || shown.includes(file));
  const folder = resolve(values.to ?? (forDocuments ? documentPictures : join(localFolder, "screenshots")));
  mkdirSync(folder, { recursive: true });

  const stack = await startStack({ users: 60, approveAfter: null, vars: { RATE_LIMITS: "off" } });
  const options = browserOptions();
  const browser = await chromium.launch({
    ...options,
    args: [...options.args, "--disable-gpu"],
    // Date fields are in the browser's own language, whatever a page's is: both are the same on every machine.
    env: { ...toolEnvironment(), LANGUAGE: "en_US" },
  });
  try {
    const workspace = await fillWorkspace(stack);
    for (const [name, state] of Object.entries(states)) {
      const own = wanted.filter((picture) => picture.state === name);
      if (own.length === 0) continue;
      const began = Date.now();
      for (const { theme, viewport, file } of own) {
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
        const picture = await page.screenshot({ fullPage: state.full ?? false });
        // Few colours, of which no eye sees the difference: a third of the bytes.
        await sharp(picture)
          .png({ palette: true, dither: 0, effort: 10, compressionLevel: 9 })
          .toFile(join(folder, file));
        await leave(page);
        await context.close();
      }
      say(`✓ ${own.map(({ file }) => file).join(", ")}: ${formatDuration(Date.now() - began)}`);
    }
  } finally {
    await browser.close();
    await stack.stop();
  }
  if (forDocuments && values.to === undefined) {
    for (const file of readdirSync(folder).filter((file) => !shown.includes(file))) rmSync(join(folder, file));
  }
});
