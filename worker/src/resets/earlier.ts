/**
 * What the records say to a request: what its key has led to, its user's open reset, the day's numbers.
 *
 * @module
 */
import { CODES, GatewayError } from "../errors";
import type { Row } from "../records/row";
import type { Standing } from "../records/store";
import type { Services } from "../services";
import type { ResetRequest } from "./asking";
import { type Accepted, replay } from "./caller-key";
import { expireProposal, isExpired } from "./expiry";

/** Whether the records alone decide what a request is told: its key was used, or its user has a reset open. */
export function isKnown({ byKey, open }: Standing, binding: string): boolean {
  // A key that was set free is free for what it is bound to.
  const isUsed = byKey !== undefined && (byKey.key_held === 1 || byKey.binding !== binding);
  return isUsed || open !== undefined;
}

/** The answer where the request {@link isKnown}: that of the key first, then the user's open reset. @throws {@link GatewayError} */
export function answerOf({ byKey, open }: Standing, binding: string, now: number): Accepted {
  const answer = byKey && replay(byKey, binding, now);
  if (answer !== undefined) return answer;
  throw openReset(open);
}

/** What stands in the request's way. A proposal whose time is over is ended first. @throws {@link GatewayError} */
export async function readStanding(services: Services, request: ResetRequest): Promise<Standing> {
  const { records } = services;
  const { callerKey, userId, person } = request;
  const wish = {
    caller_key: callerKey ?? null,
    user_id: userId,
    asked_by: person.name,
    created_at: services.now(),
  };
  try {
    const standing = await records.standing(wish);
    return (await endOverdue(services, standing)) ? await records.standing(wish) : standing;
  } catch (cause) {
    throw new GatewayError(
      503,
      CODES.unavailable,
      "The worker cannot read its records now, so nothing was sent now. Try again in a minute, with the same key.",
      // Whether this key was used before, and what came of it, could not be looked up.
      { cause, retryAfterSeconds: 30, ...(callerKey !== undefined && { outcome: "unknown" }) },
    );
  }
}

/** @returns whether there was a proposal whose time is over */
export async function endOverdue(services: Services, { byKey, open }: Standing): Promise<boolean> {
  let ended = false;
  for (const row of [byKey, open]) {
    if (row === undefined || !isExpired(row, services.now())) continue;
    await expireProposal(services, row, "worker");
    ended = true;
  }
  return ended;
}

/** @throws {@link GatewayError} where the asker or the workspace has had the day's number */
export function refuseOverDay({ usedUp }: Standing, now: number): void {
  if (usedUp === undefined) return;
  const retryAfterSeconds = Math.ceil((86_400_000 - (now % 86_400_000)) / 1_000);
  throw usedUp === "asker"
    ? new GatewayError(
        429,
        CODES.dailyLimit,
        "You have asked for as many resets today as one person may. Nothing was sent.",
        { retryAfterSeconds },
      )
    : new GatewayError(
        429,
        CODES.workspaceLimit,
        "As many resets were asked for today as are allowed in this workspace, by all together. Nothing was sent. In an emergency use the Fireblocks Console.",
        { retryAfterSeconds },
      );
}

function openReset(row: Row | undefined): GatewayError {
  return new GatewayError(
    409,
    CODES.resetOpen,
    "A reset of this user is open already. Nothing was sent. Follow the open one.",
    { ...(row && { recordId: row.id }) },
  );
}
