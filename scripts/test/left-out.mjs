// Which of the three engines a part runs in, and what is said of those that it leaves out. What was not run has shown
// nothing: it has failed, unless somebody has said beforehand that it will be missing.

/** @typedef {import("../setup/engines.mjs").EngineName} EngineName */

/** @type {readonly EngineName[]} */
const ENGINES = ["Chromium", "Firefox", "WebKit"];

/**
 * @param {{ engine: EngineName, remedy: string }[]} missing
 * @param {NodeJS.ProcessEnv} [env] `WITHOUT_ENGINES` names those that are expected to be missing, with commas
 * @returns {{ engines: EngineName[], failures: string[], skipped: string[] }} the engines that are there; a sentence for each
 *   of the others
 */
export function leftOut(missing, env = process.env) {
  const named = (env.WITHOUT_ENGINES ?? "").split(",").map((name) => name.trim());
  const expected = (/** @type {EngineName} */ engine) => named.includes(engine);
  return {
    engines: ENGINES.filter((engine) => missing.every((one) => one.engine !== engine)),
    failures: missing
      .filter(({ engine }) => !expected(engine))
      .map(({ engine, remedy }) => `${engine} is left out: ${remedy}, or run with WITHOUT_ENGINES=${engine}.`),
    skipped: missing
      .filter(({ engine }) => expected(engine))
      .map(({ engine }) => `${engine} is left out, as WITHOUT_ENGINES says.`),
  };
}
