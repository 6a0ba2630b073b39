// Starting, watching and ending other programs. Each runs in a process group of its own under guard.mjs.

import { execFile, spawn } from "node:child_process";
import { createWriteStream, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { withoutCredentials } from "./credentials.mjs";
import { repository, toolEnvironment } from "./environment.mjs";
import { Failure } from "./terminal.mjs";

const guard = fileURLToPath(new URL("guard.mjs", import.meta.url));
const KEPT_LINES = 60;

/**
 * @typedef {object} ProcessOptions
 * @property {string} [cwd] default: the repository
 * @property {NodeJS.ProcessEnv} [env] default: {@link toolEnvironment}
 * @property {string} [log] a file that receives all output
 * @property {(line: string, stream: "stdout" | "stderr") => void} [onLine] told of each line of output
 */

/** Those that have not ended. @type {Set<Service>} */
const running = new Set();

/** Ends every program that this process has started, as {@link Service.stop} does. */
export async function stopServices() {
  await Promise.allSettled([...running].map((service) => service.stop()));
}

/** A running program. */
export class Service {
  #guard;
  #kept = /** @type {string[]} */ ([]);

  /** Resolves with the exit code once the program and all that it started have ended. @type {Promise<number>} */
  exited;

  /**
   * @param {string} command
   * @param {string[]} args
   * @param {ProcessOptions} [options]
   */
  constructor(command, args, options = {}) {
    const log = options.log === undefined ? undefined : openLog(options.log);
    this.#guard = spawn(process.execPath, [guard, command, ...args], {
      cwd: options.cwd ?? repository,
      env: options.env ?? toolEnvironment(),
      stdio: ["pipe", "pipe", "pipe"],
      detached: true,
    });
    this.#guard.stdin.on("error", () => {});
    for (const stream of /** @type {const} */ (["stdout", "stderr"])) {
      createInterface({ input: this.#guard[stream], crlfDelay: Number.POSITIVE_INFINITY }).on("line", (line) => {
        log?.write(`${line}\n`);
        this.#kept.push(line);
        if (this.#kept.length > KEPT_LINES) this.#kept.shift();
        options.onLine?.(line, stream);
      });
    }
    running.add(this);
    this.exited = new Promise((resolve, reject) => {
      this.#guard.on("error", reject);
      this.#guard.on("exit", () => this.#endGroup());
      this.#guard.on("close", (code, signal) => {
        log?.end();
        running.delete(this);
        resolve(code ?? (signal === "SIGKILL" ? 137 : 143));
      });
    });
  }

  /** The last lines of output. */
  get lastLines() {
    return this.#kept.join("\n");
  }

  /** The id of the process group. */
  get group() {
    return this.#guard.pid;
  }

  /** Ends the program with all that it started, and waits until it is gone. */
  async stop() {
    this.#guard.stdin.end();
    await this.exited;
  }

  #endGroup() {
    if (this.#guard.pid === undefined) return;
    try {
      process.kill(-this.#guard.pid, "SIGKILL");
    } catch {
      // Nothing was left in the group.
    }
  }
}

/** @param {string} path */
function openLog(path) {
  mkdirSync(dirname(path), { recursive: true });
  return createWriteStream(path);
}

/**
 * Runs a program to its end. Its output is shown only where `onLine` shows it; a program that fails or runs out of time
 * becomes a {@link Failure} with its last lines.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {ProcessOptions & { failure: string, limitMinutes?: number, signal?: AbortSignal }} options `failure`: the sentence
 *   for a person; `signal` ends the program
 */
export async function run(command, args, options) {
  const service = new Service(command, args, options);
  options.signal?.addEventListener("abort", () => void service.stop(), { once: true });
  const code = await withinLimit(service, options.limitMinutes);
  if (code !== 0) {
    throw new Failure(options.failure, { details: `$ ${[command, ...args].join(" ")}\n${service.lastLines}` });
  }
}

/**
 * Waits for a program to end, and ends it when its time is up.
 *
 * @param {Service} service
 * @param {number} [minutes]
 * @returns {Promise<number>} the exit code; 124 when time ran out
 */
export async function withinLimit(service, minutes = 30) {
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    void service.stop();
  }, minutes * 60_000);
  const code = await service.exited.finally(() => clearTimeout(timer));
  return late ? 124 : code;
}

const execFileAsync = promisify(execFile);

/**
 * The output of a short command, or `undefined` where it is missing or fails.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
export async function outputOf(command, args, env = withoutCredentials(process.env)) {
  try {
    const { stdout } = await execFileAsync(command, args, {
      cwd: repository,
      env,
      timeout: 60_000,
      maxBuffer: 1 << 24,
    });
    return stdout;
  } catch {
    return undefined;
  }
}
