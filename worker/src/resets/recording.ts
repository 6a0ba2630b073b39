/**
 * The record of a new reset: durable before anything is sent, and not to be doubted afterwards.
 *
 * @module
 */

import type { Person } from "../access/people";
import { kindOf } from "../access/roles";
import { CODES, GatewayError } from "../errors";
import { errorName } from "../log";
import { canBeTold } from "../records/outbox";
import { paused } from "../records/pauses";
import type { Row } from "../records/row";
import type { Conditions, EventDraft, Insertion, Standing } from "../records/store";
import type { Services } from "../services";
import type { Admission } from "./admission";
import type { ResetRequest } from "./asking";
import { LEASE_MS } from "./attempt";
import type { Accepted } from "./caller-key";
import type { Target } from "./conditions";
import { answerOf, endOverdue, isKnown, readStanding, refuseOverDay } from "./earlier";
import { proofsOfHelp } from "./help-proofs";
import { tooFewAdmins } from "./quorum";

/** The row of a new reset, under its first lease; a proposal has none. */
export function newRow(
  services: Services,
  request: ResetRequest,
  target: Target,
  { binding, sentAs, admission }: { binding: string; sentAs: string; admission: Admission },
): Row {
  const { configuration } = services;
  const { person, userId, callerKey, note } = request;
  const { user, listAgeMs, workspaceId } = target;
  const now = services.now();
  const roleEntry = person.roles.get("resetter") ?? person.name;
  const { demands, proofs, state, waitMs } = admission;
  const leaves = state === "sending";
  const name = [user.firstName, user.lastName].filter(Boolean).join(" ");
  return {
    id: crypto.randomUUID(),
    version: state === "proposed" ? 1 : 2,
    created_at: now,
    updated_at: now,
    closed_at: null,
    state,
    open: 1,
    asked_by: person.name,
    asker_id: person.id,
    asker_kind: person.kind,
    role_by: kindOf(roleEntry),
    role_entry: roleEntry,
    released_by: null,
    user_id: userId,
    user_email: user.email ?? null,
    user_name: name === "" ? null : name,
    user_role: user.role ?? null,
    status_before: user.status ?? null,
    list_age_ms: listAgeMs,
    reason: note.reason ?? null,
    reference: note.reference ?? null,
    verified_by: note.verifiedBy ?? null,
    caller_key: callerKey ?? null,
    key_held: callerKey === undefined ? 0 : 1,
    binding,
    upstream_key: crypto.randomUUID(),
    attempts: leaves ? 1 : 0,
    ended_attempt: 0,
    lease_until: leaves ? now + LEASE_MS : null,
    requested_at: leaves ? now : null,
    proposal_expires_at: state === "proposed" ? now + configuration.proposalExpiresMs : null,
    outcome: null,
    request_id: null,
    message: null,
    answer: null,
    answered_at: null,
    statuses: JSON.stringify(user.status === undefined ? [] : [{ status: user.status, at: now - listAgeMs }]),
    approvals_current: null,
    approvals_threshold: null,
    followed_at: 0,
    approval_request_id: null,
    other_resets_open: 0,
    observed_state: null,
    workspace_id: workspaceId ?? null,
    sent_as: leaves ? sentAs : null,
    evidence: null,
    own_request: null,
    because: note.because ?? null,
    proofs: JSON.stringify(proofs),
    demands: JSON.stringify(demands),
    // A wait begins when the person is told of it.
    leaves_at: state === "waiting" && !canBeTold(configuration, user) ? now + waitMs : null,
    needs_press: state === "waiting" && kindOf(roleEntry) === "group" ? "group" : null,
    help_request_id: note.helpRequest ?? null,
    ...(canBeTold(configuration, user) ? { told: null, told_at: null } : { told: "notTold", told_at: now }),
    contested_at: null,
    contested_by: null,
    break_glass: note.breakGlass ?? null,
    reviewed_at: null,
    reviewed_by: null,
    review: null,
    request_expires_at: null,
    rejection: null,
  };
}

function firstEvents(row: Row, person: Person, { approvalsLook }: Target, manager: string | undefined): EventDraft[] {
  const asked: EventDraft = {
    event: row.state === "proposed" ? "proposed" : "recorded",
    source: "person",
    actor: person.name,
    detail: {
      ...{ listAgeMs: row.list_age_ms, roleBy: row.role_by, roleEntry: row.role_entry, approvalsLook },
      ...(row.break_glass !== null && { breakGlass: row.break_glass }),
      ...(manager !== undefined && { manager }),
    },
  };
  if (row.state === "proposed") return [asked];
  if (row.state === "waiting")
    return [asked, { event: "waiting", source: "worker", detail: { leavesAt: row.leaves_at } }];
  return [asked, { event: "attempt", source: "worker", detail: { attempt: 1 } }];
}

/** What a request has come to without a record of its own: what its key has led to before, or more to decide on. */
type NotRecorded = { answer: Accepted } | { decideOn: Standing };

/**
 * The record is durable when this returns nothing, and not otherwise. Where the write failed or its answer was lost,
 * the record is read again; where it is not there, its place is taken by a closed one, so that the lost write cannot
 * appear later and be taken for a request that was made.
 *
 * @throws {@link GatewayError}
 */
export async function record(
  services: Services,
  row: Row,
  request: ResetRequest,
  target: Target,
  { manager, grounds }: Pick<Admission, "manager" | "grounds">,
): Promise<NotRecorded | undefined> {
  const { binding } = row;
  let obstacle: Obstacle | undefined;
  try {
    const conditions = { guard: target.adminGuard, grounds, manager };
    obstacle = await insertOrObstacle(services, row, firstEvents(row, request.person, target, manager), conditions);
  } catch (error) {
    services.log({ level: "warn", event: "recordNotConfirmed", recordId: row.id, error: errorName(error) });
    if (await isThere(services, row)) return undefined;
    const standing = await readStanding(services, request);
    if (isKnown(standing, binding)) return { answer: answerOf(standing, binding, services.now()) };
    throw notRecorded(row, "refused");
  }
  if (obstacle === undefined) return undefined;
  const { standing, leavesTooFew, hasMoreGrounds } = obstacle;
  if (!isKnown(standing, binding)) {
    refuseOverDay(standing, services.now());
    if (standing.paused) throw paused();
    if (leavesTooFew) throw tooFewAdmins(target.adminGuard);
    if (hasMoreGrounds) return { decideOn: standing };
    // The request for help may have ended since, or have served another reset at the same moment.
    if (row.help_request_id !== null) {
      await proofsOfHelp(services, row.help_request_id, row.user_id, request.person);
    }
    throw notRecorded(row, "refused");
  }
  services.burst.giveBack(request.person);
  return { answer: answerOf(standing, binding, services.now()) };
}

/** Why a record was not written. */
type Obstacle = Omit<Insertion, "recorded">;

/** Undefined where it was written; a proposal whose time is over is ended first. */
async function insertOrObstacle(
  services: Services,
  row: Row,
  events: EventDraft[],
  conditions: Conditions,
): Promise<Obstacle | undefined> {
  let { recorded, ...obstacle } = await services.records.insert(row, events, conditions);
  if (!recorded && (await endOverdue(services, obstacle.standing))) {
    ({ recorded, ...obstacle } = await services.records.insert(row, events, conditions));
  }
  return recorded ? undefined : obstacle;
}

/** Whether a write without an answer has taken effect. If not, it never will. @throws {@link GatewayError} */
async function isThere({ records }: Services, row: Row): Promise<boolean> {
  try {
    if ((await records.get(row.id)) !== null) return true;
    await records.insert(...tombstone(row));
    return false;
  } catch (cause) {
    throw notRecorded(row, "unknown", cause);
  }
}

function tombstone(row: Row): [Row, EventDraft[]] {
  const message = "The record could not be written, so nothing was sent.";
  const closed: Row = {
    ...row,
    version: 1,
    state: "refused",
    open: 0,
    closed_at: row.created_at,
    key_held: 0,
    attempts: 0,
    lease_until: null,
    leaves_at: null,
    outcome: "notSent",
    message,
  };
  return [closed, [{ event: "refused", source: "worker", detail: { message } }]];
}

/** Nothing was sent. Where even that could not be written down, the sweep may still find the record and send it. */
function notRecorded(row: Row, outcome: "refused" | "unknown", cause?: unknown): GatewayError {
  const message =
    outcome === "refused"
      ? "The reset could not be recorded, so nothing was sent. Try again in a minute."
      : "The reset could not be recorded for certain. Nothing was sent now, but it may be sent within minutes if the record is found to be there. Look for it before trying again.";
  return new GatewayError(503, CODES.notRecorded, message, { outcome, recordId: row.id, retryAfterSeconds: 60, cause });
}
