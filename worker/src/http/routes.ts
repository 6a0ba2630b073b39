/**
 * Every route of the API, by room. Who may call each, what it takes and what it answers is in docs/routes.md.
 *
 * @module
 */
import { Hono } from "hono";
import { alarmRoutes } from "./alarm-routes";
import { auditorRoutes } from "./auditor-routes";
import type { GatewayEnv } from "./context";
import { resetRoutes } from "./reset-routes";
import { sessionRoutes } from "./session-routes";
import { userRoutes } from "./user-routes";

export { fireblocksRoutes } from "./fireblocks-routes";
export { healthRoute } from "./health-routes";
export { webhookRoute } from "./webhook-routes";

/** The page's own paths. */
export function pageRoutes(): Hono<GatewayEnv> {
  // The export's address would be taken for a record's: it comes first.
  return [auditorRoutes(), sessionRoutes(), userRoutes(), resetRoutes(), alarmRoutes()].reduce(
    (all, routes) => all.route("/", routes),
    new Hono<GatewayEnv>(),
  );
}
