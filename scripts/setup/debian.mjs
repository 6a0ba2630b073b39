// Programs that set-up takes from Debian's packages, where this is Debian and somebody is root; elsewhere it asks for them.

import { withoutCredentials } from "../base/credentials.mjs";
import { outputOf, run } from "../base/process.mjs";
import { Failure } from "../base/terminal.mjs";

/** Waits for another apt-get, such as a new machine's own upgrades, where it would give up at once. */
const PATIENT = ["--option", "DPkg::Lock::Timeout=300"];

/**
 * @typedef {object} DebianPrograms
 * @property {string} name
 * @property {string} programs in the words of a sentence, for example “nginx and openssl”
 * @property {string[]} packages Debian's
 * @property {number} seconds
 * @property {() => boolean | Promise<boolean>} areThere
 * @property {string} byHand what one can do oneself, after “Install them”
 * @property {boolean} [optional] whether a run goes on without them where they cannot be installed; whoever needs them then
 *   says what is left out
 */

/**
 * @param {DebianPrograms} wanted
 * @returns {import("../base/steps.mjs").Step}
 */
export function fromDebian(wanted) {
  const { name, programs, packages, seconds, areThere, byHand, optional = false } = wanted;
  return {
    name,
    title: `Installing ${programs} (apt-get)`,
    seconds,
    async isDone() {
      if (await areThere()) return true;
      if (process.getuid?.() === 0 && (await outputOf("apt-get", ["--version"])) !== undefined) return false;
      if (optional) return true;
      throw new Failure(`${askFor(wanted)}, then run the command again.`);
    },
    async work(progress) {
      const options = {
        env: { ...withoutCredentials(process.env), DEBIAN_FRONTEND: "noninteractive" },
        ...progress,
        failure: `apt-get could not install ${packages.join(" and ")}. Its last lines say why; install them by hand${byHand}.`,
      };
      await run("apt-get", ["update", ...PATIENT], options);
      await run("apt-get", ["install", "--yes", "--no-install-recommends", ...PATIENT, ...packages], options);
      if (!(await areThere())) {
        throw new Failure(
          `apt-get has installed ${packages.join(" and ")}, but not on the path. Put them there${byHand}.`,
        );
      }
    },
  };
}

/**
 * What a person is asked to do, without a stop at its end.
 *
 * @param {Pick<DebianPrograms, "programs" | "packages" | "byHand">} wanted
 */
export function askFor({ programs, packages, byHand }) {
  return `Missing, whole or in part: ${programs}. Install what is missing (Debian, as root: apt-get install ${packages.join(" ")})${byHand}`;
}
