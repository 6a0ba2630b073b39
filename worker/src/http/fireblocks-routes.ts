/**
 * Fireblocks' own paths.
 *
 * @module
 */
import { Hono } from "hono";
import { askForReset } from "../resets/ask";
import { parseCallerKey, parseNote, parseUserId } from "../resets/request";
import { acceptance } from "./acceptance";
import { askingOf, type GatewayEnv } from "./context";
import { ANY_ROLE, RESETTER, readBody } from "./guards";
import { usersToShow, workspaceToShow } from "./shown";

/** Fireblocks' own paths, so that any Fireblocks client can speak to the worker. */
export function fireblocksRoutes(): Hono<GatewayEnv> {
  const routes = new Hono<GatewayEnv>();

  routes.post("/management/users/:id/reset_device", RESETTER, async (c) => {
    const asking = askForReset(c.var.services, {
      ...askingOf(c),
      userId: parseUserId(c.req.param("id")),
      callerKey: parseCallerKey(c.req.header("Idempotency-Key")),
      note: parseNote(await readBody(c)),
    });
    return acceptance(c, await asking);
  });

  routes.get("/management/users", ANY_ROLE, async (c) => {
    const { value } = await usersToShow(c);
    return c.json({ users: value });
  });

  routes.get("/workspace", ANY_ROLE, async (c) => {
    const { value } = await workspaceToShow(c);
    return c.json(value);
  });

  return routes;
}
