/**
 * The worker with a limiter that refuses nobody, and keeps everybody waiting where `CHAOS_SLOW_LIMITER` is set: what the storms
 * of tests/chaos run.
 *
 * @module
 */
import { type Bindings, createGateway } from "../../src/gateway";

interface StormBindings extends Bindings {
  CHAOS_SLOW_LIMITER?: string;
}

/** A third of the calls take longer than the worker keeps anybody waiting. */
const DELAYS_MS = [300, 2_000, 26_000];

function limiter(isSlow: boolean): RateLimit {
  let calls = 0;
  return {
    limit: async () => {
      const delay = isSlow ? DELAYS_MS[calls++ % DELAYS_MS.length] : 0;
      if (delay) await new Promise((resolve) => setTimeout(resolve, delay));
      return { success: true };
    },
  } as RateLimit;
}

export default createGateway<StormBindings>({
  bindings: ({ CHAOS_SLOW_LIMITER, ...others }) => ({
    ...others,
    READ_LIMIT: limiter(false),
    RESET_LIMIT: limiter(CHAOS_SLOW_LIMITER === "true"),
  }),
});
