/** What goes wrong between the worker and Fireblocks, and at Fireblocks. */
import { setTimeout as pause } from "node:timers/promises";
import type { Fault, Simulator } from "../../e2e/support/simulator.ts";
import type { Random } from "./random.ts";

const RESET = { operation: "resetDevice" };

/** Each with how often it is chosen. Every one is an answer, or none, that Fireblocks or the way to it can give. */
const FAULTS: readonly (readonly [weight: number, make: (random: Random) => Fault])[] = [
  [4, () => ({ match: RESET, cut: "beforeEffect" })],
  [4, () => ({ match: RESET, cut: "afterEffect" })],
  [1, () => ({ match: RESET, cut: "midBody" })],
  [2, (random) => ({ match: RESET, delayMs: random.between(100, 3_000) })],
  [2, (random) => ({ match: RESET, delayAfterMs: random.between(100, 3_000) })],
  // Longer than the worker waits for an answer.
  [1, () => ({ match: RESET, delayAfterMs: 6_000 })],
  [1, () => ({ match: RESET, status: 500, effect: true })],
  [1, () => ({ match: RESET, status: 500, effect: false })],
  [1, () => ({ match: RESET, status: 503, effect: false, spendKey: false })],
  [1, () => ({ match: RESET, status: 429, retryAfter: "1" })],
  [1, () => ({ match: RESET, status: 403 })],
  [1, () => ({ match: RESET, status: 401 })],
  [1, () => ({ match: RESET, truncate: true })],
  [1, () => ({ match: { operation: "getConsoleUsers" }, cut: "beforeEffect" })],
  [1, () => ({ match: { operation: "getConsoleUsers" }, status: 503 })],
  [1, () => ({ match: { operation: "getApprovals" }, cut: "midBody" })],
  [1, () => ({ match: { operation: "getApprovals" }, status: 500 })],
];

function chooseFault(random: Random): Fault {
  const sum = FAULTS.reduce((total, [weight]) => total + weight, 0);
  let place = random.next() * sum;
  for (const [weight, make] of FAULTS) {
    place -= weight;
    if (place < 0) return make(random);
  }
  throw new Error("the weights do not add up");
}

/** What Fireblocks' own limit asks to wait, in a storm of 429s. */
const STORM_RETRY_AFTER = "2";
const REFUSED_IN_A_ROW = 2;

/** Now and then everything that is asked of Fireblocks meets its limit. @returns how many storms there were */
export async function runLimitStorms(simulator: Simulator, random: Random, stopped: AbortSignal): Promise<number> {
  let storms = 0;
  while (!stopped.aborted) {
    await pause(random.between(1_500, 6_000));
    if ((await simulator.orderedFaults()).some(isOfStorm)) continue;
    const operations = [
      "resetDevice",
      "getConsoleUsers",
      "getApprovals",
      "getWorkspace",
      "getAuditLogs",
      "getApproval",
    ];
    await simulator.order(
      operations.map((operation) => ({
        match: { operation },
        status: 429,
        retryAfter: STORM_RETRY_AFTER,
        times: REFUSED_IN_A_ROW,
      })),
    );
    storms += 1;
  }
  return storms;
}

const isOfStorm = ({ retryAfter }: Fault): boolean => retryAfter === STORM_RETRY_AFTER;

/** Keeps a fault or two waiting for the next requests. @returns how many were ordered */
export async function runFaults(simulator: Simulator, random: Random, stopped: AbortSignal): Promise<number> {
  let ordered = 0;
  while (!stopped.aborted) {
    if ((await simulator.orderedFaults()).filter((fault) => !isOfStorm(fault)).length < 3) {
      await simulator.order(chooseFault(random));
      ordered += 1;
    }
    await pause(random.between(20, 250));
  }
  await simulator.clearFaults();
  return ordered;
}
