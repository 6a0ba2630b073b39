/**
 * What a person's manager is asked. It takes no role: whoever is not the manager is told that nothing is asked.
 *
 * @module
 */
import { Hono } from "hono";
import { answerConfirmation, readConfirmation } from "../resets/confirmation";
import { parseAnswer } from "../resets/request";
import { askingOf, type GatewayEnv } from "./context";
import { readBody } from "./guards";
import { parseRecordId } from "./record-id";

export function confirmationRoutes(): Hono<GatewayEnv> {
  const routes = new Hono<GatewayEnv>();

  routes.get("/:id", async (c) => c.json(await readConfirmation(c.var.services, parseRecordId(c), askingOf(c))));

  routes.post("/:id", async (c) => {
    const answer = parseAnswer(await readBody(c));
    return c.json(await answerConfirmation(c.var.services, parseRecordId(c), askingOf(c), answer));
  });

  return routes;
}
