/**
 * The answer of a request that was taken.
 *
 * @module
 */
import type { Accepted } from "../resets/caller-key";
import type { GatewayContext } from "./context";

/** Success in Fireblocks' own shape: an empty 200. A proposal is 202, since nothing was sent. */
export function acceptance(c: GatewayContext, { status, recordId, requestId, replayed }: Accepted): Response {
  c.header("X-Reset-Record", recordId);
  if (requestId !== undefined) c.header("X-Request-ID", requestId);
  if (replayed) c.header("X-Reset-Replayed", "true");
  return c.body(null, status);
}
