/**
 * The id of a record, or of a request for help, in an address.
 *
 * @module
 */
import { noRecord } from "../resets/known-record";
import type { GatewayContext } from "./context";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const isId = (text: string | undefined): text is string => text !== undefined && UUID.test(text);

/** @throws {@link GatewayError} 404 for what is no id of a record */
export function parseRecordId(c: GatewayContext): string {
  const id = c.req.param("id");
  if (!isId(id)) throw noRecord();
  return id;
}
