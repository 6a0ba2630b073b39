/**
 * Attempts whose lease ran out without a written answer, and proposals that nobody released.
 *
 * @module
 */
import { namedRoles } from "../access/roles";
import type { Configuration } from "../configuration";
import { storedAnswer } from "../fireblocks/answers";
import type { WaitUntil } from "../fireblocks/shared";
import { errorName } from "../log";
import type { Row } from "../records/row";
import { bounded, type Change } from "../records/store";
import { attempt, LEASE_MS } from "../resets/attempt";
import { requireEligible } from "../resets/eligibility";
import { expireProposal } from "../resets/expiry";
import { waitingFor } from "../resets/first-attempt";
import { isStillInRole } from "../resets/role-entry";
import { standingFor } from "../resets/still-allowed";
import type { Services } from "../services";

/** What one run takes on; the rest waits a minute. */
const ATTEMPTS_A_RUN = 15;
const PROPOSALS_A_RUN = 10;

/**
 * Sends again, with the same upstream key, what may still be sent; makes the rest `unknown`, for a person.
 *
 * @returns how many records were taken on
 */
export async function finishAttempts(services: Services, resendAfter: number, waitUntil: WaitUntil): Promise<number> {
  const { bindings, now, log } = services;
  const statement = bindings.DB.prepare(
    "SELECT * FROM resets WHERE state = 'sending' AND lease_until < ? ORDER BY created_at, id LIMIT ?",
  );
  const { results } = await bounded(statement.bind(now(), ATTEMPTS_A_RUN).all<Row>());
  const finishing = results.map((row) =>
    finish(services, row, resendAfter, waitUntil).catch((error: unknown) => {
      log({ level: "error", event: "finishFailed", recordId: row.id, error: errorName(error) });
    }),
  );
  await Promise.all(finishing);
  return results.length;
}

async function finish(services: Services, row: Row, resendAfter: number, waitUntil: WaitUntil): Promise<void> {
  const obstacle = since(row) < resendAfter ? AFTER_GAP : await obstacleTo(services, row, waitUntil);
  if (obstacle !== undefined) return change(services, row, () => givingToPerson(obstacle));
  const waiting = await waitingFor(services, row, waitUntil);
  if (waiting.kind === "ours") return change(services, row, () => accepting(row, waiting.requestId, services.now()));
  if (waiting.kind === "another") return change(services, row, () => givingToPerson(ANOTHER_WAITS));
  // Looked at again in a minute, and given to a person when the time is over.
  if (waiting.kind === "unclear") return;
  const next = row.attempts + 1;
  const { row: leased, changed } = await services.records.change(
    row.id,
    (current) => {
      if (current.state !== "sending" || current.attempts !== row.attempts) return undefined;
      if ((current.lease_until ?? 0) >= services.now()) return undefined;
      // Said while this run was looking.
      if (current.contested_at !== null) return givingToPerson(CONTESTED);
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
const CONTESTED = "the person whose device it is says that this reset is not theirs";
const AFTER_GAP = "the sweep had stopped since then, or the database was restored";
const ANOTHER_WAITS = "a request for this user waits in Fireblocks, and whether it is this one's cannot be told";
const OTHER_KEY = "the API key or Fireblocks' address is another one than it was sent with";
const OTHER_WORKSPACE = "the workspace is another one than it was asked for in";

function isTooLate({ configuration, now }: Services, row: Row): boolean {
  return now() - since(row) > configuration.resendWithinMs;
}

function since(row: Row): number {
  return row.requested_at ?? row.created_at;
}

/** Why a request must not be sent again; undefined where it may. */
async function obstacleTo(services: Services, row: Row, waitUntil: WaitUntil): Promise<string | undefined> {
  const { configuration, fireblocks } = services;
  if (row.contested_at !== null) return CONTESTED;
  if (isTooLate(services, row)) return TOO_LATE;
  if (row.sent_as !== (await fireblocks.fingerprint)) return OTHER_KEY;
  if (row.workspace_id !== null) {
    const { value: workspace } = await fireblocks.workspace(waitUntil);
    if (workspace.id !== row.workspace_id) return OTHER_WORKSPACE;
  }
  if (!isStillInRole(row, configuration.roles)) return "the asker may not reset devices any more";
  if (row.role_by === "group") {
    return "the asker's role comes from a group, which cannot be looked up without the asker";
  }
  if (row.released_by !== null && !hasNamedRole(row.released_by, configuration)) {
    return "whoever released it may not reset devices any more, or has the role from a group";
  }
  const { value: users } = await fireblocks.users(waitUntil);
  try {
    for (const asker of standingFor(row)) requireEligible(row.user_id, asker, users, configuration);
    return undefined;
  } catch (refusal) {
    return refusal instanceof Error ? refusal.message : String(refusal);
  }
}

/** By e-mail or by client id: a record does not tell which of the two its second person was. */
function hasNamedRole(name: string, { roles }: Configuration): boolean {
  return (["person", "service"] as const).some((kind) => namedRoles(kind, name, roles).has("resetter"));
}

/** Unless somebody else has gone on with the record in the meantime. */
async function change(services: Services, row: Row, to: () => Change): Promise<void> {
  await services.records.change(
    row.id,
    (current) => (current.state === "sending" && current.attempts === row.attempts ? to() : undefined),
    row,
  );
}

/** The answer was lost, but the request that it was about waits in Fireblocks. */
function accepting(row: Row, approvalRequestId: string, now: number): Change {
  return {
    set: {
      state: "approvalRequested",
      outcome: "accepted",
      ended_attempt: row.attempts,
      lease_until: null,
      answered_at: now,
      answer: JSON.stringify(storedAnswer({ kind: "accepted" })),
      message: null,
      approval_request_id: approvalRequestId,
    },
    event: { event: "approvalRequested", source: "approvals", detail: { approvalRequestId } },
  };
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
