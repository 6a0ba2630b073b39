/**
 * Attempts whose lease ran out without a written answer, and proposals that nobody released.
 *
 * @module
 */
import { namedRoles } from "../access/roles";
import type { Configuration } from "../configuration";
import type { WaitUntil } from "../fireblocks/shared";
import { errorName } from "../log";
import type { Row } from "../records/row";
import { bounded, type Change } from "../records/store";
import { attempt, LEASE_MS } from "../resets/attempt";
import { requireEligible } from "../resets/eligibility";
import { expireProposal } from "../resets/expiry";
import type { Services } from "../services";

/** What one run takes on; the rest waits a minute. */
const ATTEMPTS_A_RUN = 20;
const PROPOSALS_A_RUN = 100;

/**
 * Sends again, with the same upstream key, what may still be sent; makes the rest `unknown`, for a person.
 *
 * @returns how many records were taken on
 */
export async function finishAttempts(services: Services, waitUntil: WaitUntil): Promise<number> {
  const { bindings, now, log } = services;
  const statement = bindings.DB.prepare(
    "SELECT * FROM resets WHERE state = 'sending' AND lease_until < ? ORDER BY created_at, id LIMIT ?",
  );
  const { results } = await bounded(statement.bind(now(), ATTEMPTS_A_RUN).all<Row>());
  const finishing = results.map((row) =>
    finish(services, row, waitUntil).catch((error: unknown) => {
      log({ level: "error", event: "finishFailed", recordId: row.id, error: errorName(error) });
    }),
  );
  await Promise.all(finishing);
  return results.length;
}

async function finish(services: Services, row: Row, waitUntil: WaitUntil): Promise<void> {
  const obstacle = await obstacleTo(services, row, waitUntil);
  if (obstacle !== undefined) {
    await giveToPerson(services, row, obstacle);
    return;
  }
  const next = row.attempts + 1;
  const { row: leased, changed } = await services.records.change(
    row.id,
    (current) => {
      if (current.state !== "sending" || current.attempts !== row.attempts) return undefined;
      if ((current.lease_until ?? 0) >= services.now()) return undefined;
      // Looking at the users may have taken what was left of the time.
      if (isTooLate(services, current)) return givingToPerson(TOO_LATE);
      return {
        set: { attempts: next, lease_until: services.now() + LEASE_MS },
        event: { event: "attempt", source: "sweep", detail: { attempt: next } },
      };
    },
    row,
  );
  // Not ours: another sweep was faster, or the lease's write was ours but its answer was lost. It runs out again.
  if (!changed || leased.state !== "sending") return;
  const timeoutMs = services.configuration.upstreamTimeoutMs;
  await attempt(services, leased, { attempt: next, source: "sweep", timeoutMs }, waitUntil).recorded;
}

const TOO_LATE = "too long after the request";

function isTooLate({ configuration, now }: Services, row: Row): boolean {
  return now() - (row.requested_at ?? row.created_at) > configuration.resendWithinMs;
}

/** Why a request must not be sent again; undefined where it may. */
async function obstacleTo(services: Services, row: Row, waitUntil: WaitUntil): Promise<string | undefined> {
  const { configuration, fireblocks } = services;
  if (isTooLate(services, row)) return TOO_LATE;
  if (!namedRoles(row.asker_kind, row.asked_by, configuration.roles).has("resetter")) {
    return row.role_by === "group"
      ? "the asker's role comes from a group, which cannot be looked up without the asker"
      : "the asker may not reset devices any more";
  }
  if (row.released_by !== null && !hasNamedRole(row.released_by, configuration)) {
    return "whoever released it may not reset devices any more, or has the role from a group";
  }
  const { value: users } = await fireblocks.users(waitUntil);
  try {
    requireEligible(row.user_id, { kind: row.asker_kind, name: row.asked_by }, users, configuration);
    return undefined;
  } catch (refusal) {
    return refusal instanceof Error ? refusal.message : String(refusal);
  }
}

/** By e-mail or by client id: a record does not tell which of the two its second person was. */
function hasNamedRole(name: string, { roles }: Configuration): boolean {
  return (["person", "service"] as const).some((kind) => namedRoles(kind, name, roles).has("resetter"));
}

async function giveToPerson(services: Services, row: Row, because: string): Promise<void> {
  await services.records.change(
    row.id,
    (current) =>
      current.state === "sending" && current.attempts === row.attempts ? givingToPerson(because) : undefined,
    row,
  );
}

function givingToPerson(because: string): Change {
  const message =
    "No answer of Fireblocks was recorded: an approval request may exist. Look in the Fireblocks Console, then settle this record.";
  return {
    set: { state: "unknown", outcome: "unknown", lease_until: null, message },
    event: { event: "unknown", source: "sweep", detail: { because } },
  };
}

/** @returns how many proposals had expired */
export async function expireProposals(services: Services): Promise<number> {
  const { bindings, now } = services;
  const statement = bindings.DB.prepare(
    "SELECT * FROM resets WHERE state = 'proposed' AND proposal_expires_at <= ? ORDER BY created_at, id LIMIT ?",
  );
  const { results } = await bounded(statement.bind(now(), PROPOSALS_A_RUN).all<Row>());
  for (const row of results) await expireProposal(services, row, "sweep");
  return results.length;
}
