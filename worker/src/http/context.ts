/**
 * What each request carries through the routes.
 *
 * @module
 */
import type { Context } from "hono";
import type { Person } from "../access/people";
import type { WaitUntil } from "../fireblocks/shared";
import type { Asking } from "../resets/ask";
import type { Made, ServiceOptions, Services } from "../services";

export interface GatewayEnv {
  Bindings: { made: Made; assets: Fetcher | undefined; options: ServiceOptions; prefix: string };
  Variables: {
    requestId: string;
    arrivedAt: number;
    services: Services;
    person: Person;
  };
}

export type GatewayContext = Context<GatewayEnv>;

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
