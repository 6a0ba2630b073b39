/** The simulator's control: what it has seen, and what happens next in the workspace. */
import type { SimulatorLine } from "../../../scripts/stack.mjs";

/** One request that the simulator answered. */
export interface LoggedRequest {
  seq: number;
  at: number;
  method: string;
  target: string;
  headers: Record<string, string>;
  bodySha256: string;
  jwt?: { header: Record<string, unknown>; claims: Record<string, unknown>; verified: boolean; refusedWith?: number };
  status: number;
  requestId: string;
  operation?: string;
  effect: boolean;
  replayed: boolean;
  apiKey?: string;
}

export interface FiledApproval {
  id: string;
  userId: string;
  userEmail: string;
  status: string;
  createdAt: number;
  idempotencyKey?: string;
  apiKey: string;
  requestId: string;
}

export interface SimulatedUser {
  id: string;
  email: string;
  status: string;
  role: string;
  /** Whom the set-up after a pairing awaits. */
  setUp?: "awaitsOwner" | "awaitsUser" | "missed";
  /** How many the user has had, the present one among them. */
  phones: number;
}

/** What somebody does about a user's phone or sign-in. */
type PhoneAction = "advance" | "approve_key_shares" | "lose_second_factor" | "reset_second_factor" | "migrate";

/** A fault to play at the next request that matches. */
export type Fault = { match: { operation?: string; userId?: string }; times?: number } & Record<string, unknown>;

export class Simulator {
  readonly line: SimulatorLine;

  constructor(line: SimulatorLine) {
    this.line = line;
  }

  async #call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.line.controlUrl}/${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === "" ? undefined : JSON.parse(text)) as T;
  }

  async log(since = 0): Promise<LoggedRequest[]> {
    return (await this.#call<{ requests: LoggedRequest[] }>("GET", `log?since=${since}`)).requests;
  }

  /** The number of the last request so far; later ones are in `log(mark)`. */
  async mark(): Promise<number> {
    return (await this.log()).at(-1)?.seq ?? 0;
  }

  /** The refusals of resets or reads since a mark, as Fireblocks' codes. */
  async refusals(since: number): Promise<number[]> {
    return (await this.log(since)).flatMap(({ jwt }) => (jwt?.refusedWith === undefined ? [] : [jwt.refusedWith]));
  }

  /** The approval requests for one user's resets, or all that were ever filed. */
  async approvals(userId?: string): Promise<FiledApproval[]> {
    const query = userId === undefined ? "" : `?userId=${userId}`;
    return (await this.#call<{ approvals: FiledApproval[] }>("GET", `approvals${query}`)).approvals;
  }

  /** Somebody asks in the Console for a reset of a user. */
  fileInConsole(userId: string, by: string): Promise<{ id: string }> {
    return this.#call("POST", "approvals", { userId, by });
  }

  approve(id: string): Promise<void> {
    return this.#call("POST", `approvals/${id}/approve`);
  }

  /** Somebody cancels a request in the Console. */
  cancel(id: string): Promise<void> {
    return this.#call("POST", `approvals/${id}/cancel`);
  }

  user(id: string): Promise<SimulatedUser> {
    return this.#call("GET", `users/${id}`);
  }

  /** Changes a user past the Console. */
  changeUser(id: string, change: { enabled?: boolean; status?: string }): Promise<void> {
    return this.#call("PATCH", `users/${id}`, change);
  }

  /** Takes a user one step on the way back: pairing, set-up, ready. */
  advance(id: string): Promise<void> {
    return this.act(id, "advance");
  }

  /** @throws where it cannot be done now */
  act(userId: string, action: PhoneAction): Promise<void> {
    return this.#call("POST", `users/${userId}/${action}`);
  }

  /** Lets time pass in the workspace. */
  letPass(hours: number): Promise<void> {
    return this.#call("POST", "clock", { forwardSeconds: hours * 3_600 });
  }

  order(faults: Fault | Fault[]): Promise<void> {
    return this.#call("POST", "faults", faults);
  }

  /** The faults that still wait for a request. */
  async orderedFaults(): Promise<Fault[]> {
    return (await this.#call<{ faults: Fault[] }>("GET", "faults")).faults;
  }

  clearFaults(): Promise<void> {
    return this.#call("DELETE", "faults");
  }

  /** A sign-in's token, as Access would issue it. */
  async accessToken(email: string): Promise<string> {
    return (await this.#call<{ token: string }>("POST", "access/token", { email })).token;
  }

  change(settings: Record<string, unknown>): Promise<void> {
    return this.#call("PATCH", "settings", settings);
  }

  makeApiKey(role: string): Promise<{ apiKey: string; secretKey: string }> {
    return this.#call("POST", "api_keys", { role });
  }

  changeApiKey(apiKey: string, change: { role?: string; enabled?: boolean }): Promise<void> {
    return this.#call("PATCH", `api_keys/${apiKey}`, change);
  }
}
