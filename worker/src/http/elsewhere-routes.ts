/**
 * The routes about resets that were possibly made elsewhere.
 *
 * @module
 */
import type { ElsewherePage } from "fireblocks-reset-device/gateway-api";
import { Hono } from "hono";
import * as v from "valibot";
import { CODES, GatewayError } from "../errors";
import { listElsewhere, toElsewhere } from "../records/elsewhere";
import { decide } from "../resets/elsewhere";
import { parseVerdict } from "../resets/request";
import { askingOf, type GatewayContext, type GatewayEnv } from "./context";
import { readBody, requireRole } from "./guards";

export function elsewhereRoutes(): Hono<GatewayEnv> {
  const routes = new Hono<GatewayEnv>();

  routes.get("/", requireRole("resetter", "auditor"), async (c) => c.json(await page(c)));

  routes.post("/:id/decide", requireRole("resetter", "auditor"), async (c) => {
    await decide(c.var.services, c.req.param("id"), askingOf(c), parseVerdict(await readBody(c)));
    return c.body(null, 204);
  });

  return routes;
}

const Query = v.strictObject({
  undecided: v.optional(v.picklist(["true", "false"]), "false"),
  before: v.optional(v.pipe(v.string(), v.uuid())),
  limit: v.optional(
    v.pipe(v.string(), v.regex(/^\d{1,3}$/), v.transform(Number), v.minValue(1), v.maxValue(100)),
    "25",
  ),
});

async function page(c: GatewayContext): Promise<ElsewherePage> {
  const parsed = v.safeParse(Query, c.req.query());
  if (!parsed.success) {
    throw new GatewayError(
      400,
      CODES.invalidRequest,
      "Ask with undecided=true or false, before, an entry's id, and limit, 1 to 100.",
    );
  }
  const { undecided, before, limit } = parsed.output;
  const asked = { undecided: undecided === "true", before, limit: limit + 1 };
  const rows = await listElsewhere(c.var.services.bindings.DB, asked);
  const resets = rows.slice(0, limit).map(toElsewhere);
  const last = resets.at(-1);
  return { resets, ...(rows.length > limit && last !== undefined && { next: last.id }) };
}
