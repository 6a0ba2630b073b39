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
/** What the write of the outcome may take. */
export const WRITE_RESERVE_MS = 2_000;

/** How far a request has come. Until it has begun to write its record, nothing of it is durable and nothing is sent. */
export class Stage {
  /** Whether the caller's key is still to be looked up: what came of its first use, if it had one, is not known. */
  keyUnread = false;
  #recordId: string | undefined;
  #isAnswered = false;

  get recordId(): string | undefined {
    return this.#recordId;
  }

  /** From here on the record may be there, and be sent. @throws {@link GatewayError} where somebody was told otherwise */
  begin(recordId: string): void {
    if (this.#isAnswered) throw outOfTime(this);
    this.#recordId = recordId;
  }

  /** The record that was begun is not there, and will not be: nothing of the request is durable. */
  retreat(): void {
    this.#recordId = undefined;
  }

  /** Whoever asks is answered now: what is not begun by then must never begin. */
  answer(): GatewayError {
    this.#isAnswered = true;
    return this.#recordId === undefined ? outOfTime(this) : stillUnderWay(this.#recordId);
  }
}

/** @throws {@link GatewayError} what `work` throws, or at the deadline what can be said by then */
export function withinDeadline<T>(
  services: Services,
  { arrivedAt, waitUntil }: { arrivedAt: number; waitUntil: WaitUntil },
  work: (stage: Stage) => Promise<T>,
): Promise<T> {
  const stage = new Stage();
  const working = work(stage);
  waitUntil(working.catch(() => undefined));
  const left = Math.max(0, arrivedAt + DEADLINE_MS - services.now());
  return withTimeLimit(working, left, () => {
    throw stage.answer();
  });
}

export function outOfTime({ keyUnread }: { keyUnread?: boolean } = {}): GatewayError {
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
