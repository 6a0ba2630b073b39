/**
 * The records, and what people decide about them.
 *
 * @module
 */
import type { ResetPage } from "fireblocks-reset-device/gateway-api";
import { Hono } from "hono";
import { openAlarmsOf, toAlarm } from "../records/alarms";
import { firstDueFirst } from "../records/due";
import { listDue, listRecords, parseListQuery } from "../records/list";
import { toEvent, toRecord } from "../records/row";
import { review } from "../resets/break-glass";
import { release, settle, withdraw } from "../resets/decide";
import { noRecord, requireRecord } from "../resets/known-record";
import { parseReason, parseRelease, parseSettling } from "../resets/request";
import { sendWaiting } from "../resets/waiting";
import { acceptance } from "./acceptance";
import { askingOf, type GatewayEnv } from "./context";
import { ANY_ROLE, RESETTER, readBody, requireRole } from "./guards";
import { parseRecordId } from "./record-id";

export function resetRoutes(): Hono<GatewayEnv> {
  const routes = new Hono<GatewayEnv>();

  routes.get("/resets", ANY_ROLE, async (c) => {
    const { services } = c.var;
    const { rows, next } = await listRecords(services.bindings.DB, parseListQuery(c.req.query()));
    const now = services.now();
    const page: ResetPage = {
      resets: rows.map((row) => toRecord(row, now, services.configuration)),
      ...(next !== undefined && { next }),
    };
    return c.json(page);
  });

  routes.get("/resets/due", ANY_ROLE, async (c) => {
    const { services } = c.var;
    const rows = await listDue(services.bindings.DB);
    const resets = rows.map((row) => toRecord(row, services.now(), services.configuration));
    return c.json({ resets: firstDueFirst(resets) } satisfies ResetPage);
  });

  routes.get("/resets/:id", ANY_ROLE, async (c) => {
    const { services } = c.var;
    const id = parseRecordId(c);
    const [row, events] = await Promise.all([services.records.get(id), services.records.events(id)]);
    if (row === null) throw noRecord();
    const record = toRecord(row, services.now(), services.configuration);
    const alarms = (await openAlarmsOf(services.bindings.DB, [row.user_id])).map(toAlarm);
    return c.json({ ...record, events: events.map(toEvent), ...(alarms.length > 0 && { alarms }) });
  });

  routes.post("/resets/:id/release", RESETTER, async (c) => {
    const stated = parseRelease(await readBody(c));
    return acceptance(c, await release(c.var.services, parseRecordId(c), askingOf(c), stated));
  });

  routes.post("/resets/:id/send", RESETTER, async (c) => {
    return acceptance(c, await sendWaiting(c.var.services, parseRecordId(c), askingOf(c)));
  });

  routes.post("/resets/:id/review", requireRole("resetter", "auditor"), async (c) => {
    const row = await requireRecord(c.var.services, parseRecordId(c));
    await review(c.var.services, row, askingOf(c), parseReason(await readBody(c)));
    return c.body(null, 204);
  });

  routes.post("/resets/:id/withdraw", RESETTER, async (c) => {
    await withdraw(c.var.services, parseRecordId(c), c.var.person, parseReason(await readBody(c)));
    return c.body(null, 204);
  });

  routes.post("/resets/:id/settle", RESETTER, async (c) => {
    await settle(c.var.services, parseRecordId(c), askingOf(c), parseSettling(await readBody(c)));
    return c.body(null, 204);
  });

  return routes;
}
