/**
 * A person asks for a reset: checked, recorded, and only then sent.
 *
 * @module
 */
import type { ConsoleUser, ResetNote } from "fireblocks-reset-device";
import type { Person } from "../access/people";
import { CODES, GatewayError } from "../errors";
import { readingFailed } from "../fireblocks/answers";
import type { WaitUntil } from "../fireblocks/shared";
import { isResetPending } from "../fireblocks/upstream";
import { errorName } from "../log";
import type { Row } from "../records/row";
import type { EventDraft, Standing } from "../records/store";
import type { Services } from "../services";
import { withTimeLimit } from "../time-limit";
import { attempt, LEASE_MS } from "./attempt";
import { type Accepted, bindingOf, replay } from "./caller-key";
import { DEADLINE_MS, outOfTime, type Stage, withinDeadline } from "./deadline";
import { requireEligible } from "./eligibility";
import { expireProposal, isExpired } from "./expiry";
import { requireNote } from "./request";

/** With less time than this left, nothing is begun that could not be ended. */
const LEAST_TIME_MS = 4_000;
/** A record that is durable is sent, even if writing it took most of the time. */
const LEAST_CALL_MS = 2_000;
/** What the write of the outcome may take. */
const WRITE_RESERVE_MS = 2_000;
/** Whoever asks again is not kept waiting for checks that take longer than this. */
const LOOK_UP_AFTER_MS = 500;

/** One request, as far as a reset is concerned. */
export interface Asking {
  person: Person;
  arrivedAt: number;
  waitUntil: WaitUntil;
  requestId: string;
}

export interface ResetRequest extends Asking {
  userId: string;
  callerKey: string | undefined;
  note: ResetNote;
}

/** @throws {@link GatewayError} */
export function askForReset(services: Services, request: ResetRequest): Promise<Accepted> {
  return withinDeadline(services, request, (stage) => ask(services, request, stage));
}

/**
 * Usually two visits to D1: one that looks and records, and one for the outcome. What the key has led to before comes
 * before every refusal all the same: where something is refused, the records are looked at first.
 */
async function ask(services: Services, request: ResetRequest, stage: Stage): Promise<Accepted> {
  const binding = await bindingOf(request.person, request.userId, request.note);
  stage.keyUnread = request.callerKey !== undefined;
  const earlier = async () => {
    const answer = await answerOfEarlier(services, request, binding);
    stage.keyUnread = false;
    return answer;
  };

  const checking = check(services, request);
  const passed = checking.then(
    () => true,
    () => false,
  );
  if (!(await withTimeLimit(passed, LOOK_UP_AFTER_MS, () => false))) {
    const answer = await earlier();
    if (answer !== undefined) return answer;
  }
  const { user, listAgeMs } = await checking;
  try {
    await services.burst.take(request.person);
  } catch (tooFast) {
    // Among many requests for one user the limit may come before the first is recorded.
    const answer = await earlier();
    if (answer !== undefined) return answer;
    throw tooFast;
  }

  const row = newRow(services, request, user, listAgeMs, binding);
  stage.recordId = row.id;
  const answer = await record(services, row, request, binding);
  if (answer !== undefined) return answer;
  if (row.state === "proposed") return { status: 202, recordId: row.id, replayed: false };
  return sendRecorded(services, row, request);
}

/** What can be refused without a look at the records. @throws {@link GatewayError} */
async function check(
  services: Services,
  { userId, person, note, arrivedAt, waitUntil }: ResetRequest,
): Promise<{ user: ConsoleUser; listAgeMs: number }> {
  refuseWhilePaused(services);
  if (services.configuration.requireNote) requireNote(note);
  const eligible = await eligibleUser(services, userId, person, waitUntil);
  await refuseWherePending(services, userId, waitUntil);
  requireTime(services, arrivedAt);
  return eligible;
}

/** Sends under the lease that the record's newest write took. The call outlives the request that began it. */
export async function sendRecorded(services: Services, row: Row, asking: Asking): Promise<Accepted> {
  const { waitUntil, requestId, arrivedAt } = asking;
  const left = arrivedAt + DEADLINE_MS - WRITE_RESERVE_MS - services.now();
  const timeoutMs = Math.min(services.configuration.upstreamTimeoutMs, Math.max(LEAST_CALL_MS, left));
  const lease = { attempt: row.attempts, source: "worker", timeoutMs, requestId } as const;
  const attempting = attempt(services, row, lease, waitUntil);
  const answer = await attempting.answer;
  // Whoever reads the record next should find the answer in it; but the answer does not wait for D1 for long.
  const recorded = await withTimeLimit(attempting.recorded, WRITE_RESERVE_MS, () => false);
  if (answer.kind !== "accepted") throw recorded ? answer.error : notWrittenDown(answer.error, row.id);
  return {
    status: 200,
    recordId: row.id,
    ...(answer.requestId !== undefined && { requestId: answer.requestId }),
    replayed: false,
  };
}

/** The record does not say what Fireblocks said: for the sweep it went unanswered, and whoever asks must not trust in a no. */
function notWrittenDown(error: GatewayError, recordId: string): GatewayError {
  const message = `${error.message} This answer could not be written down, so the sweep may send the request again within minutes. Look at the record before asking again.`;
  return new GatewayError(error.status, error.code, message, { ...error.details, recordId, outcome: "unknown" });
}

/** What an earlier request has led to; undefined where there was none. @throws {@link GatewayError} */
async function answerOfEarlier(
  services: Services,
  request: ResetRequest,
  binding: string,
): Promise<Accepted | undefined> {
  return answerOf(await readStanding(services, request), binding, services.now());
}

/** The key comes first, then the user's open reset. @throws {@link GatewayError} */
function answerOf({ byKey, open }: Standing, binding: string, now: number): Accepted | undefined {
  const answer = byKey && replay(byKey, binding, now);
  if (answer === undefined && open !== undefined) throw openReset(open);
  return answer;
}

/** The record that the key belongs to, and the user's open one. A proposal whose time is over is ended first. */
async function readStanding(services: Services, { callerKey, userId }: ResetRequest): Promise<Standing> {
  const { records } = services;
  try {
    const standing = await records.standing(callerKey, userId);
    return (await endOverdue(services, standing)) ? await records.standing(callerKey, userId) : standing;
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
async function endOverdue(services: Services, { byKey, open }: Standing): Promise<boolean> {
  let ended = false;
  for (const row of [byKey, open]) {
    if (row === undefined || !isExpired(row, services.now())) continue;
    await expireProposal(services, row, "worker");
    ended = true;
  }
  return ended;
}

export function refuseWhilePaused({ configuration }: Services): void {
  if (!configuration.resetsPaused) return;
  throw new GatewayError(503, CODES.paused, "Resets are paused by whoever runs this worker. Nothing was sent.", {
    retryAfterSeconds: 300,
  });
}

function openReset(row: Row): GatewayError {
  return new GatewayError(
    409,
    CODES.resetOpen,
    "A reset of this user is open already. Nothing was sent. Follow the open one.",
    { recordId: row.id },
  );
}

/** The user as Fireblocks' list has it now, if this person may ask for its reset. */
export async function eligibleUser(
  services: Services,
  userId: string,
  person: Pick<Person, "kind" | "name">,
  waitUntil: WaitUntil,
): Promise<{ user: ConsoleUser; listAgeMs: number }> {
  const list = await services.fireblocks.users(waitUntil).catch((error: unknown) => {
    throw readingFailed(error, "The list of users, without which nothing is sent,");
  });
  const { user } = requireEligible(userId, person, list.value, services.configuration);
  return { user, listAgeMs: Math.max(0, services.now() - list.startedAt) };
}

/** @throws {@link GatewayError} where Fireblocks holds an approval request for this user's reset already, or may hold one */
export async function refuseWherePending(services: Services, userId: string, waitUntil: WaitUntil): Promise<void> {
  if (!services.configuration.checkApprovals) return;
  const pending = await services.fireblocks.pendingApprovals(waitUntil).catch((error: unknown) => {
    throw readingFailed(error, "The approvals that wait in Fireblocks, without which nothing is sent,");
  });
  if (!pending.readable) return;
  if (await isResetPending(userId, pending.items, services.now())) {
    throw new GatewayError(
      409,
      CODES.pendingElsewhere,
      "A reset of this user, asked for in the Console or by another tool, waits for approval in Fireblocks already. Nothing was sent.",
    );
  }
  if (pending.complete) return;
  throw new GatewayError(
    503,
    CODES.pendingUnclear,
    "Not all requests that wait for approval in Fireblocks could be read, so one for this user may be among them. Nothing was sent. Look in the Fireblocks Console.",
    { retryAfterSeconds: 300 },
  );
}

/** @throws {@link GatewayError} where too little time is left to end what would be begun */
export function requireTime(services: Services, arrivedAt: number): void {
  if (arrivedAt + DEADLINE_MS - services.now() >= LEAST_TIME_MS + WRITE_RESERVE_MS) return;
  throw outOfTime();
}

function newRow(services: Services, request: ResetRequest, user: ConsoleUser, listAgeMs: number, binding: string): Row {
  const { configuration } = services;
  const { person, userId, callerKey, note } = request;
  const now = services.now();
  const proposed = configuration.requireSecondPerson;
  const name = [user.firstName, user.lastName].filter(Boolean).join(" ");
  return {
    id: crypto.randomUUID(),
    version: 2 - Number(proposed),
    created_at: now,
    updated_at: now,
    closed_at: null,
    state: proposed ? "proposed" : "sending",
    open: 1,
    asked_by: person.name,
    asker_id: person.id,
    asker_kind: person.kind,
    role_by: person.roles.get("resetter") ?? "email",
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
    attempts: proposed ? 0 : 1,
    ended_attempt: 0,
    lease_until: proposed ? null : now + LEASE_MS,
    requested_at: proposed ? null : now,
    proposal_expires_at: proposed ? now + configuration.proposalExpiresMs : null,
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
  };
}

function firstEvents(row: Row, person: Person): EventDraft[] {
  const asked: EventDraft = {
    event: row.state === "proposed" ? "proposed" : "recorded",
    source: "person",
    actor: person.name,
    detail: { listAgeMs: row.list_age_ms, roleBy: row.role_by },
  };
  if (row.state === "proposed") return [asked];
  return [asked, { event: "attempt", source: "worker", detail: { attempt: 1 } }];
}

/**
 * The record is durable when this returns nothing, and not otherwise. Where the write failed or its answer was lost,
 * the record is read again; where it is not there, its place is taken by a closed one, so that the lost write cannot
 * appear later and be taken for a request that was made.
 *
 * @returns what the same key has led to before
 * @throws {@link GatewayError}
 */
async function record(
  services: Services,
  row: Row,
  request: ResetRequest,
  binding: string,
): Promise<Accepted | undefined> {
  let standing: Standing | undefined;
  try {
    standing = await insertOrStanding(services, row, firstEvents(row, request.person));
  } catch (error) {
    services.log({ level: "warn", event: "recordNotConfirmed", recordId: row.id, error: errorName(error) });
    if (await isThere(services, row)) return undefined;
    const answer = await answerOfEarlier(services, request, binding);
    if (answer !== undefined) return answer;
    throw notRecorded(row, "refused");
  }
  if (standing === undefined) return undefined;
  services.burst.giveBack(request.person);
  const answer = answerOf(standing, binding, services.now());
  if (answer !== undefined) return answer;
  throw overDailyNumber(services.now());
}

/** @returns what stands instead, where the record was not written; a proposal whose time is over is ended first */
async function insertOrStanding(services: Services, row: Row, events: EventDraft[]): Promise<Standing | undefined> {
  let { recorded, standing } = await services.records.insert(row, events);
  if (!recorded && (await endOverdue(services, standing))) {
    ({ recorded, standing } = await services.records.insert(row, events));
  }
  return recorded ? undefined : standing;
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

function overDailyNumber(now: number): GatewayError {
  return new GatewayError(
    429,
    CODES.dailyLimit,
    "You have asked for as many resets today as one person may. Nothing was sent.",
    { retryAfterSeconds: Math.ceil((86_400_000 - (now % 86_400_000)) / 1_000) },
  );
}
