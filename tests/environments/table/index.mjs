// The environments in which the package is tried, and how each is built and run. `npm run test:environments` runs them.
//
// Commands run in the project's folder, with its own programs first on the path. A page (common/page.js) makes the reset by
// itself; to a server the task is posted; a program and a test find it in TASK.

import { cloudflare } from "./cloudflare.mjs";
import { frameworks } from "./frameworks.mjs";
import { pages } from "./pages.mjs";
import { runtimes } from "./runtimes.mjs";
import { testRunners } from "./test-runners.mjs";

/** @typedef {import("./environment.mjs").Environment} Environment */

/** @type {Record<string, Environment>} */
export const environments = { ...runtimes, ...testRunners, ...pages, ...frameworks, ...cloudflare };
