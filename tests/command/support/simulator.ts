// A simulator of a test file's own.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requireLoopback } from "../../../scripts/base/environment.mjs";
import { startSimulator } from "../../../scripts/stack.mjs";

/** A request as the simulator's log tells it. */
export interface LoggedRequest {
  operation: string;
  target: string;
  headers: Record<string, string>;
  status: number;
  effect: boolean;
}

export class Simulator {
  readonly #started;
  readonly #folder: string;

  private constructor(started: Awaited<ReturnType<typeof startSimulator>>, folder: string) {
    this.#started = started;
    this.#folder = folder;
  }

  static async start(): Promise<Simulator> {
    const folder = mkdtempSync(join(tmpdir(), "fireblocks-reset-device-command-"));
    const started = await startSimulator({ dir: folder, log: join(folder, "simulator.log") });
    requireLoopback(started.line.basePath, "simulator's base path");
    return new Simulator(started, folder);
  }

  /** The environment of a direct call. */
  get env(): Record<string, string> {
    const { apiKey, basePath, secretKeyFile } = this.#started.line;
    return { FIREBLOCKS_API_KEY: apiKey, FIREBLOCKS_SECRET_KEY: secretKeyFile, FIREBLOCKS_BASE_PATH: basePath };
  }

  get secretKey(): string {
    return readFileSync(this.#started.line.secretKeyFile, "utf8");
  }

  /** Sends something to the simulator's control. */
  async control<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.#started.line.controlUrl}/${path}`, {
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

  async approvals(): Promise<{ id: string; userEmail: string; idempotencyKey: string }[]> {
    const { approvals } = await this.control<{
      approvals: { id: string; userEmail: string; idempotencyKey: string }[];
    }>("GET", "approvals");
    return approvals;
  }

  async stop(): Promise<void> {
    await this.#started.service.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
