// Chromium and its driver, for the tests that need a real browser.

import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { withoutCredentials } from "../base/credentials.mjs";
import { toolEnvironment } from "../base/environment.mjs";
import { outputOf, run, step } from "../base/process.mjs";
import { Failure } from "../base/terminal.mjs";

/** Finds Chromium and chromedriver, and installs them by apt-get where that is possible. */
export async function setUpBrowser() {
  if (findBrowser() !== undefined && findDriver() !== undefined) return;
  if (process.getuid?.() !== 0 || (await outputOf("apt-get", ["--version"])) === undefined) {
    throw new Failure(
      "Chromium or chromedriver was not found. Install both in the same version (Debian, as root: apt-get install chromium " +
        "chromium-driver), or name them in CHROME_PATH and CHROMEDRIVER, then run the command again.",
    );
  }
  const env = { ...withoutCredentials(process.env), DEBIAN_FRONTEND: "noninteractive" };
  const failure =
    "apt-get could not install chromium and chromium-driver. Its last lines say why; install them by hand, or name them in " +
    "CHROME_PATH and CHROMEDRIVER.";
  await step("Installing Chromium (apt-get)", async (onLine) => {
    await run("apt-get", ["update"], { env, onLine, failure });
    await run("apt-get", ["install", "--yes", "--no-install-recommends", "chromium", "chromium-driver"], {
      env,
      onLine,
      failure,
    });
  });
  if (findBrowser() === undefined || findDriver() === undefined) {
    throw new Failure(
      "apt-get has installed chromium and chromium-driver, but they are not on the path. Name them in CHROME_PATH and CHROMEDRIVER.",
    );
  }
}

/** How Playwright starts Chromium here. A browser gets no credentials either. */
export function browserOptions() {
  const executablePath = findBrowser();
  return { ...(executablePath && { executablePath }), args: ["--no-sandbox"], env: toolEnvironment() };
}

/** The path of Chromium, or `undefined`. `CHROME_PATH` comes first. */
export function findBrowser(env = process.env) {
  return findProgram(env.CHROME_PATH, ["chromium", "chromium-browser", "google-chrome"], env);
}

/** The path of chromedriver, or `undefined`. `CHROMEDRIVER` comes first, the name that wasm-bindgen's test runner reads. */
export function findDriver(env = process.env) {
  return findProgram(env.CHROMEDRIVER, ["chromedriver"], env);
}

/**
 * @param {string | undefined} named
 * @param {string[]} names
 * @param {NodeJS.ProcessEnv} env
 */
function findProgram(named, names, env) {
  if (named) return existsSync(named) ? named : undefined;
  const folders = (env.PATH ?? "").split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
}
