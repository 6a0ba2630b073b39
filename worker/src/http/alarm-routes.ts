/**
 * "This was not me": what the affected person says, and what others do about it.
 *
 * @module
 */
import type { AlarmList, StopAnswer } from "fireblocks-reset-device/gateway-api";
import { Hono } from "hono";
import { close, raise } from "../alarms/alarms";
import { CODES, GatewayError } from "../errors";
import { listAlarms, toAlarm } from "../records/alarms";
import { parseAlarm, parseReason } from "../resets/request";
import { stop } from "../resets/stop";
import { askingOf, type GatewayContext, type GatewayEnv } from "./context";
import { ANY_ROLE, readBody, requirePerson, requireRole } from "./guards";
import { isId, parseRecordId } from "./record-id";

export function alarmRoutes(): Hono<GatewayEnv> {
  const routes = new Hono<GatewayEnv>();

  routes.post("/me/resets/:id/stop", requirePerson, async (c) => {
    await c.var.services.burst.take(c.var.person, "decision");
    const answer: StopAnswer = await stop(c.var.services, parseRecordId(c), askingOf(c));
    return c.json(answer);
  });

  routes.post("/me/alarm", requirePerson, async (c) => {
    const alarm = await raise(c.var.services, parseAlarm(await readBody(c)), askingOf(c));
    return c.json(toAlarm(alarm));
  });

  routes.get("/alarms", ANY_ROLE, async (c) => {
    const list: AlarmList = { alarms: (await listAlarms(c.var.services.bindings.DB)).map(toAlarm) };
    return c.json(list);
  });

  routes.post("/alarms/:id/close", requireRole("resetter", "auditor"), async (c) => {
    await close(c.var.services, alarmIdOf(c), parseReason(await readBody(c)), askingOf(c));
    return c.body(null, 204);
  });

  return routes;
}

function alarmIdOf(c: GatewayContext): string {
  const id = c.req.param("id");
  if (isId(id)) return id;
  throw new GatewayError(404, CODES.notFound, "There is no alarm with this id.");
}
