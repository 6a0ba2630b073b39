// Sets up everything that building, running and testing need. Does only what is missing: a second run takes a moment.
//
// usage: npm run setup [-- --browser]
//
// Runs on plain Node from 20.19 on, without any package: in a clean clone there is none yet. The same holds for every
// script that calls it first.

import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { runMain, say } from "./base/terminal.mjs";
import { setUpBrowser } from "./setup/browser.mjs";
import { setUpCargoTools } from "./setup/cargo-tools.mjs";
import { checkNode, setUpPackages } from "./setup/packages.mjs";
import { setUpRust } from "./setup/rust.mjs";

/**
 * @param {{ browser?: boolean }} [parts] `browser`: also Chromium and its driver, which only tests and screenshots need
 */
export async function setUp({ browser = false } = {}) {
  checkNode();
  await setUpRust();
  await setUpCargoTools();
  await setUpPackages();
  if (browser) await setUpBrowser();
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await runMain(async () => {
    const { values } = parseArgs({ options: { browser: { type: "boolean", default: false } } });
    await setUp(values);
    say("Everything is set up.");
  });
}
