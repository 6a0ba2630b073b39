// The local stack: the simulator and the worker with its page and database, as one thing to start and stop.
//
// Used by npm start, the end-to-end tests, the screenshots, the chaos run and the benchmarks. It talks to nothing but
// the simulator on this machine.

import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildArtifacts, simulatorProgram } from "./artifacts.mjs";
import { requireLoopback, toolEnvironment } from "./base/environment.mjs";
import { Service } from "./base/process.mjs";
import { writeSecretFile } from "./base/secret-file.mjs";
import { Failure } from "./base/terminal.mjs";
import { writeLocalConfig } from "./local-config.mjs";
import { databaseFile, migrate } from "./local-database.mjs";
import { sentMails } from "./mails.mjs";

const HOST = "127.0.0.1";
const SIMULATOR_READY_MS = 120_000;
const WORKER_READY_MS = 120_000;

/** Who may do what in the local workspace. eli.brandt can sign in too, and has no role. */
export const localRoles = {
  resetter: ["amara.lindqvist@northwind.example", "jonas.weber@northwind.example"],
  viewer: ["priya.nair@northwind.example"],
  auditor: ["tomas.herrera@northwind.example"],
};

/**
 * The line that the simulator prints when it is ready.
 *
 * @typedef {object} SimulatorLine
 * @property {string} basePath
 * @property {string} apiKey
 * @property {string} secretKeyFile
 * @property {string} controlUrl
 * @property {string} teamDomain
 * @property {string} audience
 * @property {Record<string, string>} [adminApiKeys]
 */

/**
 * @typedef {object} StackOptions
 * @property {number} [users] how many users the simulated workspace has; default 60
 * @property {number | null} [approveAfter] seconds until a reset is approved by itself; null: by hand alone. Default null
 * @property {string} [dir] where data is kept between runs; default: a new folder that is removed at the end
 * @property {number} [port] the worker's; default: a free one
 * @property {number} [simulatorPort] default: a free one
 * @property {Record<string, string>} [vars] settings of the worker that replace the stack's own
 * @property {Record<string, string>} [secrets] secrets of the worker that replace the stack's own
 * @property {string} [entry] the worker's script, from the repository, in place of the one in wrangler.jsonc
 * @property {boolean} [build] whether to build what has changed first; default true
 * @property {string} [log] a folder for the logs; default: `logs` in `dir`
 */

/**
 * @typedef {object} Stack
 * @property {string} url the worker's address, without a slash at its end
 * @property {SimulatorLine} simulator
 * @property {string} dir
 * @property {{ simulator: Service, worker: Service }} services
 * @property {() => Promise<void>} runScheduled runs the worker's scheduled handler, which does not fire by itself locally
 * @property {() => Promise<import("./mails.mjs").Mail[]>} mails what the worker would have sent, oldest first
 * @property {() => string} databaseFile the SQLite file that holds the worker's D1 database
 * @property {(changes?: { vars?: Record<string, string>, secrets?: Record<string, string> }) => Promise<void>} restartWorker
 *   ends the worker and starts it again on the same port and data, with settings or secrets changed for this once
 * @property {() => Promise<void>} stop
 */

/**
 * Starts the simulator and the worker, and resolves when both answer.
 *
 * @param {StackOptions} [options]
 * @returns {Promise<Stack>}
 */
export async function startStack(options = {}) {
  requireLocalFireblocks(options.vars);
  if (options.build !== false) await buildArtifacts();

  const temporary = options.dir === undefined;
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), "fireblocks-reset-device-"));
  const logs = options.log ?? join(dir, "logs");
  const cleanUp = () => {
    if (temporary) rmSync(dir, { recursive: true, force: true });
  };

  /** @type {Service[]} */
  const started = [];
  try {
    const simulator = await startSimulator({
      ...options,
      dir: join(dir, "simulator"),
      log: join(logs, "simulator.log"),
    });
    started.push(simulator.service);
    requireLoopback(simulator.line.basePath, "simulator's base path");
    const port = options.port || (await freePort());
    /** @param {{ vars?: Record<string, string>, secrets?: Record<string, string> }} [changes] */
    const startWith = ({ vars, secrets } = {}) =>
      startWorker({
        dir,
        port,
        log: join(logs, "worker.log"),
        entry: options.entry,
        playsMail: true,
        secrets: {
          FIREBLOCKS_API_KEY: simulator.line.apiKey,
          FIREBLOCKS_SECRET_KEY: readFileSync(simulator.line.secretKeyFile, "utf8"),
          ...options.secrets,
          ...secrets,
        },
        settings: {
          FIREBLOCKS_BASE_PATH: simulator.line.basePath,
          ACCESS_TEAM_DOMAIN: simulator.line.teamDomain,
          ACCESS_AUD: simulator.line.audience,
          ROLES: JSON.stringify(localRoles),
          MAIL_FROM: "device-resets@northwind.example",
          PUBLIC_URL: `http://${HOST}:${port}`,
          ...options.vars,
          ...vars,
        },
      });
    const worker = await startWith();
    started.push(worker);

    const services = { simulator: simulator.service, worker };
    const url = `http://${HOST}:${port}`;
    return {
      url,
      simulator: simulator.line,
      dir,
      services,
      databaseFile: () => databaseFile(dir),
      runScheduled: () => runScheduled(url),
      mails: () => sentMails(url),
      restartWorker: async (changes) => {
        requireLocalFireblocks(changes?.vars);
        await services.worker.stop();
        services.worker = await startWith(changes);
      },
      stop: async () => {
        await Promise.all([services.worker.stop(), services.simulator.stop()]);
        cleanUp();
      },
    };
  } catch (error) {
    await Promise.all(started.map((service) => service.stop()));
    cleanUp();
    throw error;
  }
}

/** Refuses settings that would let the worker speak to a Fireblocks elsewhere. @param {Record<string, string>} [vars] */
function requireLocalFireblocks(vars = {}) {
  for (const name of ["FIREBLOCKS_BASE_PATH", "FIREBLOCKS_RELAY_URL"]) {
    if (vars[name] !== undefined) requireLoopback(vars[name], name === "FIREBLOCKS_BASE_PATH" ? "base path" : "relay");
  }
}

/**
 * Starts the simulator alone.
 *
 * @param {{ users?: number, approveAfter?: number | null, simulatorPort?: number, dir: string, log: string }} options
 * @returns {Promise<{ service: Service, line: SimulatorLine }>}
 */
export async function startSimulator({ users = 60, approveAfter = null, simulatorPort = 0, dir, log }) {
  mkdirSync(dir, { recursive: true });
  const args = [
    "--port",
    String(simulatorPort),
    "--users",
    String(users),
    "--data",
    dir,
    "--approve-after",
    String(approveAfter ?? "never"),
  ];

  /** @type {(line: SimulatorLine) => void} */
  let isReady = () => {};
  /** @type {Promise<SimulatorLine>} */
  const ready = new Promise((resolve) => {
    isReady = resolve;
  });
  const service = new Service(simulatorProgram(), args, {
    log,
    onLine: (line, stream) => {
      if (stream === "stdout" && line.startsWith("{")) isReady(JSON.parse(line));
    },
  });
  const line = await readyInTime("simulator", service, ready, SIMULATOR_READY_MS);
  return { service, line };
}

/**
 * Brings the database up to date and starts `wrangler dev` on it.
 *
 * @param {object} options
 * @param {string} options.dir
 * @param {number} options.port
 * @param {string} options.log
 * @param {string} [options.entry] the worker's script, from the repository, in place of the one in wrangler.jsonc
 * @param {string} [options.hostname] where people reach this port by HTTPS, for example through a tunnel
 * @param {Record<string, string>} options.secrets
 * @param {boolean} [options.forget] whether the file of secrets is removed as soon as the worker answers. Wrangler reads it
 *   again when the worker's sources change: a worker that is to be changed while it runs needs it for longer
 * @param {boolean} [options.playsMail] whether mail is taken by wrangler's stand-in; without it none can be sent
 * @param {Record<string, string>} options.settings
 */
export async function startWorker({
  dir,
  port,
  log,
  entry,
  hostname,
  secrets,
  forget = false,
  playsMail = false,
  settings,
}) {
  // Each stack has a registry of its own: stacks that run at the same time must not find each other.
  const env = { ...toolEnvironment(), WRANGLER_REGISTRY_PATH: join(dir, "registry"), CI: "true" };
  const data = await migrate(dir, env);

  const configFile = writeLocalConfig(dir, { playsMail });
  // Wrangler takes from the file only what wrangler.jsonc declares as a secret; the settings are given one by one.
  const envFile = join(dir, "worker.env");
  const lines = Object.entries(secrets).map(([name, value]) => `${name}="${value.trim()}"\n`);
  const forgetSecrets = writeSecretFile(envFile, lines.join(""));
  const script = entry === undefined ? [] : [entry];
  const args = ["dev", ...script, "--local", "--config", configFile, "--env-file", envFile, "--persist-to", data];
  args.push("--ip", HOST, "--port", String(port), "--inspector-port", "0", "--show-interactive-dev-session=false");
  if (hostname !== undefined) args.push("--host", hostname, "--upstream-protocol", "https");
  for (const [name, value] of Object.entries(settings)) args.push("--var", `${name}:${value}`);

  const service = new Service("wrangler", args, { env, log });
  void service.exited.finally(forgetSecrets).catch(() => {});
  await readyInTime("worker", service, answers(`http://${HOST}:${port}/api/health`, service), WORKER_READY_MS);
  if (forget) forgetSecrets();
  return service;
}

/**
 * Runs the worker's scheduled handler.
 *
 * @param {string} url the worker's address
 */
export async function runScheduled(url) {
  const response = await fetch(`${url}/cdn-cgi/handler/scheduled`);
  if (!response.ok) throw new Failure(`The worker's scheduled handler answered ${response.status}. Its log says why.`);
}

/**
 * Resolves once the address answers at all, or the service has ended.
 *
 * @param {string} address
 * @param {Service} service
 */
async function answers(address, service) {
  let ended = false;
  void service.exited.finally(() => {
    ended = true;
  });
  while (!ended) {
    try {
      await fetch(address, { signal: AbortSignal.timeout(5_000) });
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/**
 * @template T
 * @param {string} name
 * @param {Service} service
 * @param {Promise<T>} ready
 * @param {number} milliseconds
 * @returns {Promise<T>}
 */
async function readyInTime(name, service, ready, milliseconds) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(
      () => reject(new Failure(`The ${name} did not answer within ${milliseconds / 1000} s.`)),
      milliseconds,
    );
  });
  const ended = service.exited.then((code) => {
    throw new Failure(`The ${name} ended with exit code ${code} before it was ready.`, { details: service.lastLines });
  });
  // Of the three, the two that lose must not count as unhandled.
  ended.catch(() => {});
  late.catch(() => {});
  try {
    return /** @type {T} */ (await Promise.race([ready, late, ended]));
  } catch (error) {
    await service.stop();
    if (error instanceof Failure && error.details === undefined) error.details = service.lastLines;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** A port that nothing listens on. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve, reject) => server.once("error", reject).listen(0, HOST, () => resolve(undefined)));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Failure("No free port was found.");
  return address.port;
}
