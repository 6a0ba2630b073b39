// Chromium and its driver, for the tests that need a real browser.

import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { toolEnvironment } from "../base/environment.mjs";
import { fromDebian } from "./debian.mjs";

export const testBrowser = fromDebian({
  name: "browser",
  programs: "Chromium and chromedriver",
  packages: ["chromium", "chromium-driver", "chromium-headless-shell"],
  seconds: 40,
  areThere: () => findBrowser() !== undefined && findDriver() !== undefined,
  byHand: " in the same version, or name them in CHROME_PATH and CHROMEDRIVER",
});

const CHROMIUM = ["chromium", "chromium-browser", "google-chrome"];

/** How Playwright starts Chromium here. A browser gets no credentials either. */
export function browserOptions(executablePath = findBrowser()) {
  return { ...(executablePath && { executablePath }), args: ["--no-sandbox"], env: toolEnvironment() };
}

/** The path of Chromium, or `undefined`. `CHROME_PATH` comes first. */
export function findBrowser(env = process.env) {
  return findProgram(env.CHROME_PATH, CHROMIUM, env);
}

/**
 * The path of Chromium's headless shell, in which Playwright tests by default: the same engine without windows, which
 * opens a page in two thirds of the time. Else that of Chromium, or `undefined`. `CHROME_PATH` comes first.
 */
export function findHeadlessBrowser(env = process.env) {
  return findProgram(env.CHROME_PATH, ["chromium-headless-shell", ...CHROMIUM], env);
}

/** The path of chromedriver, or `undefined`. `CHROMEDRIVER` comes first, the name that wasm-bindgen's test runner reads. */
export function findDriver(env = process.env) {
  return findProgram(env.CHROMEDRIVER, ["chromedriver"], env);
}

/**
 * The path of a program by its names on the path, or the path by which it is named.
 *
 * @param {string | undefined} named
 * @param {string[]} names
 * @param {NodeJS.ProcessEnv} [env]
 */
export function findProgram(named, names, env = process.env) {
  if (named) return existsSync(named) ? named : undefined;
  const folders = (env.PATH ?? "").split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
}
