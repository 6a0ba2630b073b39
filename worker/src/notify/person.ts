/**
 * What becomes of a record once its person was told of it by mail, or could not be.
 *
 * @module
 */
import type { Demands } from "fireblocks-reset-device/gateway-api";
import { waitMsOf } from "../records/outbox";
import type { Row } from "../records/row";
import type { Change, EventDraft } from "../records/store";
import type { Services } from "../services";

/** Writes down that the binding took the mail. A demanded wait begins now. */
export async function personTold({ records, now }: Services, recordId: string): Promise<void> {
  await records.change(recordId, (row) => {
    if (row.told !== null) return undefined;
    const told = { told: "told", told_at: now() } as const;
    const event: EventDraft = { event: "personTold", source: "worker" };
    if (!awaitsTelling(row)) return { set: told, event };
    const leavesAt = now() + waitMsOf(row);
    return { set: { ...told, leaves_at: leavesAt }, event: { ...event, detail: { leavesAt } } };
  });
}

/** Writes down that nobody could tell the person: a second person must agree to what was to wait for them. */
export async function personNotTold(services: Services, recordId: string, because: string): Promise<void> {
  const { records, configuration, now } = services;
  await records.change(recordId, (row): Change | undefined => {
    if (row.told !== null) return undefined;
    const told = { told: "notTold", told_at: now() } as const;
    const event: EventDraft = { event: "personNotTold", source: "worker", detail: { because } };
    if (!awaitsTelling(row)) return { set: told, event };
    if (row.released_by !== null) {
      const leavesAt = now() + waitMsOf(row);
      return { set: { ...told, leaves_at: leavesAt }, event: { ...event, detail: { because, leavesAt } } };
    }
    const demands = { ...(JSON.parse(row.demands ?? "{}") as Demands), secondPerson: true };
    return {
      set: {
        ...told,
        ...{ state: "proposed", needs_press: null, demands: JSON.stringify(demands) },
        proposal_expires_at: now() + configuration.proposalExpiresMs,
      },
      event: [
        event,
        { event: "proposed", source: "worker", detail: { because: "the person could not be told by mail" } },
      ],
    };
  });
}

/** Its wait has not begun. */
function awaitsTelling(row: Row): boolean {
  return row.state === "waiting" && row.leaves_at === null;
}
