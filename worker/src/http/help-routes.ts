/**
 * The helper's side: the requests for help that are open, and the code that is typed.
 *
 * @module
 */
import type { HelpPage } from "fireblocks-reset-device/gateway-api";
import { Hono } from "hono";
import type { Person } from "../access/people";
import { CODES, GatewayError } from "../errors";
import { parseTyped } from "../help/bodies";
import { matchCode } from "../help/match";
import { shownNow } from "../help/requests";
import { type HelpRow, toHelpRequest, toHelpSummary } from "../records/help-requests";
import { type GatewayContext, type GatewayEnv, waitUntilOf } from "./context";
import { readBody, requireRole } from "./guards";
import { isId } from "./record-id";

/** More would have been asked for than people look at. */
const LISTED = 200;

export function helpRoutes(): Hono<GatewayEnv> {
  const routes = new Hono<GatewayEnv>();

  routes.get("/", requireRole("resetter"), async (c) => {
    const { help, now } = c.var.services;
    const rows = await help.allOpen(now(), LISTED);
    const page: HelpPage = { requests: rows.map((row) => toHelpSummary(row, isHelper(row, c.var.person))) };
    return c.json(page);
  });

  routes.get("/:id", requireRole("resetter", "auditor"), async (c) => shown(c, await requireRequest(c)));

  routes.post("/:id/match", requireRole("resetter"), async (c) => {
    const { services, person } = c.var;
    const digits = parseTyped(await readBody(c));
    return shown(c, await matchCode(services, person, await requireRequest(c), digits, waitUntilOf(c)));
  });

  return routes;
}

async function requireRequest(c: GatewayContext): Promise<HelpRow> {
  const id = c.req.param("id");
  const row = isId(id) ? await c.var.services.help.get(id) : null;
  if (row === null) throw new GatewayError(404, CODES.notFound, "There is no request for help with this id.");
  return row;
}

async function shown(c: GatewayContext, row: HelpRow): Promise<Response> {
  const { services, person } = c.var;
  const events = await services.help.events(row.id);
  return c.json(toHelpRequest(shownNow(row, services.now()), events, isHelper(row, person)));
}

function isHelper({ helper_id }: HelpRow, person: Person): boolean {
  return helper_id === person.id;
}
