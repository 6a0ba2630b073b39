// Sets up everything that building, running and testing need. Does only what is missing: a second run takes a moment.
//
// usage: npm run setup [-- --browser --engines --nginx]
//
// Runs on plain Node from 20.19 on, without any package: in a clean clone there is none yet. The same holds for every
// script that calls it first.

import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { take } from "./base/steps.mjs";
import { runMain, say } from "./base/terminal.mjs";
import { testBrowser } from "./setup/browser.mjs";
import { cargoToolSteps } from "./setup/cargo-tools.mjs";
import { firefoxStep, webKitStep } from "./setup/engines.mjs";
import { nginx } from "./setup/nginx.mjs";
import { checkNode, npmPackages } from "./setup/packages.mjs";
import { rustToolchain } from "./setup/rust.mjs";

/**
 * What only some of the tests need: `browser`, Chromium and its driver, also for screenshots; `engines`, Firefox and WebKit
 * with theirs; `nginx`, for the relay.
 *
 * @typedef {{ browser?: boolean, engines?: boolean, nginx?: boolean }} Extras
 */

/** @param {Extras} [extras] */
export function setUpSteps(extras = {}) {
  checkNode();
  /** @type {import("./base/steps.mjs").Step[]} */
  const fromDebian = [];
  if (extras.browser) fromDebian.push(testBrowser);
  if (extras.engines) fromDebian.push(firefoxStep, webKitStep);
  if (extras.nginx) fromDebian.push(nginx);
  // Not at the same time: apt-get waits for nobody.
  const oneByOne = fromDebian.map((step, index) => ({
    ...step,
    after: fromDebian.slice(0, index).map(({ name }) => name),
  }));
  return [rustToolchain, ...cargoToolSteps(extras), npmPackages, ...oneByOne];
}

/** @param {Extras} [extras] */
export async function setUp(extras) {
  await take(setUpSteps(extras));
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await runMain(async () => {
    const { values } = parseArgs({
      options: { browser: { type: "boolean" }, engines: { type: "boolean" }, nginx: { type: "boolean" } },
    });
    await setUp(values);
    say("Everything is set up.");
  });
}
