// Runs the whole project on this machine: the simulated Fireblocks, the worker and the admin page.
//
// usage: npm start [-- options]      npm start -- --help

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { artifactNames, artifactSteps } from "./artifacts.mjs";
import { localFolder } from "./base/environment.mjs";
import { take } from "./base/steps.mjs";
import { Failure, formatDuration, runMain, say, sayFailure, showLast } from "./base/terminal.mjs";
import { mailsOnPage } from "./mails.mjs";
import { setUpSteps } from "./setup.mjs";
import { freePort, localRoles, runScheduled, startStack } from "./stack.mjs";
import { checkLive, liveOptions, startLive } from "./start/live.mjs";
import { policySettings } from "./start/policy.mjs";

const DEFAULT_PORT = 8787;
const SCHEDULE_MS = 5_000;
const MAILS_MS = 2_000;

const HELP = `npm start [-- options]

Starts the admin page with a simulated Fireblocks on this machine. Sets up and builds what is missing first; what then runs
speaks to nothing outside this machine, whatever the environment holds.

  --port N                 port of the page (default ${DEFAULT_PORT}, or a free one)
  --simulator-port N       port of the simulator (default: a free one)
  --users N                users in the simulated workspace (default 60)
  --approve-after SECONDS  when a reset is approved by itself, or "never" (default 15)
  --set NAME=VALUE         a setting of the worker, for example REQUIRE_SECOND_PERSON=true; may be repeated. The policy that
                           docs/deploy.md recommends is on, with waits of seconds; --set POLICY= goes without
  --data DIR               where data is kept between runs (default .local/stack, with --live .local/live)
  --fresh                  forget the data of earlier runs
  --help

Who may do what: ${localRoles.resetter.join(" and ")} may ask for resets,
${localRoles.viewer[0]} may look, ${localRoles.auditor[0]} may read the history,
and eli.brandt@northwind.example may do nothing. Logs are in logs/ where the data is; the line of JSON in simulator.log has
the addresses of the simulated Fireblocks and of its control.

Against a real workspace (reads FIREBLOCKS_API_KEY, FIREBLOCKS_SECRET_KEY and FIREBLOCKS_BASE_PATH):

  --live                   no simulator; resets are real. Asks for the workspace's name first
  --access-team URL        your Cloudflare Access team, for example https://team.cloudflareaccess.com
  --access-aud TAG         the audience tag of the Access application
  --hostname NAME          the hostname that the Access application protects and that leads to this port
  --resetter E-MAIL        who may reset; may be repeated
  --viewer E-MAIL          who may look; may be repeated
  --auditor E-MAIL         who may read the history; may be repeated`;

const options = /** @type {const} */ ({
  help: { type: "boolean", short: "h", default: false },
  port: { type: "string" },
  "simulator-port": { type: "string" },
  users: { type: "string" },
  "approve-after": { type: "string" },
  set: { type: "string", multiple: true, default: /** @type {string[]} */ ([]) },
  data: { type: "string" },
  fresh: { type: "boolean", default: false },
  ...liveOptions,
});

await runMain(async () => {
  const began = Date.now();
  const values = parseOptions();
  if (values.help) {
    console.log(HELP);
    return;
  }
  const port = numberOption("--port", values.port, 1, 65_535);
  const simulatorPort = numberOption("--simulator-port", values["simulator-port"], 1, 65_535);
  const users = numberOption("--users", values.users, 1, 1_000_000) ?? 60;
  const approveAfter =
    values["approve-after"] === "never"
      ? null
      : (numberOption("--approve-after", values["approve-after"], 0, 86_400) ?? 15);
  const vars = settings(values.set);
  refuseStrayOptions(values);
  const dir = values.data ? resolve(values.data) : join(localFolder, values.live ? "live" : "stack");
  for (const [name, wanted] of /** @type {const} */ ([
    ["--port", port],
    ["--simulator-port", simulatorPort],
  ])) {
    if (wanted !== undefined && !(await isFree(wanted))) {
      throw new Failure(`Port ${wanted} is in use. Choose another with ${name}, or leave the option out.`);
    }
  }

  if (values.live) checkLive(values);

  const unlock = lock(dir);
  try {
    const built = artifactNames.filter((name) => name !== "simulator" || !values.live);
    await take([...setUpSteps(), ...artifactSteps(built)]);
    if (values.fresh) rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
    const pagePort = port ?? ((await isFree(DEFAULT_PORT)) ? DEFAULT_PORT : await freePort());
    if (values.live) {
      const live = await startLive({ values, port: pagePort, dir, vars });
      await serve({ services: { worker: live.worker }, stop: () => live.worker.stop() }, live.url, [
        `Ready in ${formatDuration(Date.now() - began)}: ${live.url}, which https://${values.hostname} must lead to.`,
        `Sign in there through Access, as one whom --resetter names. Resets are REAL in the workspace “${live.workspace}”.`,
        "Look for yourself first, and reset nobody without need. Ctrl-C stops the worker.",
      ]);
    } else {
      if (!showLast("  Starting …")) say("· Starting …");
      const [asker = ""] = localRoles.resetter;
      const settings = { ...policySettings(asker), ...vars };
      const stack = await startStack({
        ...{ dir, port: pagePort, simulatorPort, users, approveAfter, vars: settings, build: false },
      });
      await serve(stack, stack.url, welcome(stack, approveAfter, Date.now() - began), mailsOnPage(stack));
    }
  } finally {
    showLast("");
    unlock();
  }
});

function parseOptions() {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    throw new Failure(
      `${error instanceof Error ? error.message.split("\n")[0] : error} npm start -- --help lists the options.`,
    );
  }
}

/**
 * @param {string} name
 * @param {string | undefined} value
 * @param {number} lowest
 * @param {number} highest
 */
function numberOption(name, value, lowest, highest) {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < lowest || number > highest) {
    throw new Failure(`${name} must be a whole number from ${lowest} to ${highest}, not “${value}”.`);
  }
  return number;
}

/** Options that the chosen way to start does not know: a mistake that would look like success. @param {Record<string, unknown>} values */
function refuseStrayOptions(values) {
  const isGiven = (/** @type {string} */ name) =>
    Array.isArray(values[name]) ? values[name].length > 0 : Boolean(values[name]);
  if (values.live) {
    const given = ["simulator-port", "users", "approve-after"].find(isGiven);
    if (given !== undefined) throw new Failure(`--${given} goes with the simulator, which --live does without.`);
  } else {
    const given = Object.keys(liveOptions).find(isGiven);
    if (given !== undefined)
      throw new Failure(`--${given} goes with --live. Without it, the simulator brings its own people.`);
  }
}

/**
 * @param {string[]} list
 * @returns {Record<string, string>}
 */
function settings(list) {
  return Object.fromEntries(
    list.map((text) => {
      const [, name, value] = text.match(/^([A-Z][A-Z0-9_]*)=(.*)$/s) ?? [];
      if (name === undefined || value === undefined) throw new Failure(`--set takes NAME=VALUE, not “${text}”.`);
      // Nor a relay, whose secret would have to stand in the arguments of what is started, for all of the machine to see.
      if (name.startsWith("FIREBLOCKS_"))
        throw new Failure(`--set ${name} is refused: npm start uses the simulator, --live the environment.`);
      return [name, value];
    }),
  );
}

/** @param {number} port */
async function isFree(port) {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

/**
 * Two runs on the same data would spoil it.
 *
 * @param {string} dir
 * @returns {() => void} gives the data free
 */
function lock(dir) {
  const file = `${dir}.pid`;
  mkdirSync(dirname(file), { recursive: true });
  const holder = Number(readOr(file, ""));
  if (holder > 0 && isAlive(holder)) {
    throw new Failure(
      `npm start is already running here (process ${holder}). Stop it with Ctrl-C in its terminal first.`,
    );
  }
  writeFileSync(file, String(process.pid));
  return () => rmSync(file, { force: true });
}

/**
 * @param {string} file
 * @param {string} fallback
 */
function readOr(file, fallback) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return fallback;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/**
 * Says that everything runs, plays the worker's clock, and waits for Ctrl-C or for something to end.
 *
 * @param {{ services: Record<string, import("./base/process.mjs").Service>, stop: () => Promise<void> }} running
 * @param {string} url
 * @param {string[]} message
 * @param {() => Promise<void>} [showMails]
 */
async function serve(running, url, message, showMails = async () => {}) {
  showLast("");
  console.log(message.join("\n"));
  const schedule = setInterval(() => void runScheduled(url).catch(sayScheduleFailure), SCHEDULE_MS);
  // Told at once by the worker, so shown soon. What fails is shown by the next look.
  const post = setInterval(() => void showMails().catch(() => {}), MAILS_MS);
  const asked = new Promise((resolve) => {
    for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]))
      process.on(signal, () => resolve(undefined));
  });
  const ended = Promise.race(
    Object.entries(running.services).map(async ([name, service]) => {
      const code = await service.exited;
      return new Failure(
        `The ${name} ended by itself with exit code ${code}. Everything else is stopped; npm start starts again.`,
        {
          details: service.lastLines,
        },
      );
    }),
  );
  const failure = await Promise.race([asked, ended]);
  clearInterval(schedule);
  clearInterval(post);
  say("\n· Stopping …");
  await running.stop();
  if (failure) throw failure;
  say("✓ Stopped. The data stays for the next npm start.");
  process.exit();
}

let saidScheduleFailure = false;

/** Says once that the scheduled handler fails: it is called every few seconds. @param {unknown} error */
function sayScheduleFailure(error) {
  if (!saidScheduleFailure) sayFailure(error);
  saidScheduleFailure = true;
}

/**
 * A few lines: where, as whom, what to try first, and where mail goes.
 *
 * @param {import("./stack.mjs").Stack} stack
 * @param {number | null} approveAfter
 * @param {number} milliseconds
 */
function welcome(stack, approveAfter, milliseconds) {
  const approval =
    approveAfter === null
      ? `approve it by POST ${stack.simulator.controlUrl}/approvals/{id}/approve`
      : `it is approved after ${approveAfter} s`;
  const mail = `${new URL(stack.simulator.controlUrl).origin}/mail`;
  return [
    `Ready in ${formatDuration(milliseconds)}: ${stack.url}`,
    `Sign in as ${localRoles.resetter[0]} (npm start -- --help names others).`,
    "Or sign in as noor.haddad@northwind.example first, and ask for help: the code is typed under “To do”.",
    `Search for “noor” and press Reset; release it as ${localRoles.resetter[1]}. It leaves seconds later: ${approval}.`,
    `What would be mailed is on ${mail}. Ctrl-C stops everything.`,
  ];
}
