// A simulator of a test file's own.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requireLoopback } from "../../../scripts/base/environment.mjs";
import { type SimulatorLine, startSimulator } from "../../../scripts/stack.mjs";

/** A request as the simulator's log tells it. */
export interface LoggedRequest {
  operation: string;
  target: string;
  headers: Record<string, string>;
  status: number;
  effect: boolean;
}

export class Simulator {
  readonly #line: SimulatorLine;
  readonly #end: () => Promise<void>;

  private constructor(line: SimulatorLine, end: () => Promise<void>) {
    requireLoopback(line.basePath, "simulator's base path");
    this.#line = line;
    this.#end = end;
  }

  /** One that somebody else has started, and will stop. */
  static of(line: SimulatorLine): Simulator {
    return new Simulator(line, async () => {});
  }

  static async start(): Promise<Simulator> {
    const folder = mkdtempSync(join(tmpdir(), "fireblocks-reset-device-command-"));
    const started = await startSimulator({ dir: folder, log: join(folder, "simulator.log") });
    return new Simulator(started.line, async () => {
      await started.service.stop();
      rmSync(folder, { recursive: true, force: true });
    });
  }

  /** The environment of a direct call. */
  get env(): Record<string, string> {
    const { apiKey, basePath, secretKeyFile } = this.#line;
    return { FIREBLOCKS_API_KEY: apiKey, FIREBLOCKS_SECRET_KEY: secretKeyFile, FIREBLOCKS_BASE_PATH: basePath };
  }

  get secretKey(): string {
    return readFileSync(this.#line.secretKeyFile, "utf8");
  }

  /** Sends something to the simulator's control. */
  async control<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.#line.controlUrl}/${path}`, {
      method,
      ...(body !== undefined && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return (text === "" ? undefined : JSON.parse(text)) as T;
  }

  /** Everything of the workspace as it was seeded. */
  async clear(): Promise<void> {
    await this.control("POST", "clear");
  }

  /** The resets that reached the simulator. */
  async resets(): Promise<LoggedRequest[]> {
    const { requests } = await this.control<{ requests: LoggedRequest[] }>("GET", "log");
    return requests.filter(({ operation }) => operation === "resetDevice");
  }

  /** Waits until an operation has been asked for and answered. */
  async received(operation: string): Promise<void> {
    for (;;) {
      const { requests } = await this.control<{ requests: LoggedRequest[] }>("GET", "log");
      if (requests.some((request) => request.operation === operation)) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** The approval requests that were filed, for one user where one is given. */
  async approvals(userId?: string): Promise<{ id: string; userEmail: string; idempotencyKey: string }[]> {
    const { approvals } = await this.control<{
      approvals: { id: string; userEmail: string; idempotencyKey: string }[];
    }>("GET", userId === undefined ? "approvals" : `approvals?userId=${userId}`);
    return approvals;
  }

  stop(): Promise<void> {
    return this.#end();
  }
}
