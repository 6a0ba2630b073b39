/**
 * The wait before a reset leaves, and its end: by the sweep, or by somebody's press.
 *
 * @module
 */
import { namedRoles } from "../access/roles";
import { CODES, GatewayError } from "../errors";
import { type Row, toEvent } from "../records/row";
import type { Change } from "../records/store";
import type { Services } from "../services";
import { demandsNow, requireMet, waitOfRow } from "./admission";
import type { Asking } from "./asking";
import { LEASE_MS } from "./attempt";
import type { Accepted } from "./caller-key";
import type { Target } from "./conditions";
import { type Stage, withinDeadline } from "./deadline";
import { requireRecord, wrongState } from "./known-record";
import { requireNotPaused } from "./pausing";
import { send } from "./send";
import { requireStillAllowed } from "./still-allowed";

/** What has not left by then does not leave any more: whoever asked has stopped waiting for it. */
export const LATE_MS = 60 * 60_000;

export function isDue(row: Row, now: number): boolean {
  return row.state === "waiting" && row.leaves_at !== null && row.leaves_at <= now;
}

export function isLate(row: Row, now: number): boolean {
  return isDue(row, now) && now - (row.leaves_at ?? 0) > LATE_MS;
}

/** What a record becomes that has nothing left but to wait. */
export function beginningWait(row: Row, waitMs: number, now: number, releaserByGroup: boolean): Change["set"] {
  return {
    state: "waiting",
    // A wait begins when the person is told of it.
    leaves_at: row.told === null ? null : now + waitMs,
    needs_press: row.role_by === "group" || releaserByGroup ? "group" : null,
    proposal_expires_at: null,
  };
}

/** The target, and what the record becomes: it leaves, or goes back to be released since the policy demands more by now. */
export interface Departure {
  target: Target;
  change: (now: number) => Change;
  leaves: boolean;
}

/**
 * All that held when it was asked for, looked at again.
 *
 * @throws {@link GatewayError} where something is in the way
 */
export async function departureOf(
  services: Services,
  row: Row,
  by: { source: "sweep" | "person"; others: Parameters<typeof requireStillAllowed>[2]; actor?: string },
  asking: Pick<Asking, "waitUntil" | "arrivedAt">,
): Promise<Departure> {
  const target = await requireStillAllowed(services, row, by.others, asking);
  const demands = await demandsNow(services, row, target);
  const facts = { source: by.source, ...(by.actor !== undefined && { actor: by.actor }) };
  const more = demandedBeyond(demands, row);
  if (more !== undefined) {
    const change = (now: number): Change => ({
      set: {
        ...{ state: "proposed", leaves_at: null, needs_press: null, demands: JSON.stringify(demands) },
        proposal_expires_at: now + services.configuration.proposalExpiresMs,
      },
      event: { event: "proposed", ...facts, detail: { because: `the policy demands more by now: ${more}` } },
    });
    return { target, change, leaves: false };
  }
  const sentAs = await services.fireblocks.fingerprint;
  const { user, listAgeMs, approvalsLook } = target;
  const change = (now: number): Change => ({
    set: {
      ...{ state: "sending", attempts: 1, lease_until: now + LEASE_MS, requested_at: now, sent_as: sentAs },
      ...(user.status !== undefined && { status_before: user.status }),
    },
    event: [
      { event: "left", ...facts, detail: { listAgeMs, approvalsLook } },
      { event: "attempt", source: by.source === "sweep" ? "sweep" : "worker", detail: { attempt: 1 } },
    ],
    leaves: true,
  });
  return { target, change, leaves: true };
}

/** What the policy demands by now that it did not before; undefined where nothing is. @throws where it forbids it */
function demandedBeyond(demands: Awaited<ReturnType<typeof demandsNow>>, row: Row): string | undefined {
  if (demands.forbidden) requireMet(demands, row);
  try {
    requireMet(demands, row);
  } catch {
    return "proofs, or what happened to the phone";
  }
  if (demands.secondPerson && row.released_by === null) return "a second person";
  const before = row.demands === null ? 0 : waitOfRow(JSON.parse(row.demands), row);
  return waitOfRow(demands, row) > before ? "a longer wait" : undefined;
}

/** Sends what is due and does not leave by itself. @throws {@link GatewayError} */
export function sendWaiting(services: Services, recordId: string, asking: Asking): Promise<Accepted> {
  return withinDeadline(services, asking, (stage) => sendByPress(services, recordId, asking, stage));
}

async function sendByPress(services: Services, recordId: string, asking: Asking, stage: Stage): Promise<Accepted> {
  const { person } = asking;
  await requireNotPaused(services);
  await services.burst.take(person);
  const row = await requireRecord(services, recordId);
  requireTime(row, services.now());
  requireHolder(services, row, asking);
  await requireReleaserInRole(services, row);
  const departure = await departureOf(
    services,
    row,
    { source: "person", others: [person], actor: person.name },
    asking,
  );
  stage.begin(recordId);
  const { row: after, changed } = await services.records.change(
    recordId,
    (current) => {
      const now = services.now();
      // The checks may have taken the rest of its time.
      return isDue(current, now) && !isLate(current, now) ? departure.change(now) : undefined;
    },
    row,
  );
  // The sweep, another press, or this one's own write whose answer was lost: only one of them may send.
  if (!changed) throw wrongState(after);
  if (departure.leaves) return send(services, after, asking);
  throw new GatewayError(
    409,
    CODES.demandsUnmet,
    "The policy demands more by now than when this was asked for: it is proposed again, for a second person. Nothing was sent.",
    { recordId },
  );
}

function requireTime(row: Row, now: number): void {
  if (row.state !== "waiting") throw wrongState(row);
  if (!isDue(row, now)) {
    const at = row.leaves_at === null ? "yet" : `before ${new Date(row.leaves_at).toISOString()}`;
    throw new GatewayError(409, CODES.wrongState, `It does not leave ${at}. Nothing was sent.`, { recordId: row.id });
  }
  if (!isLate(row, now)) return;
  throw new GatewayError(409, CODES.wrongState, `${TOO_LATE} Ask again.`, { recordId: row.id });
}

export const TOO_LATE = "It could not leave within 60 minutes of its time. Nothing was sent.";

/**
 * Whose role cannot be looked up without them, since it comes from a group or is gone: the asker, or else whoever released it.
 * Undefined where the role list tells of all of them.
 */
export function holderToPress(row: Row, { roles }: Services["configuration"]): string | undefined {
  if (row.role_by === "group") return row.asked_by;
  if (row.released_by === null || namedRoles("person", row.released_by, roles).has("resetter")) return undefined;
  return row.released_by;
}

/** A group's member is only seen at their own sign-in: the press must be theirs. @throws {@link GatewayError} */
function requireHolder({ configuration }: Services, row: Row, { person }: Asking): void {
  const holder = holderToPress(row, configuration);
  if (holder === undefined || (person.kind === "person" && person.name === holder)) return;
  throw new GatewayError(
    403,
    CODES.noRole,
    `Whether ${holder} still has the role is only seen at their own sign-in: they must press “send” themselves. Nothing was sent.`,
    { recordId: row.id },
  );
}

/**
 * At the press of an asker whose role is a group's nobody sees whoever released it: the entry that let them in must stand in the
 * role list still.
 *
 * @throws {@link GatewayError}
 */
async function requireReleaserInRole({ records, configuration }: Services, row: Row): Promise<void> {
  if (row.role_by !== "group" || row.released_by === null) return;
  const released = (await records.events(row.id)).findLast(({ event }) => event === "released");
  const entry = released && toEvent(released).detail?.roleEntry;
  // A record that is older than the entry in its story does not tell.
  if (typeof entry !== "string" || configuration.roles.resetter.has(entry)) return;
  const message = `${row.released_by} released this reset, and may not release any more. Nothing was sent. Withdraw it, and ask again.`;
  throw new GatewayError(403, CODES.noRole, message, { recordId: row.id });
}
