// The simulator, and what it saw of one consumer's reset.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requireLoopback } from "../../../scripts/base/environment.mjs";
import { type SimulatorLine, startSimulator } from "../../../scripts/stack.mjs";

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

  /** What the simulator said of itself when it was ready. */
  get line(): SimulatorLine {
    return this.#started.line;
  }

  /** A task for a user whom no row was given before. */
  async task(): Promise<Task> {
    const { basePath, apiKey, secretKeyFile } = this.line;
    const number = ++this.#tasks;
    const { id } = await this.#control<{ id: string }>("POST", "users", {
      firstName: "Row",
      lastName: `Number ${number}`,
      email: `row.${number}@northwind.example`,
      role: "SIGNER",
      status: "READY",
    });
    const idempotencyKey = crypto.randomUUID();
    return { basePath, apiKey, secretKey: readFileSync(secretKeyFile, "utf8"), userId: id, idempotencyKey };
  }

  /** Every reset of the task's user that reached the simulator. */
  async resetsOf(task: Task): Promise<LoggedRequest[]> {
    const { requests } = await this.#control<{ requests: LoggedRequest[] }>("GET", "log");
    return requests.filter(({ operation, target }) => operation === "resetDevice" && target.includes(task.userId));
  }

  /** A person's sign-in at a gateway. */
  async accessToken(email: string): Promise<string> {
    return (await this.#control<{ token: string }>("POST", "access/token", { email })).token;
  }

  /** An approver says no to the task's reset. */
  async rejectReset(task: Task): Promise<void> {
    const path = `approvals?userId=${task.userId}`;
    const { approvals } = await this.#control<{ approvals: { id: string }[] }>("GET", path);
    await this.#control("POST", `approvals/${approvals[0]?.id}/reject`);
  }

  async #control<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.line.controlUrl}/${path}`, {
      method,
      ...(body !== undefined && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return (text === "" ? undefined : JSON.parse(text)) as T;
  }

  async stop(): Promise<void> {
    await this.#started.service.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
