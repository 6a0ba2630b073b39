// A simulator of one test file's own: a free port, a temporary data folder, and typed access to its control endpoint.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { requireLoopback } from "../../../scripts/base/environment.mjs";
import { startSimulator as startProcess } from "../../../scripts/stack.mjs";

export type Operation =
  | "resetDevice"
  | "getConsoleUsers"
  | "getAuditLogs"
  | "getApprovals"
  | "getApproval"
  | "rejectApproval"
  | "getWorkspace";

/** What a request is answered with instead of what it deserves. */
export interface Fault {
  match?: { operation?: Operation; userId?: string };
  /** How many requests meet it. Default 1. */
  times?: number;
  status?: number;
  body?: string;
  headers?: Record<string, string>;
  retryAfter?: string;
  /** Before the effect. */
  delayMs?: number;
  /** Between the effect and the answer. */
  delayAfterMs?: number;
  cut?: "beforeEffect" | "afterEffect" | "midBody";
  /** With `status`: whether the request still has its effect. */
  effect?: boolean;
  /** With a `status` from 500: whether the idempotency key is spent by it. Default true. */
  spendKey?: boolean;
  skewSeconds?: number;
  truncate?: boolean;
  garbage?: boolean;
}

/** A request as the simulator received it. */
export interface LoggedRequest {
  seq: number;
  at: number;
  method: string;
  target: string;
  headers: Record<string, string>;
  bodySha256: string;
  jwt?: {
    header: Record<string, unknown>;
    claims: Record<string, unknown>;
    verified: boolean;
    refusedWith?: unknown;
  };
  status: number;
  requestId?: string;
  operation?: Operation;
  effect: boolean;
  replayed: boolean;
  apiKey?: string;
}

/** An approval request that a reset has filed. */
export interface FiledApproval {
  id: string;
  userId: string;
  userEmail: string;
  status: string;
  createdAt: number;
  expiresAt: number;
  idempotencyKey?: string | null;
  apiKey: string;
  requestId: string;
}

export interface SimulatorSettings {
  approveAfterSeconds?: number | null;
  pairAfterSeconds?: number | null;
  keySharesAfterSeconds?: number | null;
  setupAfterSeconds?: number | null;
  undocumented?: "worst" | "mild";
  skewSeconds?: number;
  approvalsReadable?: boolean;
  apiUserEligible?: boolean;
  approvalThreshold?: number;
  rateLimitPerMinute?: { write?: number; query?: number; read?: number };
  processingMs?: number;
}

/** The simulated workspace's control endpoint, which Fireblocks does not have. */
export class Control {
  readonly #url: string;

  constructor(url: string) {
    requireLoopback(url, "control endpoint");
    this.#url = url;
  }

  async order(faults: Fault | Fault[]): Promise<void> {
    await this.#ask("POST", "/faults", faults);
  }

  async withdrawFaults(): Promise<void> {
    await this.#ask("DELETE", "/faults");
  }

  async requests(since = 0): Promise<LoggedRequest[]> {
    const { requests } = await this.#ask<{ requests: LoggedRequest[] }>("GET", `/log?since=${since}`);
    return requests;
  }

  /** The requests for one user, or for one path where `target` is given whole. */
  async requestsTo(part: string): Promise<LoggedRequest[]> {
    return (await this.requests()).filter((request) => request.target.includes(part));
  }

  async approvals(userId?: string): Promise<FiledApproval[]> {
    const query = userId === undefined ? "" : `?userId=${encodeURIComponent(userId)}`;
    const { approvals } = await this.#ask<{ approvals: FiledApproval[] }>("GET", `/approvals${query}`);
    return approvals;
  }

  async decide(approvalId: string, decision: "approve" | "reject" | "cancel" | "expire"): Promise<void> {
    await this.#ask("POST", `/approvals/${approvalId}/${decision}`);
  }

  /** Takes the user one step along READY → PENDING_DEVICE_PAIRING → PENDING_DEVICE_SETUP → READY. */
  async advance(userId: string): Promise<void> {
    await this.#ask("POST", `/users/${userId}/advance`);
  }

  /** The Owner's hand, after the pairing of somebody who signs. */
  async approveKeyShares(userId: string): Promise<void> {
    await this.#ask("POST", `/users/${userId}/approve_key_shares`);
  }

  /** Lets time pass in the workspace. */
  async letPass(hours: number): Promise<void> {
    await this.#ask("POST", "/clock", { forwardSeconds: hours * 3_600 });
  }

  async patchUser(userId: string, patch: Record<string, unknown>): Promise<void> {
    await this.#ask("PATCH", `/users/${userId}`, patch);
  }

  async set(settings: SimulatorSettings): Promise<void> {
    await this.#ask("PATCH", "/settings", settings);
  }

  async makeApiKey(role: string): Promise<{ apiKey: string; secretKey: string }> {
    return this.#ask("POST", "/api_keys", { role });
  }

  async clear(): Promise<void> {
    await this.#ask("POST", "/clear");
  }

  async #ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(this.#url + path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`The simulator's control refused ${method} ${path}: ${response.status} ${text}`);
    return (text === "" ? undefined : JSON.parse(text)) as T;
  }
}

export interface Simulator {
  basePath: string;
  apiKey: string;
  /** PEM, PKCS#8. */
  secretKey: string;
  secretKeyFile: string;
  control: Control;
}

/**
 * Starts a simulator that lives as long as the test file.
 *
 * Resets are approved and users advance by hand alone, and the rate limits are out of the way.
 */
export async function startSimulator({ users = 60, ...settings }: { users?: number } & SimulatorSettings = {}) {
  const folder = mkdtempSync(join(tmpdir(), "conformance-"));
  const { service, line } = await startProcess({
    users,
    dir: join(folder, "data"),
    log: join(folder, "simulator.log"),
  });
  afterAll(async () => {
    await service.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  requireLoopback(line.basePath, "simulator's base path");
  const simulator: Simulator = {
    basePath: line.basePath,
    apiKey: line.apiKey,
    secretKey: readFileSync(line.secretKeyFile, "utf8"),
    secretKeyFile: line.secretKeyFile,
    control: new Control(line.controlUrl),
  };
  await simulator.control.set({
    approveAfterSeconds: null,
    pairAfterSeconds: null,
    setupAfterSeconds: null,
    undocumented: "mild",
    rateLimitPerMinute: { write: 1_000_000, query: 1_000_000, read: 1_000_000 },
    ...settings,
  });
  return simulator;
}
