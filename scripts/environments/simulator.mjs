// The simulator's side of one environment's reset: whom to reset, and what was seen of it.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { requireLoopback } from "../base/environment.mjs";
import { Failure } from "../base/terminal.mjs";
import { startSimulator } from "../stack.mjs";
import { removeFolder, temporaryFolder } from "./temporary.mjs";

/**
 * What an environment is told.
 *
 * @typedef {object} Task
 * @property {string} basePath
 * @property {string} apiKey
 * @property {string} secretKey
 * @property {string} userId of a user whom nobody else resets
 * @property {string} idempotencyKey
 */

/** A simulator of this run's own. */
export class Simulator {
  #started;
  #folder;
  #tasks = 0;

  /**
   * @param {Awaited<ReturnType<typeof startSimulator>>} started
   * @param {string} folder
   */
  constructor(started, folder) {
    this.#started = started;
    this.#folder = folder;
  }

  static async start() {
    const folder = temporaryFolder("simulator");
    const started = await startSimulator({ dir: folder, log: join(folder, "simulator.log") });
    requireLoopback(started.line.basePath, "simulator's base path");
    return new Simulator(started, folder);
  }

  get origin() {
    return new URL(this.#started.line.basePath).origin;
  }

  /** @returns {Promise<Task>} */
  async task() {
    const { basePath, apiKey, secretKeyFile } = this.#started.line;
    const number = ++this.#tasks;
    const { id } = await this.#control("users", {
      firstName: "Row",
      lastName: `Number ${number}`,
      email: `row.${number}@northwind.example`,
      role: "SIGNER",
      status: "READY",
    });
    const idempotencyKey = crypto.randomUUID();
    return { basePath, apiKey, secretKey: readFileSync(secretKeyFile, "utf8"), userId: id, idempotencyKey };
  }

  /**
   * Fails unless exactly one reset of the task's user was seen: with a signature that was verified, the task's key, and
   * accepted.
   *
   * @param {Task} task
   */
  async requireOneReset(task) {
    const { requests } = await this.#control("log");
    const resets = requests.filter(
      (/** @type {any} */ { operation, target }) => operation === "resetDevice" && target.includes(task.userId),
    );
    const [reset] = resets;
    if (resets.length !== 1 || reset.status !== 200 || !reset.effect || !reset.jwt?.verified) {
      throw new Failure(`Of one accepted reset the simulator saw: ${JSON.stringify(resets)}`);
    }
  }

  async stop() {
    await this.#started.service.stop();
    removeFolder(this.#folder);
  }

  /**
   * @param {string} path
   * @param {unknown} [body]
   * @returns {Promise<any>}
   */
  async #control(path, body) {
    const response = await fetch(`${this.#started.line.controlUrl}/${path}`, {
      ...(body !== undefined && {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      }),
    });
    if (!response.ok) throw new Failure(`The simulator answered ${path} with ${response.status}.`);
    return response.json();
  }
}
