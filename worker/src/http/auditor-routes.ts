/**
 * What only auditors read: the whole story, and what was refused.
 *
 * @module
 */
import type { RefusedAttemptPage } from "fireblocks-reset-device/gateway-api";
import { Hono } from "hono";
import * as v from "valibot";
import { CODES, GatewayError } from "../errors";
import { exportStream } from "../records/export";
import { listRefusals, toRefusedAttempt } from "../records/refused-attempts";
import type { GatewayContext, GatewayEnv } from "./context";
import { AUDITOR } from "./guards";

export function auditorRoutes(): Hono<GatewayEnv> {
  const routes = new Hono<GatewayEnv>();

  routes.get("/resets/export", AUDITOR, (c) => exportAll(c));

  routes.get("/refused-attempts", AUDITOR, async (c) => c.json(await refusedAttempts(c)));

  return routes;
}

const Digits = v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.transform(Number));
const RefusedQuery = v.strictObject({
  before: v.optional(Digits, String(Number.MAX_SAFE_INTEGER).slice(0, 15)),
  limit: v.optional(v.pipe(Digits, v.minValue(1), v.maxValue(100)), "25"),
});

async function refusedAttempts(c: GatewayContext): Promise<RefusedAttemptPage> {
  const parsed = v.safeParse(RefusedQuery, c.req.query());
  if (!parsed.success) {
    throw new GatewayError(400, CODES.invalidRequest, "Ask with before, a number, and limit, 1 to 100.");
  }
  const { before, limit } = parsed.output;
  const rows = await listRefusals(c.var.services.bindings.DB, { before, limit: limit + 1 });
  const attempts = rows.slice(0, limit).map(toRefusedAttempt);
  const last = attempts.at(-1);
  return { attempts, ...(rows.length > limit && last !== undefined && { next: last.id }) };
}

const ExportQuery = v.strictObject({
  format: v.picklist(["csv", "jsonl"]),
  from: v.optional(v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.transform(Number)), "0"),
  to: v.optional(v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.transform(Number))),
});

async function exportAll(c: GatewayContext): Promise<Response> {
  const { services, person, requestId } = c.var;
  const parsed = v.safeParse(ExportQuery, c.req.query());
  if (!parsed.success) {
    throw new GatewayError(
      400,
      CODES.invalidRequest,
      "Ask with format=csv or format=jsonl, and from and to in epoch milliseconds.",
    );
  }
  const { format, from, to } = parsed.output;
  const now = services.now();
  services.log({ level: "info", event: "export", requestId, actorId: person.id, format, from });
  const stream = await exportStream(services.bindings.DB, {
    format,
    from,
    to: to ?? now,
    now,
    rules: services.configuration,
  });
  const day = new Date(now).toISOString().slice(0, 10);
  return c.body(stream, 200, {
    "Content-Type": format === "csv" ? "text/csv; charset=utf-8" : "application/jsonl; charset=utf-8",
    "Content-Disposition": `attachment; filename="resets-${day}.${format}"`,
  });
}
