/**
 * The gateway as a library: everything that the deployable Worker is made of, to be mounted in any Worker.
 *
 * @module
 */
import { FireblocksError } from "fireblocks-reset-device";
import { Hono } from "hono";
import { cors } from "hono/cors";
import { matchedRoutes, routePath } from "hono/route";
import type { Bindings } from "./configuration/bindings";
import { CODES, GatewayError } from "./errors";
import { readingFailed } from "./fireblocks/answers";
import { confirmationRoutes } from "./http/confirmation-routes";
import { type GatewayContext, type GatewayEnv, isApi, opensPage } from "./http/context";
import { elsewhereRoutes } from "./http/elsewhere-routes";
import {
  findRoles,
  limitHeaders,
  limitRequests,
  requireConfiguration,
  requireOwnOrigin,
  requireSignIn,
} from "./http/guards";
import { securityHeaders } from "./http/headers";
import { helpRoutes } from "./http/help-routes";
import { meRoutes } from "./http/me-routes";
import { allowNoticeStyle, noticePage } from "./http/notice";
import { keepRefusals } from "./http/refusals";
import { fireblocksRoutes, healthRoute, pageRoutes, webhookRoute } from "./http/routes";
import { consoleLog, errorName, type Log } from "./log";
import { StoreUnavailable } from "./records/store";
import { type Made, makeServices } from "./services";
import { sweep } from "./sweep/sweep";

export type { Bindings } from "./configuration/bindings";
export type { Log, LogEntry } from "./log";

/** How a gateway is fitted into a Worker. Its settings are the Worker's variables and secrets: see docs/deploy.md. */
export interface GatewayOptions<Env extends object = Bindings> {
  /** Names the gateway's bindings and settings where the Worker's own `env` has other names. */
  bindings?: (env: Env) => Bindings;
  /** A path in front of all of the gateway's own, like `/fireblocks`. The page's files are looked up without it. */
  prefix?: string;
  /** Takes log entries in place of the console. */
  log?: Log;
  /** Used for every outgoing request in place of the global `fetch`. */
  fetch?: typeof fetch;
  /** Epoch milliseconds. Default `Date.now`. */
  now?: () => number;
}

export interface Gateway<Env extends object = Bindings> {
  fetch(request: Request, env: Env, ctx: ExecutionContext): Promise<Response>;
  /** The sweep. Give it a Cron Trigger of one minute. */
  scheduled(controller: ScheduledController, env: Env, ctx: ExecutionContext): Promise<void>;
}

const API = ["/api/*", "/v1/*"];

/** Where the page's build puts files whose names change with their content. */
const HASHED = "/assets/";

/** Makes a gateway. Nothing is read, checked or sent before the first event. */
export function createGateway<Env extends object = Bindings>(options: GatewayOptions<Env> = {}): Gateway<Env> {
  const prefix = options.prefix ?? "";
  const app = makeApp(prefix);
  const serviceOptions = {
    // Called bare: the global `fetch` must not be called as another object's method.
    fetch: options.fetch ?? ((input: RequestInfo | URL, init?: RequestInit) => fetch(input as RequestInfo, init)),
    now: options.now ?? Date.now,
    log: options.log ?? consoleLog,
  } as Parameters<typeof makeServices>[1];
  // The runtime gives every request of an isolate the same `env`: key and client are made once for it.
  const made = new WeakMap<Env, { made: Made; bindings: Bindings }>();
  const madeFor = (env: Env) => {
    let entry = made.get(env);
    if (entry === undefined) {
      const bindings = options.bindings?.(env) ?? (env as unknown as Bindings);
      entry = { made: makeServices(bindings, serviceOptions), bindings };
      made.set(env, entry);
    }
    return entry;
  };

  return {
    async fetch(request, env, ctx) {
      const entry = madeFor(env);
      const { made, bindings } = entry;
      return app.fetch(request, { made, assets: bindings.ASSETS, options: serviceOptions, prefix }, ctx);
    },
    async scheduled(_controller, env, ctx) {
      const { made } = madeFor(env);
      if (made.ok) await sweep(made.services, (promise) => ctx.waitUntil(promise));
    },
  };
}

function makeApp(prefix: string): Hono<GatewayEnv> {
  const app = new Hono<GatewayEnv>().basePath(prefix);
  app.use(observe);
  app.use(allowNoticeStyle);
  app.use(securityHeaders);
  app.use(limitHeaders);
  for (const path of API) app.use(path, noStore);
  app.route("/api/health", healthRoute());
  app.use(requireConfiguration);
  app.route("/api/webhooks/fireblocks", webhookRoute());
  // Before the sign-in: a browser asks whether it may call without a cookie, and reads a 401 only where it may.
  for (const path of API) app.use(path, allowOrigins);
  // Around the sign-in, which already refuses a service token that nobody has named.
  for (const path of API) app.use(path, keepRefusals);
  app.use(requireSignIn);
  for (const path of API) app.use(path, findRoles, requireOwnOrigin, limitRequests);
  app.route("/v1", fireblocksRoutes());
  app.route("/api/me", meRoutes());
  app.route("/api/help", helpRoutes());
  app.route("/api/confirmations", confirmationRoutes());
  app.route("/api", pageRoutes());
  app.route("/api/elsewhere", elsewhereRoutes());
  for (const path of API) app.all(path, noRoute);
  app.get("*", page);
  app.notFound(noRoute);
  app.onError((error, c: GatewayContext) => {
    const failure = asGatewayError(error, c);
    for (const [name, value] of Object.entries(failure.headers())) c.header(name, value);
    c.header("Cache-Control", "no-store");
    return opensPage(c) ? noticePage(c, failure) : c.json(failure.body(), failure.status as 500);
  });
  return app;
}

/** Gives the request its id, and logs its end. */
async function observe(c: GatewayContext, next: () => Promise<void>): Promise<void> {
  const { options } = c.env;
  const requestId = crypto.randomUUID();
  const arrivedAt = options.now();
  c.set("requestId", requestId);
  c.set("arrivedAt", arrivedAt);
  await next();
  const fireblocksRequestId = c.res.headers.get("X-Request-ID") ?? undefined;
  // Fireblocks' own id is the one that its support asks for; the worker's goes beside it.
  if (fireblocksRequestId === undefined) c.header("X-Request-ID", requestId);
  c.header("X-Gateway-Request-ID", requestId);
  // Files of the page are not worth a line each, unless they were refused.
  if (!isApi(c) && c.error === undefined) return;
  options.log({
    level: c.res.status >= 500 ? "error" : "info",
    event: "request",
    requestId,
    fireblocksRequestId,
    method: c.req.method,
    route: routeOf(c),
    status: c.res.status,
    durationMs: options.now() - arrivedAt,
    actorId: c.get("signIn")?.id,
    recordId: c.res.headers.get("X-Reset-Record") ?? undefined,
    ...(c.error instanceof GatewayError && { code: c.error.code }),
    ...(c.error !== undefined && !(c.error instanceof GatewayError) && { error: errorName(c.error) }),
  });
}

/** The route that the request was for, also where a guard before all routes has refused it. */
function routeOf(c: GatewayContext): string {
  return matchedRoutes(c).find(({ path }) => !path.endsWith("*"))?.path ?? routePath(c);
}

async function noStore(c: GatewayContext, next: () => Promise<void>): Promise<void> {
  await next();
  c.header("Cache-Control", "no-store");
}

/** Other origins, where the configuration names them; none by default. */
function allowOrigins(c: GatewayContext, next: () => Promise<void>) {
  const origin = c.req.header("Origin");
  if (origin === undefined || !c.var.services.configuration.allowedOrigins.has(origin)) return next();
  return cors({
    origin,
    credentials: true,
    allowMethods: ["GET", "POST"],
    allowHeaders: ["Content-Type", "Idempotency-Key"],
    exposeHeaders: ["X-Request-ID", "X-Reset-Record", "Retry-After"],
  })(c, next);
}

/** The page and its files. Whoever has signed in gets them; no cache may keep them for anybody else. */
async function page(c: GatewayContext): Promise<Response> {
  const { assets, prefix } = c.env;
  if (assets === undefined) return noRoute(c);
  const url = new URL(c.req.url);
  url.pathname = url.pathname.slice(prefix.length) || "/";
  const found = await assets.fetch(prefix === "" ? c.req.raw : new Request(url, c.req.raw));
  const response = new Response(found.body, found);
  // Vite puts a hash of the content into these names. An address that is not there gets the page, which changes.
  const isHashed = url.pathname.startsWith(HASHED) && found.ok;
  const isKept = isHashed && !found.headers.get("Content-Type")?.startsWith("text/html");
  response.headers.set("Cache-Control", isKept ? "private, max-age=31536000, immutable" : "private, no-cache");
  return response;
}

function noRoute(_c: GatewayContext): never {
  throw new GatewayError(404, CODES.notFound, "There is no such address here. Nothing was sent.");
}

/** What a person is told. What nobody foresaw is told as that, and by its kind in the log. */
function asGatewayError(error: unknown, c: GatewayContext): GatewayError {
  if (error instanceof GatewayError) return error;
  if (error instanceof FireblocksError) return readingFailed(error, "What this needs");
  const acted = c.req.method !== "GET" && c.req.method !== "HEAD";
  const outcome = acted ? ("unknown" as const) : ("refused" as const);
  const next = acted
    ? "Whether this took effect is not known: look before trying again."
    : "Nothing was changed. Try again in a minute.";
  if (error instanceof StoreUnavailable) {
    const message = `The worker cannot reach its records now. ${next}`;
    return new GatewayError(503, CODES.unavailable, message, { outcome, cause: error, retryAfterSeconds: 30 });
  }
  const message = `The worker failed in a way that nobody foresaw. Whoever runs it finds this request in its log. ${next}`;
  return new GatewayError(500, CODES.internal, message, { outcome, cause: error });
}
