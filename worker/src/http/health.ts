/**
 * Whether the worker could do its work now.
 *
 * @module
 */
import type { HealthReport } from "fireblocks-reset-device/gateway-api";
import { readingFailed } from "../fireblocks/answers";
import { Shared, type WaitUntil } from "../fireblocks/shared";
import { destinationNames } from "../records/outbox";
import { readSweepState, type SweepState } from "../records/sweep-mark";
import type { Services } from "../services";

const CACHED_MS = 60_000;
const WAIT_MS = 12_000;
/** The sweep runs each minute. */
const SWEEP_OVERDUE_MS = 5 * 60_000;

/** Checks at most once a minute, whoever asks and however often. */
export class Health {
  readonly #checks = new WeakMap<Services, Shared<HealthReport>>();

  async report(services: Services, waitUntil: WaitUntil): Promise<HealthReport> {
    let shared = this.#checks.get(services);
    if (shared === undefined) {
      shared = new Shared(() => check(services, waitUntil), {
        maxAgeMs: CACHED_MS,
        waitMs: WAIT_MS,
        now: services.now,
      });
      this.#checks.set(services, shared);
    }
    return (await shared.get(waitUntil)).value;
  }
}

async function check(services: Services, waitUntil: WaitUntil): Promise<HealthReport> {
  const [records, fireblocks] = await Promise.all([checkRecords(services), checkFireblocks(services, waitUntil)]);
  const checks = { ...records, fireblocks };
  const isUp = checks.d1.ok && checks.sweep.ok && fireblocks.ok;
  return { status: isUp ? "up" : "down", checkedAt: services.now(), checks };
}

/** D1, and by what the sweep leaves in it the sweep. Nothing is written here, whoever asks. */
async function checkRecords({
  bindings,
  configuration,
  now,
}: Services): Promise<Omit<HealthReport["checks"], "fireblocks">> {
  try {
    const state = await readSweepState(bindings.DB, destinationNames(configuration), now());
    return {
      d1: { ok: true },
      sweep: judgeSweep(state, configuration.resetsPaused, now()),
      ...untold(state),
    };
  } catch {
    return {
      d1: { ok: false, problem: "D1 does not answer, or its migrations were not applied." },
      sweep: { ok: false, problem: "When the sweep ran last cannot be read." },
    };
  }
}

/** Changes that nobody can be told of do not make the worker worse, but somebody should know. */
function untold(state: SweepState | null): Pick<HealthReport["checks"], "notifications"> {
  if (!state?.untold) return {};
  const problem = `${state.untold} notification(s) wait for a destination that was taken away: look at NOTIFY_URL, DESTINATIONS and MAIL_FROM. Each is given up after three days.`;
  return { notifications: { ok: false, problem } };
}

function judgeSweep(state: SweepState | null, pausedBySetting: boolean, now: number): HealthReport["checks"]["sweep"] {
  if (state === null) return { ok: false, problem: "The sweep has never run." };
  const { at, oldest_lease: lease } = state;
  const told = { at, ...(lease !== null && { oldestLapsedLease: lease }) };
  if (at < now - SWEEP_OVERDUE_MS) {
    return {
      ok: false,
      ...told,
      problem: "The sweep has not run for more than five minutes: look at the cron trigger.",
    };
  }
  // While resets are paused nothing is finished.
  if (lease !== null && lease < now - SWEEP_OVERDUE_MS && state.paused === 0 && !pausedBySetting) {
    return { ok: false, ...told, problem: "The sweep runs, but an attempt that has ended for long is not finished." };
  }
  return { ok: true, ...told };
}

/** One signed request shows that the base path is reached and the key accepted. */
async function checkFireblocks(services: Services, waitUntil: WaitUntil): Promise<{ ok: boolean; problem?: string }> {
  try {
    await services.fireblocks.workspace(waitUntil);
    return { ok: true };
  } catch (error) {
    return { ok: false, problem: readingFailed(error, "The workspace").message };
  }
}
