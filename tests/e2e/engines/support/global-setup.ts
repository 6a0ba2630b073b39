/** The one stack that the tests of all engines use. */
import { Simulator } from "../../support/simulator.ts";
import { startTestStack } from "../../support/stack.ts";

export default async function startForAllEngines(): Promise<() => Promise<void>> {
  const { stack, stop } = await startTestStack({
    users: 80,
    approveAfter: null,
    vars: { RATE_LIMITS: "off", DAILY_RESET_LIMIT: "1000" },
  });
  // People pair when a test says so.
  await new Simulator(stack.simulator).change({ pairAfterSeconds: null, setupAfterSeconds: null });
  // The processes of the tests inherit it.
  process.env.ENGINES_STACK = JSON.stringify({ url: stack.url, simulator: stack.simulator });
  return stop;
}
