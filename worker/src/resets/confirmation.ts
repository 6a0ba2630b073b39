/**
 * A person's manager is asked whether the person asked for the reset, and answers.
 *
 * @module
 */
import type { Confirmation, Demands, ProofGiven } from "fireblocks-reset-device/gateway-api";
import { lowerEmail } from "../email";
import { CODES, GatewayError } from "../errors";
import { readingFailed } from "../fireblocks/answers";
import type { WaitUntil } from "../fireblocks/shared";
import { present, proofsOf, type Row } from "../records/row";
import type { Change } from "../records/store";
import type { Services } from "../services";
import { demandsNow, missingIn, waitOfRow, waitsForManager } from "./admission";
import type { Asking } from "./asking";
import { unknownUser } from "./eligibility";
import { isExpired } from "./expiry";
import { requireRecord, wrongState } from "./known-record";
import { managerOf, reportOf } from "./managers";
import { guardFor } from "./quorum";
import { beginningWait } from "./waiting";

export interface Answer {
  confirm: boolean;
  reason: string;
}

/** @throws {@link GatewayError} 404 for whoever is not the manager, whether or not there is such a record */
export async function readConfirmation(services: Services, recordId: string, asking: Asking): Promise<Confirmation> {
  const row = await requireReport(services, recordId, asking);
  return toConfirmation(services, row, asking.person.name);
}

/** @throws {@link GatewayError} */
export async function answerConfirmation(
  services: Services,
  recordId: string,
  asking: Asking,
  answer: Answer,
): Promise<Confirmation> {
  const { person, waitUntil } = asking;
  await services.burst.take(person, "decision");
  const known = await requireReport(services, recordId, asking);
  const demands = answer.confirm ? await demandsOfNow(services, known, waitUntil) : undefined;
  const { row, changed } = await services.records.change(
    recordId,
    (current) => {
      const now = services.now();
      if (!isAsked(current, now)) return undefined;
      return demands === undefined
        ? declining(person.name, answer.reason, now)
        : confirming(current, demands, person.name, answer.reason, now);
    },
    known,
  );
  const after = await toConfirmation(services, row, person.name);
  // The same answer was written before, and only the reply to it was lost.
  if (!changed && after.state !== (answer.confirm ? "confirmed" : "declined")) throw wrongState(row);
  return after;
}

async function demandsOfNow(services: Services, row: Row, waitUntil: WaitUntil): Promise<Demands> {
  const { value: users } = await services.fireblocks.users(waitUntil).catch((error: unknown) => {
    throw readingFailed(error, "The list of users, without which nobody can tell what is demanded,");
  });
  const user = users.find(({ id }) => id === row.user_id);
  if (user === undefined) throw unknownUser();
  const adminGuard = await guardFor(user, users, [], services.configuration.minReadyAdmins);
  return demandsNow(services, row, { user, ...(adminGuard && { adminGuard }) });
}

/** The confirmation, and what the record becomes by it: with nothing else missing it waits for its time, if only for the next sweep. */
function confirming(row: Row, demands: Demands, by: string, text: string, at: number): Change {
  const given: ProofGiven[] = [...proofsOf(row), { proof: "managerConfirmed", text, at, by }];
  const proofs = JSON.stringify(given);
  const confirmed = { event: "managerConfirmed", source: "person", actor: by, detail: { reason: text } } as const;
  const set = { proofs, demands: JSON.stringify(demands) };
  const lacksPerson = demands.secondPerson && row.released_by === null;
  if (lacksPerson || missingIn(demands, given, row.because ?? undefined) !== undefined) {
    return { set, event: confirmed, tells: "managerConfirmed" };
  }
  const waitMs = waitOfRow(demands, { ...row, proofs });
  return {
    set: { ...set, ...beginningWait(row, waitMs, at, false) },
    event: [confirmed, { event: "waiting", source: "worker", detail: { leavesAt: at + waitMs } }],
    tells: "managerConfirmed",
  };
}

function declining(by: string, reason: string, now: number): Change {
  return {
    set: { state: "withdrawn", open: 0, closed_at: now, lease_until: null, outcome: "notSent" },
    event: {
      event: "withdrawn",
      source: "person",
      actor: by,
      detail: { reason, because: "the person's manager said no" },
    },
  };
}

/** A proposal that lacks what the manager can confirm. */
function isAsked(row: Row, now: number): boolean {
  return waitsForManager(row) && !isExpired(row, now);
}

async function toConfirmation({ now, records }: Services, row: Row, manager: string): Promise<Confirmation> {
  return {
    recordId: row.id,
    state: isAsked(row, now()) ? "asked" : await answered(),
    ...present("userName", row.user_name),
    ...present("userEmail", row.user_email),
    askedBy: row.asked_by,
    askedAt: row.created_at,
    ...present("reason", row.reason),
    ...present("because", row.because),
  };

  async function answered(): Promise<"confirmed" | "declined" | "over"> {
    if (proofsOf(row).some(({ proof, by }) => proof === "managerConfirmed" && by === manager)) return "confirmed";
    if (row.state !== "withdrawn") return "over";
    const end = (await records.events(row.id)).findLast(({ event }) => event === "withdrawn");
    return end?.actor === manager ? "declined" : "over";
  }
}

/** The record, if this person is the manager who may be asked about it. */
async function requireReport(services: Services, recordId: string, { person, waitUntil }: Asking): Promise<Row> {
  const row = await requireRecord(services, recordId).catch((error: unknown) => {
    throw error instanceof GatewayError && error.status === 404 ? nothingAsked() : error;
  });
  const manager = await managerOf(services, reportOf(row), waitUntil);
  const isManager = person.kind === "person" && manager !== undefined && lowerEmail(person.name) === manager;
  if (!isManager || person.id === row.asker_id) throw nothingAsked();
  return row;
}

function nothingAsked(): GatewayError {
  return new GatewayError(404, CODES.notFound, "Nothing is asked of you here.");
}
