/**
 * What the tests act in: the gateway with settings of their choice, people who sign in, and the simulator's control.
 *
 * @module
 */
import { type applyD1Migrations, createExecutionContext, reset, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { createClient } from "fireblocks-reset-device";
import type { ApiError, ResetRecord } from "fireblocks-reset-device/gateway-api";
import type { Bindings } from "../../src/configuration/bindings";
import { createGateway, type GatewayOptions } from "../../src/gateway";
import type { LogEntry } from "../../src/log";
import type { DocumentedRoute } from "./routes.mjs";
import type { Simulator } from "./simulator";

interface TestBindings extends Bindings {
  TEST_MIGRATIONS: Parameters<typeof applyD1Migrations>[1];
  TEST_SIMULATORS: Simulator[];
  TEST_ROUTES: DocumentedRoute[];
}

const bindings = env as unknown as TestBindings;
/** Of the vitest worker that this file runs in, alone. */
export const simulator = bindings.TEST_SIMULATORS[Number(process.env.VITEST_POOL_ID) - 1] as Simulator;
/** Those of docs/routes.md. */
export const routes = bindings.TEST_ROUTES;
export const db = bindings.DB;
export const origin = "http://127.0.0.1:8787";

export const people = {
  owner: "margaret.okafor@northwind.example",
  amara: "amara.lindqvist@northwind.example",
  jonas: "jonas.weber@northwind.example",
  priya: "priya.nair@northwind.example",
  tomas: "tomas.herrera@northwind.example",
  noor: "noor.haddad@northwind.example",
  eli: "eli.brandt@northwind.example",
};

export const note = { reason: "Lost phone", reference: "CASE-1", verifiedBy: "Video call" };

/** What requests of any test have left running under `waitUntil`. */
const running: Promise<unknown>[] = [];

async function settle(): Promise<void> {
  await Promise.all(running.splice(0));
}

/** A clean database and a clean simulator that approves nothing by itself. */
export async function cleanWorld(): Promise<void> {
  // A write that comes while the database is thrown away may keep the old one alive.
  await settle();
  await reset();
  // At once: one by one, each with its commit, they are a fifth of a test's time.
  await db.batch(bindings.TEST_MIGRATIONS.flatMap(({ queries }) => queries.map((query) => db.prepare(query))));
  await control("POST", "clear");
  await control("PATCH", "settings", {
    approveAfterSeconds: null,
    approvalsReadable: true,
    apiUserEligible: false,
    undocumented: "worst",
    skewSeconds: 0,
    rateLimitPerMinute: { write: 100_000, query: 100_000, read: 100_000 },
  });
}

/** Calls the simulator's control. */
export async function control<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${simulator.controlUrl}/${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`control ${method} ${path}: ${response.status} ${text}`);
  return (text === "" ? undefined : JSON.parse(text)) as T;
}

export interface Approval {
  id: string;
  userId: string;
  status: string;
  idempotencyKey?: string;
  requestId: string;
}

export async function approvals(userId?: string): Promise<Approval[]> {
  const query = userId === undefined ? "" : `?userId=${encodeURIComponent(userId)}`;
  return (await control<{ approvals: Approval[] }>("GET", `approvals${query}`)).approvals;
}

export interface LoggedRequest {
  operation: string;
  target: string;
  status: number;
  effect: boolean;
  requestId: string;
  jwt?: { verified: boolean };
}

/** What the simulator was asked, in order. */
export async function upstreamLog(operation?: string): Promise<LoggedRequest[]> {
  const { requests } = await control<{ requests: LoggedRequest[] }>("GET", "log");
  return requests.filter((request) => operation === undefined || request.operation === operation);
}

export interface Token {
  email?: string;
  groups?: string[];
  commonName?: string;
  aud?: string;
  iss?: string;
  expiresIn?: number;
  notBefore?: number;
  kid?: string;
  alg?: string;
  custom?: unknown;
}

/** A token as Cloudflare Access issues it, or a deliberately bad one. */
export async function tokenOf(token: Token): Promise<string> {
  return (await control<{ token: string }>("POST", "access/token", token)).token;
}

const users = new Map<string, string>();

/** A seeded user's id, by e-mail. */
export async function userId(email: string): Promise<string> {
  if (users.size === 0) {
    const list = await gateway().as({ email: people.amara }).get("/v1/management/users");
    const body = (await list.json()) as { users: { id: string; email: string }[] };
    for (const user of body.users) users.set(user.email, user.id);
  }
  const id = users.get(email);
  if (id === undefined) throw new Error(`no seeded user ${email}`);
  return id;
}

/** Settings of the worker; `undefined` takes one away. */
export type Settings = { [K in keyof Bindings]?: Bindings[K] | undefined };

const standard: Settings = {
  FIREBLOCKS_BASE_PATH: simulator.basePath,
  FIREBLOCKS_API_KEY: simulator.apiKey,
  FIREBLOCKS_SECRET_KEY: simulator.secretKey,
  ACCESS_TEAM_DOMAIN: simulator.teamDomain,
  ACCESS_AUD: simulator.audience,
  ROLES: JSON.stringify({
    resetter: [people.amara, people.jonas],
    viewer: [people.priya],
    auditor: [people.tomas],
  }),
  RATE_LIMITS: "off",
  DAILY_RESET_LIMIT: "1000",
};

/** A gateway with the given settings over the standard ones. */
export function gateway(settings: Settings = {}, options: Omit<GatewayOptions, "bindings"> = {}): World {
  return new World(settings, options);
}

export class World {
  readonly log: LogEntry[] = [];
  readonly env: Bindings;
  readonly #gateway: ReturnType<typeof createGateway>;

  constructor(settings: Settings, options: Omit<GatewayOptions, "bindings">) {
    const merged = { ...bindings, ...standard, ...settings };
    this.env = Object.fromEntries(
      Object.entries(merged).filter(([, value]) => value !== undefined),
    ) as unknown as Bindings;
    this.#gateway = createGateway({ log: (entry) => this.log.push(entry), ...options });
  }

  /** Sends a request just as it is. What it leaves running is waited for by {@link settled}. */
  async send(request: Request): Promise<Response> {
    const ctx = createExecutionContext();
    const response = await this.#gateway.fetch(request, this.env, ctx);
    running.push(waitOnExecutionContext(ctx));
    return response;
  }

  /** Waits for what requests left running under `waitUntil`. */
  async settled(): Promise<void> {
    await settle();
  }

  async sweep(): Promise<void> {
    const ctx = createExecutionContext();
    await this.#gateway.scheduled({} as ScheduledController, this.env, ctx);
    await waitOnExecutionContext(ctx);
  }

  /** Requests of one person, from the worker's own page. */
  as(token: Token): Client {
    // Signed in a while ago: some tests stop the worker's clock while the simulator's goes on.
    return new Client(this, tokenOf({ notBefore: -600, ...token }));
  }
}

/** One signed-in person's browser on the worker's own page. */
export class Client {
  constructor(
    readonly world: World,
    readonly token: Promise<string> | undefined,
  ) {}

  async request(
    method: string,
    path: string,
    init: { headers?: Record<string, string>; body?: BodyInit } = {},
  ): Promise<Response> {
    return this.#send(method, path, { "Sec-Fetch-Site": "same-origin", Origin: origin }, init);
  }

  /** Opens an address as from a link elsewhere, or types it. */
  open(path: string, headers: Record<string, string> = {}): Promise<Response> {
    const navigation = { "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document" };
    return this.#send("GET", path, { ...navigation, Accept: "text/html,*/*;q=0.8" }, { headers });
  }

  /** Sends with no header of a browser's, as a program does. */
  bare(method: string, path: string, init: { headers?: Record<string, string>; body?: BodyInit } = {}) {
    return this.#send(method, path, {}, init);
  }

  async #send(
    method: string,
    path: string,
    headers: Record<string, string>,
    init: { headers?: Record<string, string>; body?: BodyInit },
  ): Promise<Response> {
    const signIn = this.token === undefined ? {} : { "Cf-Access-Jwt-Assertion": await this.token };
    return this.world.send(
      new Request(`${origin}${path}`, {
        method,
        ...init,
        headers: { ...headers, ...signIn, ...init.headers },
        redirect: "manual",
      }),
    );
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return this.request("GET", path, { headers });
  }

  post(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
    if (body === undefined) return this.request("POST", path, { headers });
    return this.request("POST", path, {
      headers: { "Content-Type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
  }

  /** Asks for a reset, with the standard note and a fresh key unless others are given. */
  async reset(id: string, key: string = crypto.randomUUID(), body: unknown = note): Promise<Response> {
    return this.post(`/v1/management/users/${encodeURIComponent(id)}/reset_device`, body, { "Idempotency-Key": key });
  }

  /** A record with its story. */
  async record(id: string): Promise<ResetRecord> {
    const response = await this.get(`/api/resets/${id}`);
    if (response.status !== 200) throw new Error(`record ${id}: ${response.status}`);
    return response.json();
  }
}

/** A reset of Noor, asked for by another API user than the worker's. */
export async function elsewhere(): Promise<void> {
  const { apiKey } = await control<{ apiKey: string }>("POST", "api_keys", { role: "ADMIN", sharedKey: true });
  const { basePath, secretKey } = simulator;
  await (await createClient({ basePath, apiKey, secretKey })).resetDevice(await userId(people.noor));
}

/** The real network, but that more requests of others wait for approval than anybody reads: every page has a next. */
export function endlessApprovals(): typeof fetch {
  const item = (index: number) => ({
    requestPayload: JSON.stringify({ requestId: `other-${index}`, requestType: "OTHER", requestData: {} }),
    quorumStatus: { requestStatus: "PENDING" },
  });
  return (async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input as RequestInfo, init);
    if (!new URL(request.url).pathname.endsWith("/approvals")) return fetch(request);
    return Response.json({ data: Array.from({ length: 30 }, (_, index) => item(index)), next: "more" });
  }) as typeof fetch;
}

export async function errorOf(response: Response): Promise<ApiError> {
  return response.json();
}

/** The record that an answer names. */
export function recordIdOf(response: Response): string {
  const id = response.headers.get("X-Reset-Record");
  if (id === null) throw new Error(`no record in the answer (${response.status})`);
  return id;
}
