// The other two engines in which the page and the button are tested, beside Chromium. Firefox' driver is a cargo tool.

import { findProgram } from "./browser.mjs";
import { askFor, fromDebian } from "./debian.mjs";

/** @typedef {"Chromium" | "Firefox" | "WebKit"} EngineName */

const firefox = {
  name: "firefox",
  programs: "Firefox",
  packages: ["firefox-esr"],
  seconds: 20,
  areThere: () => findFirefox() !== undefined,
  byHand: ", or name it in FIREFOX_PATH",
  optional: true,
};

const webKit = {
  name: "webkit",
  programs: "WebKitGTK, its driver and Xvfb",
  packages: ["webkit2gtk-driver", "xvfb", "xauth"],
  seconds: 20,
  areThere: () =>
    ["WebKitWebDriver", "xvfb-run", "xauth"].every((name) => findProgram(undefined, [name]) !== undefined),
  byHand: "; there is none for macOS",
  optional: true,
};

/** Set-up's steps; a run goes on without what they cannot install. */
export const firefoxStep = fromDebian(firefox);
export const webKitStep = fromDebian(webKit);

/** The path of Firefox, or `undefined`. `FIREFOX_PATH` comes first. */
export function findFirefox(env = process.env) {
  return findProgram(env.FIREFOX_PATH, ["firefox-esr", "firefox"], env);
}

/** Which engines are not on this machine, and what to do about each. @returns {{ engine: EngineName, remedy: string }[]} */
export function missingEngines() {
  /** @type {{ engine: EngineName, remedy: string }[]} */
  const missing = [];
  if (!firefox.areThere()) missing.push({ engine: "Firefox", remedy: askFor(firefox) });
  if (!webKit.areThere()) missing.push({ engine: "WebKit", remedy: askFor(webKit) });
  return missing;
}
