/**
 * Whether the worker is well.
 *
 * @module
 */
import { Hono } from "hono";
import { type GatewayEnv, waitUntilOf } from "./context";
import { personOf, signInOf } from "./guards";
import { Health } from "./health";

/** Anybody learns up or down; the checks are for those who have a role. */
export function healthRoute(): Hono<GatewayEnv> {
  const health = new Health();
  return new Hono<GatewayEnv>().get("/", async (c) => {
    const { made } = c.env;
    if (!made.ok) return c.json({ status: "down" }, 503);
    const { services } = made;
    const report = await health.report(services, waitUntilOf(c));
    const person = await signInOf(services, c.req.raw.headers).then(
      (signIn) => personOf(services, signIn),
      () => undefined,
    );
    const status = report.status === "up" ? 200 : 503;
    return c.json(person !== undefined && person.roles.size > 0 ? report : { status: report.status }, status);
  });
}
