/**
 * A record that somebody decides about.
 *
 * @module
 */
import { CODES, GatewayError } from "../errors";
import type { Row } from "../records/row";
import type { Change } from "../records/store";
import { standing } from "../records/wording";
import type { Services } from "../services";

export async function requireRecord({ records }: Services, recordId: string): Promise<Row> {
  const row = await records.get(recordId);
  if (row === null) throw noRecord();
  return row;
}

export function noRecord(): GatewayError {
  return new GatewayError(404, CODES.notFound, "There is no record with this id.");
}

export function wrongState(row: Row): GatewayError {
  const message = `This is not possible now. Where it stands: ${standing(row.state)}.`;
  return new GatewayError(409, CODES.wrongState, message, {
    recordId: row.id,
    ...(row.state === "sending" && { outcome: "unknown" }),
  });
}

export async function changeKnown(
  services: Services,
  recordId: string,
  decide: (row: Row) => Change | undefined,
): Promise<{ row: Row; changed: boolean }> {
  const known = await requireRecord(services, recordId);
  return services.records.change(recordId, decide, known);
}
