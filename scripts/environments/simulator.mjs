// The simulator's side of one consumer's reset: whom to reset, and what was seen of it.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { requireLoopback } from "../base/environment.mjs";
import { Failure } from "../base/terminal.mjs";
import { startSimulator } from "../stack.mjs";
import { removeFolder, temporaryFolder } from "./temporary.mjs";

/** @typedef {Awaited<ReturnType<typeof startSimulator>>} Started */

/**
 * What a consumer is told: where to call, with which key, and whom to reset.
 *
 * @typedef {object} Task
 * @property {string} basePath
 * @property {string} apiKey
 * @property {string} secretKey
 * @property {string} userId of a user whom nobody else resets
 * @property {string} idempotencyKey
 */

/**
 * The part of the simulator's log that is checked.
 *
 * @typedef {object} LoggedRequest
 * @property {number} seq
 * @property {string} operation
 * @property {string} target
 * @property {number} status
 * @property {boolean} effect
 * @property {{ verified: boolean }} [jwt]
 */

/** A simulator of this run's own. */
export class Simulator {
  #started;
  #folder;
  #tasks = 0;

  /**
   * @param {Started} started
   * @param {string} folder
   */
  constructor(started, folder) {
    this.#started = started;
    this.#folder = folder;
  }

  /**
   * One of the class that it is called on, which may know more.
   *
   * @template {Simulator} S
   * @this {new (started: Started, folder: string) => S}
   * @returns {Promise<S>}
   */
  static async start() {
    const folder = temporaryFolder("simulator");
    const started = await startSimulator({ dir: folder, log: join(folder, "simulator.log") });
    requireLoopback(started.line.basePath, "simulator's base path");
    return new this(started, folder);
  }

  /** What the simulator said of itself when it was ready. */
  get line() {
    return this.#started.line;
  }

  get origin() {
    return new URL(this.line.basePath).origin;
  }

  /** A task for a user whom no consumer was given before. @returns {Promise<Task>} */
  async task() {
    const { basePath, apiKey, secretKeyFile } = this.line;
    const number = ++this.#tasks;
    const { id } = await this.control("POST", "users", {
      firstName: "Row",
      lastName: `Number ${number}`,
      email: `row.${number}@northwind.example`,
      role: "SIGNER",
      status: "READY",
    });
    const idempotencyKey = crypto.randomUUID();
    return { basePath, apiKey, secretKey: readFileSync(secretKeyFile, "utf8"), userId: id, idempotencyKey };
  }

  /** Every reset of the task's user that reached the simulator. @param {Task} task @returns {Promise<LoggedRequest[]>} */
  async resetsOf(task) {
    const { requests } = await this.control("GET", "log");
    return requests.filter(
      (/** @type {LoggedRequest} */ { operation, target }) =>
        operation === "resetDevice" && target.includes(task.userId),
    );
  }

  /**
   * Fails unless exactly one reset of the task's user was seen: with a signature that was verified, the task's key, and
   * accepted.
   *
   * @param {Task} task
   */
  async requireOneReset(task) {
    const resets = await this.resetsOf(task);
    const [reset] = resets;
    if (resets.length !== 1 || reset?.status !== 200 || !reset.effect || !reset.jwt?.verified) {
      throw new Failure(`Of one accepted reset the simulator saw: ${JSON.stringify(resets)}`);
    }
  }

  /**
   * Asks the simulator's own control interface.
   *
   * @param {string} method
   * @param {string} path
   * @param {unknown} [body]
   * @returns {Promise<any>}
   */
  async control(method, path, body) {
    const response = await fetch(`${this.line.controlUrl}/${path}`, {
      method,
      ...(body !== undefined && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Failure(`The simulator answered ${method} ${path} with ${response.status}: ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  }

  async stop() {
    await this.#started.service.stop();
    removeFolder(this.#folder);
  }
}
