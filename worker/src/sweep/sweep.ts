/**
 * What the Cron Trigger does each minute: finish what a crash left open, follow what is open, tell of it.
 *
 * @module
 */
import type { WaitUntil } from "../fireblocks/shared";
import { errorName } from "../log";
import { applyRetention } from "../records/retention";
import type { Services } from "../services";
import { followOpen } from "./follow";
import { deliverNotifications } from "./notify";
import { expireProposals, finishAttempts } from "./unfinished";

/** Each step on its own: a step that fails does not stop the others. */
export async function sweep(services: Services, waitUntil: WaitUntil): Promise<void> {
  const { configuration, bindings, log, now } = services;
  if (configuration.resetsPaused) {
    log({ level: "warn", event: "sweepPaused" });
    return;
  }
  const steps: [string, () => Promise<number>][] = [
    ["finished", () => finishAttempts(services, waitUntil)],
    ["expiredProposals", () => expireProposals(services)],
    ["followed", () => followOpen(services, waitUntil)],
    ["notified", () => deliverNotifications(services)],
    ["removed", () => applyRetention(bindings.DB, configuration.retentionDays, now())],
  ];
  const counts: Record<string, number> = {};
  for (const [name, step] of steps) {
    try {
      counts[name] = await step();
    } catch (error) {
      log({ level: "error", event: "sweepStepFailed", step: name, error: errorName(error) });
    }
  }
  log({ level: "info", event: "sweep", ...counts });
}
