/**
 * The end of a proposal that nobody released in time.
 *
 * @module
 */
import type { EventSource } from "fireblocks-reset-device/gateway-api";
import type { Row } from "../records/row";
import type { Services } from "../services";

export function isExpired(row: Pick<Row, "state" | "proposal_expires_at">, now: number): boolean {
  return row.state === "proposed" && (row.proposal_expires_at ?? 0) <= now;
}

/** Closes a proposal whose time is over, unless somebody was faster. */
export async function expireProposal(services: Services, row: Row, source: EventSource): Promise<void> {
  await services.records.change(
    row.id,
    (current) => {
      const now = services.now();
      if (!isExpired(current, now)) return undefined;
      return {
        set: {
          state: "withdrawn",
          open: 0,
          closed_at: now,
          message: "Nobody released this proposal in time. Nothing was sent.",
        },
        event: { event: "withdrawn", source, detail: { because: "the proposal expired" } },
      };
    },
    row,
  );
}
