/**
 * Fireblocks' own notifications of audit events, which wake the sweep up early.
 *
 * @module
 */
import { Hono } from "hono";
import { CODES, GatewayError } from "../errors";
import { sweepEarly } from "../sweep/sweep";
import { type GatewayEnv, waitUntilOf } from "./context";

/** What the Console calls the secret key of a webhook. */
const SECRET = "X-Webhook-Secret";

/** Comes before the sign-in: Fireblocks has none. What a notification says is undocumented, and its body is not even read. */
export function webhookRoute(): Hono<GatewayEnv> {
  return new Hono<GatewayEnv>().post("/", async (c) => {
    const { services } = c.var;
    const { webhookSecrets } = services.configuration;
    if (webhookSecrets.length === 0) return c.notFound();
    if (!(await isOneOf(c.req.header(SECRET) ?? "", webhookSecrets))) {
      throw new GatewayError(
        403,
        CODES.webhookSecret,
        `This takes the secret of this worker's webhook in ${SECRET}. Nothing was done.`,
      );
    }
    const waitUntil = waitUntilOf(c);
    waitUntil(sweepEarly(services, waitUntil));
    return c.body(null, 200);
  });
}

/** By digests, which are of one length, each in constant time: nothing of a secret shows in how long it takes. */
async function isOneOf(given: string, secrets: readonly string[]): Promise<boolean> {
  const [digest, ...accepted] = await Promise.all([given, ...secrets].map(digestOf));
  if (digest === undefined) return false;
  return accepted.filter((one) => crypto.subtle.timingSafeEqual(digest, one)).length > 0;
}

function digestOf(text: string): Promise<ArrayBuffer> {
  return crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
}
