/**
 * Stopping all resets, and letting them go on.
 *
 * @module
 */
import type { Person } from "../access/people";
import { CODES, GatewayError } from "../errors";
import { beginPause, endPause, openPause, paused } from "../records/pauses";
import type { Services } from "../services";

/** Stops all resets, for a reason; whoever is second has what they want. */
export async function pauseResets({ bindings, burst, now }: Services, person: Person, reason: string): Promise<void> {
  await burst.take(person, "decision");
  await beginPause(bindings.DB, { at: now(), by: person.name, reason });
}

/**
 * @param pausedAt when the pause began that the person has seen: another may have been set since, for another reason
 * @throws {@link GatewayError} where there is no pause that a person set, or not that one
 */
export async function resumeResets(
  { bindings, burst, now }: Services,
  person: Person,
  pausedAt?: number,
): Promise<void> {
  await burst.take(person, "decision");
  if (await endPause(bindings.DB, { at: now(), by: person.name }, pausedAt)) return;
  if ((await openPause(bindings.DB)) !== null) {
    throw new GatewayError(
      409,
      CODES.wrongState,
      "Resets were paused anew since you looked. They are still paused. Read who did it and why, then decide again.",
    );
  }
  throw new GatewayError(
    409,
    CODES.wrongState,
    "Resets are not paused by anybody here. Where they are paused all the same, it is by the setting RESETS_PAUSED.",
  );
}

/** By the setting, or by a person. */
export async function isPaused({ configuration, bindings }: Services): Promise<boolean> {
  return configuration.resetsPaused || (await openPause(bindings.DB)) !== null;
}

export async function requireNotPaused(services: Services): Promise<void> {
  if (await isPaused(services)) throw paused();
}
