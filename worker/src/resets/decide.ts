/**
 * What people decide about a record that is there: release or withdraw a proposal, settle what nobody can know.
 *
 * @module
 */
import type { Person } from "../access/people";
import { namedRoles } from "../access/roles";
import { CODES, GatewayError } from "../errors";
import type { Row } from "../records/row";
import { isStale } from "../records/row";
import type { Change } from "../records/store";
import type { Services } from "../services";
import { type Asking, eligibleUser, refuseWherePending, refuseWhilePaused, requireTime, sendRecorded } from "./ask";
import { LEASE_MS } from "./attempt";
import type { Accepted } from "./caller-key";
import { type Stage, withinDeadline } from "./deadline";
import { isExpired } from "./expiry";
import { requireOtherThanAsker, requireSecondPerson } from "./second-person";

/** Releases a proposal: the second person's yes, after which it is sent. @throws {@link GatewayError} */
export function release(services: Services, recordId: string, asking: Asking): Promise<Accepted> {
  return withinDeadline(services, asking, (stage) => releaseProposal(services, recordId, asking, stage));
}

async function releaseProposal(services: Services, recordId: string, asking: Asking, stage: Stage): Promise<Accepted> {
  const { person, waitUntil, arrivedAt } = asking;
  refuseWhilePaused(services);
  const proposal = await requireRecord(services, recordId);
  requireProposal(proposal, services.now());
  await requireSecondPerson(services, proposal, asking);
  requireStillInRole(services, proposal);
  // Both must be entitled now: the one who proposed, and the one who releases.
  const { user, listAgeMs } = await eligibleUser(services, proposal.user_id, proposer(proposal), waitUntil);
  await eligibleUser(services, proposal.user_id, person, waitUntil);
  await refuseWherePending(services, proposal.user_id, waitUntil);
  await services.burst.take(person).catch(async (refusal: unknown) => {
    requireProposal(await requireRecord(services, recordId), services.now());
    throw refusal;
  });
  requireTime(services, arrivedAt);

  stage.recordId = recordId;
  const { row, changed } = await changeKnown(services, recordId, (current) => {
    const now = services.now();
    if (current.state !== "proposed" || isExpired(current, now)) return undefined;
    return {
      set: {
        state: "sending",
        released_by: person.name,
        attempts: 1,
        lease_until: now + LEASE_MS,
        requested_at: now,
        proposal_expires_at: null,
        ...(user.status !== undefined && { status_before: user.status }),
      },
      event: [
        { event: "released", source: "person", actor: person.name, detail: { listAgeMs } },
        { event: "attempt", source: "worker", detail: { attempt: 1 } },
      ],
    };
  });
  // Another release, or this one's own write whose answer was lost: only one of them may send.
  if (!changed) throw wrongState(row);
  return sendRecorded(services, row, asking);
}

/** Takes a proposal back, or declines it; also while resets are paused, since nothing is sent. @throws {@link GatewayError} */
export async function withdraw(services: Services, recordId: string, person: Person, reason: string): Promise<void> {
  const { row, changed } = await changeKnown(services, recordId, (current) =>
    current.state !== "proposed"
      ? undefined
      : closing("withdrawn", services.now(), {
          event: "withdrawn",
          source: "person",
          actor: person.name,
          detail: { reason },
        }),
  );
  if (!changed) await requireOwnClosing(services, row, "withdrawn", person, reason);
}

/**
 * Ends a record whose end nobody can know any more, with a person's reason; also while resets are paused, when a
 * restored database is put right.
 *
 * @throws {@link GatewayError} */
export async function settle(services: Services, recordId: string, asking: Asking, reason: string): Promise<void> {
  const { person } = asking;
  if (services.configuration.requireSecondPerson) {
    await requireOtherThanAsker(services, await requireRecord(services, recordId), asking);
  }
  const { row, changed } = await changeKnown(services, recordId, (current) => {
    if (!maySettle(current, services)) return undefined;
    return closing("settled", services.now(), {
      event: "settled",
      source: "person",
      actor: person.name,
      detail: { reason, stateBefore: current.state },
    });
  });
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
  const waits = row.state !== "proposed" && row.state !== "sending";
  return waits && isStale(row, now(), configuration.staleAfterMs);
}

function closing(state: "withdrawn" | "settled", now: number, event: Change["event"]): Change {
  return { set: { state, open: 0, closed_at: now, lease_until: null }, event };
}

async function requireRecord({ records }: Services, recordId: string): Promise<Row> {
  const row = await records.get(recordId);
  if (row === null) throw noRecord();
  return row;
}

export function noRecord(): GatewayError {
  return new GatewayError(404, CODES.notFound, "There is no record with this id.");
}

function wrongState(row: Row): GatewayError {
  const words = row.state === "sending" ? "being sent" : row.state;
  return new GatewayError(409, CODES.wrongState, `This is not possible now: the record is ${words}.`, {
    recordId: row.id,
    ...(row.state === "sending" && { outcome: "unknown" }),
  });
}

function requireProposal(row: Row, now: number): void {
  if (row.state !== "proposed") throw wrongState(row);
  if (!isExpired(row, now)) return;
  throw new GatewayError(409, CODES.wrongState, "This proposal has expired. Nothing was sent. Propose it again.", {
    recordId: row.id,
  });
}

/** A proposer who has lost the role is not asked for any more. Roles by group can only be seen at their own sign-in. */
function requireStillInRole({ configuration }: Services, row: Row): void {
  if (row.role_by === "group" || namedRoles(row.asker_kind, row.asked_by, configuration.roles).has("resetter")) return;
  throw new GatewayError(403, CODES.noRole, "Whoever proposed this reset may not ask for resets any more.", {
    recordId: row.id,
  });
}

function proposer(row: Row): Pick<Person, "kind" | "name"> {
  return { kind: row.asker_kind, name: row.asked_by };
}

async function changeKnown(
  services: Services,
  recordId: string,
  decide: (row: Row) => Change | undefined,
): Promise<{ row: Row; changed: boolean }> {
  const known = await requireRecord(services, recordId);
  return services.records.change(recordId, decide, known);
}
