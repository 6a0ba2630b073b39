/**
 * One's own screen. It takes no role: whoever is a console user of the workspace reads and changes what is theirs.
 *
 * @module
 */
import type { HelpGiven } from "fireblocks-reset-device/gateway-api";
import { Hono } from "hono";
import { managerIn } from "../access/claims";
import { parseAsked, parseConfirmed } from "../help/bodies";
import { readMe } from "../help/me";
import { type OwnUser, requireOwnUser } from "../help/own-user";
import { askForHelp, cancelHelp, confirmHelper, denyHelper, type Given, ownHelp, renewCode } from "../help/requests";
import type { HelpRow } from "../records/help-requests";
import { type GatewayContext, type GatewayEnv, waitUntilOf } from "./context";
import { readBody } from "./guards";

export function meRoutes(): Hono<GatewayEnv> {
  const routes = new Hono<GatewayEnv>();

  routes.get("/", async (c) => c.json(await readMe(c.var.services, c.var.person, waitUntilOf(c))));

  routes.post("/help", async (c) => {
    const { services, person, signIn } = c.var;
    const asked = parseAsked(await readBody(c));
    const manager = managerIn(signIn.claims, services.configuration.managerClaim);
    return given(c, await askForHelp(services, person, await ownUser(c), asked, manager));
  });

  routes.post("/help/code", async (c) => {
    return given(c, await renewCode(c.var.services, c.var.person, (await ownUser(c)).id));
  });

  routes.post("/help/confirm", async (c) => {
    const matchedAt = parseConfirmed(await readBody(c));
    return shown(c, await confirmHelper(c.var.services, c.var.person, (await ownUser(c)).id, matchedAt));
  });

  for (const [path, act] of [
    ["/help/deny", denyHelper],
    ["/help/cancel", cancelHelp],
  ] as const) {
    routes.post(path, async (c) => shown(c, await act(c.var.services, c.var.person, (await ownUser(c)).id)));
  }

  return routes;
}

async function ownUser(c: GatewayContext): Promise<OwnUser> {
  return (await requireOwnUser(c.var.services, c.var.person, waitUntilOf(c), "decide")).user;
}

/** The one answer that holds a code. */
async function given(c: GatewayContext, { row, digits }: Given): Promise<Response> {
  const answer: HelpGiven = { ...(await ownHelp(c.var.services, row)), digits };
  return c.json(answer);
}

async function shown(c: GatewayContext, row: HelpRow): Promise<Response> {
  return c.json(await ownHelp(c.var.services, row));
}
