// Runs the whole project on this machine: the simulated Fireblocks, the worker and the admin page.
//
// usage: npm start [-- options]      npm start -- --help

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { artifactNames, buildArtifacts } from "./artifacts.mjs";
import { localFolder, repository } from "./base/environment.mjs";
import { Service } from "./base/process.mjs";
import { Failure, formatDuration, runMain, say, sayFailure } from "./base/terminal.mjs";
import { setUp } from "./setup.mjs";
import { freePort, localRoles, runScheduled, startStack } from "./stack.mjs";
import { checkLive, liveOptions, startLive } from "./start/live.mjs";

const DEFAULT_PORT = 8787;
const SCHEDULE_MS = 5_000;

const HELP = `npm start [-- options]

Starts the admin page with a simulated Fireblocks on this machine. Sets up and builds what is missing first.
Nothing outside this machine is spoken to, whatever the environment holds.

  --port N                 port of the page (default ${DEFAULT_PORT}, or a free one)
  --simulator-port N       port of the simulator (default: a free one)
  --users N                users in the simulated workspace (default 60)
  --approve-after SECONDS  when a reset is approved by itself, or "never" (default 15)
  --set NAME=VALUE         a setting of the worker, for example REQUIRE_SECOND_PERSON=true; may be repeated.
                           With --live also FIREBLOCKS_RELAY_URL=https://…
  --data DIR               where data is kept between runs (default .local/stack, with --live .local/live)
  --fresh                  forget the data of earlier runs
  --help

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
  const vars = settings(values.set, values.live);
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
    await setUp();
    await buildArtifacts(values.live ? artifactNames.filter((name) => name !== "simulator") : artifactNames);
    if (values.fresh) rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
    const pagePort = port ?? ((await isFree(DEFAULT_PORT)) ? DEFAULT_PORT : await freePort());
    say("· Starting …");
    if (values.live) {
      const live = await startLive({ values, port: pagePort, dir, vars });
      await serve({ services: { worker: live.worker }, stop: () => live.worker.stop() }, live.url, [
        `Ready in ${formatDuration(Date.now() - began)}. Resets are REAL in the workspace “${live.workspace}”.`,
        "",
        `  The worker listens on ${live.url}; open https://${values.hostname} and sign in there.`,
        "  Ctrl-C stops it.",
      ]);
    } else {
      const stack = await startStack({ dir, port: pagePort, simulatorPort, users, approveAfter, vars, build: false });
      await serve(stack, stack.url, welcome(stack, approveAfter, Date.now() - began));
    }
  } finally {
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
 * @param {boolean} live
 * @returns {Record<string, string>}
 */
function settings(list, live) {
  return Object.fromEntries(
    list.map((text) => {
      const [, name, value] = text.match(/^([A-Z][A-Z0-9_]*)=(.*)$/s) ?? [];
      if (name === undefined || value === undefined) throw new Failure(`--set takes NAME=VALUE, not “${text}”.`);
      // A relay is not a credential, and the worker signs for Fireblocks' own address whatever it is.
      const allowed = live && name === "FIREBLOCKS_RELAY_URL";
      if (name.startsWith("FIREBLOCKS_") && !allowed)
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
 * @param {{ services: Record<string, Service>, stop: () => Promise<void> }} running
 * @param {string} url
 * @param {string[]} message
 */
async function serve(running, url, message) {
  console.log(message.join("\n"));
  const schedule = setInterval(() => void runScheduled(url).catch(sayScheduleFailure), SCHEDULE_MS);
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
 * @param {import("./stack.mjs").Stack} stack
 * @param {number | null} approveAfter
 * @param {number} milliseconds
 */
function welcome(stack, approveAfter, milliseconds) {
  const approval =
    approveAfter === null
      ? `approve it by hand: POST ${stack.simulator.controlUrl}/approvals/{id}/approve (GET …/approvals lists them)`
      : `the simulated approvers agree after ${approveAfter} s`;
  return [
    `Ready in ${formatDuration(milliseconds)}.`,
    "",
    `  ${stack.url}`,
    "",
    "  1. Sign in as amara.lindqvist@northwind.example.",
    "  2. Search for “noor”: Noor Haddad has lost a phone. Press Reset, fill in the dialog, confirm.",
    `  3. Watch the request: ${approval}, then Noor pairs again.`,
    "",
    `  Also: ${localRoles.resetter[1]} may reset too, ${localRoles.viewer[0]} may look,`,
    `  ${localRoles.auditor[0]} may read the history, eli.brandt@northwind.example may do nothing.`,
    "",
    `  Simulated Fireblocks: ${stack.simulator.basePath}   its control: ${stack.simulator.controlUrl}`,
    `  Logs: ${relative(repository, join(stack.dir, "logs"))}/   Options: npm start -- --help   Ctrl-C stops everything.`,
  ];
}
