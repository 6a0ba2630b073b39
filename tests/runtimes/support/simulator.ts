// The simulator, and what it saw of one consumer's reset.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requireLoopback } from "../../../scripts/base/environment.mjs";
import { startSimulator } from "../../../scripts/stack.mjs";

/** What a consumer is told: where to call, with which key, and whom to reset. */
export interface Task {
  basePath: string;
  apiKey: string;
  secretKey: string;
  userId: string;
  idempotencyKey: string;
}

/** The part of the simulator's log that the rows check. */
interface LoggedRequest {
  seq: number;
  operation: string;
  target: string;
  status: number;
  effect: boolean;
  jwt?: { verified: boolean };
}

/** A simulator of this run's own. */
export class Simulator {
  readonly #started;
  readonly #folder: string;
  #tasks = 0;

  private constructor(started: Awaited<ReturnType<typeof startSimulator>>, folder: string) {
    this.#started = started;
    this.#folder = folder;
  }

  static async start(): Promise<Simulator> {
    const folder = mkdtempSync(join(tmpdir(), "fireblocks-reset-device-simulator-"));
    const started = await startSimulator({ dir: folder, log: join(folder, "simulator.log") });
    requireLoopback(started.line.basePath, "simulator's base path");
    return new Simulator(started, folder);
  }

  get origin(): string {
    return new URL(this.#started.line.basePath).origin;
  }

  /** A task for a user whom no row was given before. */
  async task(): Promise<Task> {
    const { basePath, apiKey, secretKeyFile, controlUrl } = this.#started.line;
    const number = ++this.#tasks;
    const response = await fetch(`${controlUrl}/users`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        firstName: "Row",
        lastName: `Number ${number}`,
        email: `row.${number}@northwind.example`,
        role: "SIGNER",
        status: "READY",
      }),
    });
    const { id } = (await response.json()) as { id: string };
    const idempotencyKey = crypto.randomUUID();
    return { basePath, apiKey, secretKey: readFileSync(secretKeyFile, "utf8"), userId: id, idempotencyKey };
  }

  /** Every reset of the task's user that reached the simulator. */
  async resetsOf(task: Task): Promise<LoggedRequest[]> {
    const response = await fetch(`${this.#started.line.controlUrl}/log`);
    const { requests } = (await response.json()) as { requests: LoggedRequest[] };
    return requests.filter(({ operation, target }) => operation === "resetDevice" && target.includes(task.userId));
  }

  async stop(): Promise<void> {
    await this.#started.service.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
