/**
 * The worker's own deadline: whoever asks is answered before they give up waiting, while the work goes on.
 *
 * @module
 */
import { CODES, GatewayError } from "../errors";
import type { WaitUntil } from "../fireblocks/shared";
import type { Services } from "../services";
import { withTimeLimit } from "../time-limit";

/** From the request's arrival. Below the 30 seconds after which the page gives up waiting. */
export const DEADLINE_MS = 25_000;

/** How far a request has come. Until it names its record, nothing of it is durable, and nothing is sent any more. */
export interface Stage {
  recordId?: string;
  /** Whether the caller's key is still to be looked up: what came of its first use, if it had one, is not known. */
  keyUnread?: boolean;
}

/** @throws {@link GatewayError} what `work` throws, or at the deadline what can be said by then */
export function withinDeadline<T>(
  services: Services,
  { arrivedAt, waitUntil }: { arrivedAt: number; waitUntil: WaitUntil },
  work: (stage: Stage) => Promise<T>,
): Promise<T> {
  const stage: Stage = {};
  const working = work(stage);
  waitUntil(working.catch(() => undefined));
  const left = Math.max(0, arrivedAt + DEADLINE_MS - services.now());
  return withTimeLimit(working, left, () => {
    throw stage.recordId === undefined ? outOfTime(stage) : stillUnderWay(stage.recordId);
  });
}

export function outOfTime({ keyUnread }: Stage = {}): GatewayError {
  return new GatewayError(
    503,
    CODES.noTime,
    "The checks took too long. Nothing was sent now. Try again with the same key.",
    { outcome: keyUnread ? "unknown" : "notSent", retryAfterSeconds: 5 },
  );
}

function stillUnderWay(recordId: string): GatewayError {
  return new GatewayError(
    504,
    CODES.noTime,
    "This takes longer than you can be kept waiting, and goes on without you. Follow its record; do not ask again with a new key.",
    { outcome: "unknown", recordId },
  );
}
