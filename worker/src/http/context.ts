/**
 * What each request carries through the routes.
 *
 * @module
 */
import type { Context } from "hono";
import type { Person } from "../access/people";
import type { SignIn } from "../access/token";
import type { WaitUntil } from "../fireblocks/shared";
import type { Asking } from "../resets/asking";
import type { Made, ServiceOptions, Services } from "../services";

export interface GatewayEnv {
  Bindings: { made: Made; assets: Fetcher | undefined; options: ServiceOptions; prefix: string };
  Variables: {
    requestId: string;
    arrivedAt: number;
    services: Services;
    signIn: SignIn;
    /** Behind the API's guards alone; before them where a service token was refused. */
    person: Person;
    /** A notice's inline style sheet, as its policy names it: by the hash. */
    noticeStyle?: string;
  };
}

export type GatewayContext = Context<GatewayEnv>;

/** The API's own part of the addresses; everything else is the page's. */
export function isApi(c: GatewayContext): boolean {
  return /^\/(api|v1)(\/|$)/.test(c.req.path.slice(c.env.prefix.length));
}

/** A browser opens an address of the page, so that a person reads the answer. Old browsers tell by `Accept` alone. */
export function opensPage(c: GatewayContext): boolean {
  if (c.req.method !== "GET" || isApi(c)) return false;
  const mode = c.req.header("Sec-Fetch-Mode");
  return mode === undefined ? /\btext\/html\b/i.test(c.req.header("Accept") ?? "") : mode === "navigate";
}

export function waitUntilOf(c: GatewayContext): WaitUntil {
  return (promise) => c.executionCtx.waitUntil(promise);
}

export function askingOf(c: GatewayContext): Asking {
  return {
    person: c.var.person,
    arrivedAt: c.var.arrivedAt,
    requestId: c.var.requestId,
    waitUntil: waitUntilOf(c),
  };
}
