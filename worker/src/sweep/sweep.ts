/**
 * What the Cron Trigger does each minute: finish what a crash left open, follow what is open, tell of it.
 *
 * @module
 */
import type { WaitUntil } from "../fireblocks/shared";
import { errorName } from "../log";
import { deliverNotifications } from "../notify/deliver";
import { applyRetention } from "../records/retention";
import { beginEarlyRun, endEarlyRun, markLooked, markRun } from "../records/sweep-mark";
import { isPaused } from "../resets/pausing";
import type { Services } from "../services";
import { rejectWhatIsContested } from "./contested";
import { departDue } from "./depart";
import { findElsewhere } from "./elsewhere";
import { followOpen } from "./follow";
import { lookForForgotten } from "./gap";
import { expireHelp } from "./help";
import { remind } from "./remind";
import { expireProposals, finishAttempts } from "./unfinished";

interface Step {
  name: string;
  /** Left out while resets are paused: it sends, or removes. Following and telling go on. */
  pausable?: true;
  /** A part of an early run, too: it looks and tells, and sends nothing to Fireblocks. */
  early?: true;
  /** Left out while Fireblocks asks to be left alone: what is left of its limit is for people. */
  asksFireblocks?: true;
  work: () => Promise<number>;
}

/**
 * What a run does after it has finished, or sent, what is due.
 *
 * @param oldest when the list of users that it looks at must have begun at the earliest
 */
function stepsOf(services: Services, waitUntil: WaitUntil, oldest?: number): Step[] {
  const { configuration, bindings, now } = services;
  return [
    { name: "expiredProposals", work: () => expireProposals(services) },
    { name: "expiredHelp", work: () => expireHelp(services) },
    { name: "followed", early: true, asksFireblocks: true, work: () => followOpen(services, waitUntil, oldest) },
    { name: "elsewhere", early: true, asksFireblocks: true, work: () => findElsewhere(services, waitUntil, oldest) },
    // Also while resets are paused: what a person stops is not to go through for it.
    { name: "contested", asksFireblocks: true, work: () => rejectWhatIsContested(services, waitUntil) },
    // Before anything is told: what was left for a stage that is over is taken back.
    { name: "reminded", early: true, work: () => remind(services, waitUntil) },
    { name: "notified", early: true, work: () => deliverNotifications(services) },
    { name: "removed", pausable: true, work: () => applyRetention(bindings.DB, configuration.retentionDays, now()) },
  ];
}

/** Each step on its own: a step that fails does not stop the others. */
class Run {
  readonly #services: Services;
  readonly #counts: Record<string, number> = {};

  constructor(services: Services) {
    this.#services = services;
  }

  async make({ name, pausable, asksFireblocks, work }: Step): Promise<void> {
    const { fireblocks, log } = this.#services;
    try {
      const reason =
        asksFireblocks && fireblocks.isCoolingDown
          ? "sweepLeavesRoom"
          : pausable && (await isPaused(this.#services))
            ? "sweepPaused"
            : undefined;
      if (reason === undefined) this.#counts[name] = await work();
      else log({ level: "warn", event: reason, step: name });
    } catch (error) {
      log({ level: "error", event: "sweepStepFailed", step: name, error: errorName(error) });
    }
  }

  end(event: "sweep" | "earlySweep"): void {
    this.#services.log({ level: "info", event, ...this.#counts });
  }
}

export async function sweep(services: Services, waitUntil: WaitUntil): Promise<void> {
  const { bindings, log, now } = services;
  const run = new Run(services);
  // A sweep that cannot leave its mark cannot know what it has missed either: it sends nothing.
  await run.make({
    name: "marked",
    work: async () => {
      const mark = await markRun(bindings.DB, now());
      if (mark.afterGap) log({ level: "error", event: "sweepGap" });
      if (mark.lookDue) {
        // Also in a later run, where Fireblocks could not be asked in the first: an outage often ends with its limit met.
        const look = async () => {
          const forgotten = await lookForForgotten(services, waitUntil);
          await markLooked(bindings.DB);
          return forgotten;
        };
        await run.make({ name: "forgotten", asksFireblocks: true, work: look });
      }
      const work = () => finishAttempts(services, mark.resendAfter, waitUntil);
      await run.make({ name: "finished", pausable: true, asksFireblocks: true, work });
      const depart = () => departDue(services, mark.resendAfter, waitUntil);
      await run.make({ name: "departed", pausable: true, asksFireblocks: true, work: depart });
      return 1;
    },
  });
  for (const step of stepsOf(services, waitUntil)) await run.make(step);
  run.end("sweep");
}

/**
 * Looks and tells without waiting for the minute, unless somebody does so now or has just done so, in any isolate. Leaves no
 * mark of a run: whoever can wake the sweep must not hide that the trigger is dead, nor that there was a gap.
 */
export async function sweepEarly(services: Services, waitUntil: WaitUntil): Promise<void> {
  const { bindings, log, now } = services;
  try {
    const arrivedAt = now();
    const until = await beginEarlyRun(bindings.DB, arrivedAt);
    if (until === undefined) return;
    const run = new Run(services);
    // A list of before would not show what has just happened.
    for (const step of stepsOf(services, waitUntil, arrivedAt)) if (step.early) await run.make(step);
    run.end("earlySweep");
    await endEarlyRun(bindings.DB, until, now());
  } catch (error) {
    log({ level: "warn", event: "earlySweepFailed", error: errorName(error) });
  }
}
