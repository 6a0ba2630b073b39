/**
 * Whether the worker could do its work now.
 *
 * @module
 */
import type { HealthReport } from "../api";
import { readingFailed } from "../fireblocks/answers";
import { Shared, type WaitUntil } from "../fireblocks/shared";
import { bounded } from "../records/store";
import type { Services } from "../services";

const CACHED_MS = 60_000;
const WAIT_MS = 12_000;

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
  const [d1, fireblocks] = await Promise.all([checkD1(services), checkFireblocks(services, waitUntil)]);
  return { status: d1.ok && fireblocks.ok ? "up" : "down", checkedAt: services.now(), checks: { d1, fireblocks } };
}

async function checkD1({ bindings }: Services): Promise<{ ok: boolean; problem?: string }> {
  try {
    await bounded(bindings.DB.prepare("SELECT id FROM resets LIMIT 1").first());
    return { ok: true };
  } catch {
    return { ok: false, problem: "D1 does not answer, or its migrations were not applied." };
  }
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
