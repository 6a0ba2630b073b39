/**
 * "This was not me": the affected person's word on a reset of their own device. What was not sent ends there; of what was sent,
 * it is a mark that everybody sees and acts on.
 *
 * @module
 */
import type { ConsoleUser } from "fireblocks-reset-device";
import type { StopAnswer } from "fireblocks-reset-device/gateway-api";
import { knownUsersOf, type Person } from "../access/people";
import { CODES, GatewayError } from "../errors";
import type { WaitUntil } from "../fireblocks/shared";
import { deliverNow } from "../notify/deliver";
import type { Row } from "../records/row";
import type { Change } from "../records/store";
import type { Services } from "../services";
import type { Asking } from "./asking";
import { noRecord } from "./known-record";
import { rejectContested } from "./reject";

export const STOPPED_MESSAGE = "The person whose device it is has stopped this reset. Nothing was sent.";

/**
 * One compare-and-set decides, against whatever sends, releases or withdraws at the same moment. Saying it twice is saying it
 * once. It goes on while resets are paused, and needs nothing of Fireblocks.
 *
 * @throws {@link GatewayError}
 */
export async function stop(services: Services, recordId: string, asking: Asking): Promise<StopAnswer> {
  const { person, waitUntil } = asking;
  const known = await ownReset(services, recordId, person, waitUntil);
  const { row } = await services.records.change(
    recordId,
    (current) => stopping(current, person, services.now()),
    known,
  );
  const result = resultOf(row);
  waitUntil(afterStop(services, row, waitUntil));
  return { result };
}

function stopping(row: Row, person: Person, now: number): Change | undefined {
  const said = { source: "person", actor: person.name, detail: { stateBefore: row.state } } as const;
  if (row.state === "proposed" || row.state === "waiting") {
    return {
      set: {
        state: "stopped",
        open: 0,
        closed_at: now,
        outcome: "notSent",
        message: STOPPED_MESSAGE,
        lease_until: null,
      },
      event: { event: "stopped", ...said },
    };
  }
  if (row.open === 0 || row.contested_at !== null) return undefined;
  return {
    set: { contested_at: now, contested_by: person.name },
    event: { event: "contested", ...said },
    tells: "contested",
  };
}

function resultOf(row: Row): StopAnswer["result"] {
  if (row.state === "stopped") return "stopped";
  if (row.contested_at !== null) return "contested";
  throw new GatewayError(
    409,
    CODES.wrongState,
    "This reset has ended, so nothing is left to stop: if somebody pretends to be you, raise an alarm, and a new reset needs two people.",
    { recordId: row.id },
  );
}

/** Whoever has to act learns of it now, and Fireblocks is asked to reject what is provably this reset's. */
async function afterStop(services: Services, row: Row, waitUntil: WaitUntil): Promise<void> {
  await Promise.all([deliverNow(services, row.id), rejectContested(services, row, waitUntil)]);
}

/**
 * The record, if it is about this person. By what the record says of its user; where that does not tell, by Fireblocks' list.
 * To everybody else, whatever their role, there is no such record here.
 *
 * @throws {@link GatewayError}
 */
export async function ownReset(
  services: Services,
  recordId: string,
  person: Person,
  waitUntil: WaitUntil,
): Promise<Row> {
  const row = await services.records.get(recordId);
  if (row === null) throw noRecord();
  const { userMap } = services.configuration;
  const asRecorded: ConsoleUser[] = [{ id: row.user_id, ...(row.user_email !== null && { email: row.user_email }) }];
  if (knownUsersOf(person, asRecorded, userMap).length > 0) return row;
  const users = await services.fireblocks.users(waitUntil).then(
    ({ value }) => value,
    () => [],
  );
  if (knownUsersOf(person, users, userMap).some(({ id }) => id === row.user_id)) return row;
  throw noRecord();
}
