/**
 * What people decide about a record that is there: release or withdraw a proposal, settle what nobody can know.
 *
 * @module
 */
import type { Demands } from "fireblocks-reset-device/gateway-api";
import type { Person } from "../access/people";
import { kindOf } from "../access/roles";
import { CODES, GatewayError } from "../errors";
import type { Row } from "../records/row";
import { isStale } from "../records/row";
import type { Change, EventDraft } from "../records/store";
import type { Services } from "../services";
import { demandsNow, kindsOf, requireMet, statedProofs, waitOfRow, withProofs } from "./admission";
import type { Asking } from "./asking";
import { LEASE_MS } from "./attempt";
import type { Accepted } from "./caller-key";
import { requireNothingWaiting } from "./conditions";
import { type Stage, withinDeadline } from "./deadline";
import { isExpired } from "./expiry";
import { changeKnown, requireRecord, wrongState } from "./known-record";
import { requireNotPaused } from "./pausing";
import type { Stated } from "./request";
import { requireAnotherPerson } from "./second-person";
import { send } from "./send";
import { requireStillAllowed } from "./still-allowed";
import { beginningWait } from "./waiting";

/**
 * Releases a proposal: the second person's yes, after which it is sent, or waits for its time.
 *
 * @param stated what they have verified of the affected person themselves, beside what the record has
 * @throws {@link GatewayError}
 */
export function release(services: Services, recordId: string, asking: Asking, stated: Stated): Promise<Accepted> {
  return withinDeadline(services, asking, (stage) => releaseProposal(services, recordId, { asking, stated }, stage));
}

async function releaseProposal(
  services: Services,
  recordId: string,
  { asking, stated }: { asking: Asking; stated: Stated },
  stage: Stage,
): Promise<Accepted> {
  const { person } = asking;
  await requireNotPaused(services);
  const tooFast = await services.burst.take(person).then(
    () => undefined,
    (refusal: GatewayError) => refusal,
  );
  const proposal = await requireRecord(services, recordId);
  requireProposal(proposal, services.now());
  if (tooFast !== undefined) throw tooFast;
  await requireAnotherPerson(services, proposal, asking, "release it");
  // Both must be entitled now: the one who proposed, and the one who releases.
  const target = await requireStillAllowed(services, proposal, [person], asking);
  const { user, listAgeMs, approvalsLook } = target;
  const demands = await demandsNow(services, proposal, target);
  const proofs = statedProofs(stated, person, services.now());
  const released = withProofs(proposal, proofs);
  requireMet(demands, released);
  const waitMs = waitOfRow(demands, released);
  const sentAs = await services.fireblocks.fingerprint;
  const roleEntry = person.roles.get("resetter") ?? person.name;

  stage.begin(recordId);
  const { row, changed } = await changeKnown(services, recordId, (current) => {
    const now = services.now();
    if (current.state !== "proposed" || isExpired(current, now)) return undefined;
    const event: EventDraft = {
      event: "released",
      source: "person",
      actor: person.name,
      detail: {
        ...{ listAgeMs, approvalsLook, roleEntry },
        ...(proofs.length > 0 && { proofs: kindsOf(proofs).join(", ") }),
      },
    };
    // Released before, and proposed again since the policy came to demand more: the first name stays.
    const set = {
      ...{ released_by: current.released_by ?? person.name, demands: JSON.stringify(demands) },
      proofs: withProofs(current, proofs).proofs,
    };
    if (waitMs > 0) {
      const wait = beginningWait(current, waitMs, now, kindOf(roleEntry) === "group");
      return {
        set: { ...set, ...wait },
        event: [event, { event: "waiting", source: "worker", detail: { leavesAt: wait.leaves_at ?? null } }],
      };
    }
    return {
      set: {
        ...set,
        state: "sending",
        attempts: 1,
        lease_until: now + LEASE_MS,
        requested_at: now,
        sent_as: sentAs,
        proposal_expires_at: null,
        ...(user.status !== undefined && { status_before: user.status }),
      },
      event: [event, { event: "attempt", source: "worker", detail: { attempt: 1 } }],
      leaves: true,
    };
  });
  // Another release, or this one's own write whose answer was lost: only one of them may send.
  if (!changed) throw wrongState(row);
  if (row.state === "waiting") return { status: 202, recordId, replayed: false };
  return send(services, row, asking);
}

/** Takes back, or declines, what is proposed or waits; also while resets are paused, since nothing is sent. @throws {@link GatewayError} */
export async function withdraw(services: Services, recordId: string, person: Person, reason: string): Promise<void> {
  await services.burst.take(person, "decision");
  const { row, changed } = await changeKnown(services, recordId, (current) => {
    if (current.state !== "proposed" && current.state !== "waiting") return undefined;
    const event: EventDraft = { event: "withdrawn", source: "person", actor: person.name, detail: { reason } };
    const { set } = closing("withdrawn", services.now(), event);
    return { set: current.state === "waiting" ? { ...set, outcome: "notSent" } : set, event };
  });
  if (!changed) await requireOwnClosing(services, row, "withdrawn", person, reason);
}

/** Why a record is ended by a person. */
export interface Settling {
  reason: string;
  /** They have looked at what waits in the Fireblocks Console, where this worker cannot. */
  lookedInConsole: boolean;
}

/**
 * Ends a record whose end nobody can know any more, with a person's reason; also while resets are paused, when a
 * restored database is put right. Any other open one is closed early by another person, where nothing of it waits in
 * Fireblocks.
 *
 * @throws {@link GatewayError} */
export async function settle(
  services: Services,
  recordId: string,
  asking: Asking,
  { reason, lookedInConsole }: Settling,
): Promise<void> {
  const { person } = asking;
  await services.burst.take(person, "decision");
  const known = await requireRecord(services, recordId);
  const early = !maySettle(known, services) && mayCloseEarly(known);
  const byAnother = early || takesTwo(known, services);
  if (byAnother) {
    await requireAnotherPerson(services, known, asking, early ? "close it early" : "settle it");
  }
  if (early) await requireNothingWaiting(services, known, asking.waitUntil, lookedInConsole);
  const { row, changed } = await services.records.change(
    recordId,
    (current) => {
      if (!maySettle(current, services) && !(early && mayCloseEarly(current))) return undefined;
      // The affected person has spoken against it while this was looked at: now it takes another person.
      if (!byAnother && takesTwo(current, services)) throw changedMeanwhile(current);
      return closing("settled", services.now(), {
        event: "settled",
        source: "person",
        actor: person.name,
        detail: {
          reason,
          stateBefore: current.state,
          ...(early && { early }),
          ...(lookedInConsole && { lookedInConsole }),
        },
      });
    },
    known,
  );
  if (!changed) await requireOwnClosing(services, row, "settled", person, reason);
}

/**
 * What did not change the record may have done so before, with its answer lost. Whoever comes second with a reason of
 * their own must not be told that it was taken.
 *
 * @throws {@link GatewayError}
 */
async function requireOwnClosing(
  { records }: Services,
  row: Row,
  state: "withdrawn" | "settled",
  person: Person,
  reason: string,
): Promise<void> {
  if (row.state !== state) throw wrongState(row);
  const events = await records.events(row.id);
  const closed = events.findLast(({ event }) => event === state);
  const given = closed?.detail ? (JSON.parse(closed.detail) as { reason?: unknown }).reason : undefined;
  if (closed?.actor !== person.name || given !== reason) throw wrongState(row);
}

/** Only what is unknown, or has been open for too long. An attempt under way is never settled over. */
function maySettle(row: Row, { now, configuration }: Services): boolean {
  if (row.state === "unknown") return true;
  return !HAS_OTHER_ENDS.has(row.state) && isStale(row, now(), configuration.staleAfterMs);
}

/** What two persons were to ask for, one alone does not end; nor what the affected person has spoken against. */
function takesTwo({ demands, contested_at }: Row, { configuration }: Services): boolean {
  const demanded = demands !== null && (JSON.parse(demands) as Demands).secondPerson;
  return configuration.requireSecondPerson || demanded || contested_at !== null;
}

/** What is under way, or not sent yet. */
const HAS_OTHER_ENDS: ReadonlySet<string> = new Set(["sending", "proposed", "waiting"]);

function mayCloseEarly(row: Row): boolean {
  return row.open === 1 && !HAS_OTHER_ENDS.has(row.state);
}

function closing(state: "withdrawn" | "settled", now: number, event: Change["event"]): Change {
  return { set: { state, open: 0, closed_at: now, lease_until: null }, event };
}

function changedMeanwhile({ id }: Row): GatewayError {
  return new GatewayError(
    409,
    CODES.wrongState,
    "The person whose device it is has spoken against this reset in the meantime. Nothing was changed. Look at it again.",
    { recordId: id },
  );
}

function requireProposal(row: Row, now: number): void {
  if (row.state !== "proposed") throw wrongState(row);
  if (!isExpired(row, now)) return;
  throw new GatewayError(409, CODES.wrongState, "This proposal has expired. Nothing was sent. Propose it again.", {
    recordId: row.id,
  });
}
