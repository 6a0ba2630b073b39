/**
 * Who asks, and for what.
 *
 * @module
 */
import type { ResetNote } from "fireblocks-reset-device";
import type { Person } from "../access/people";
import type { WaitUntil } from "../fireblocks/shared";

/** One request, as far as a reset is concerned. */
export interface Asking {
  person: Person;
  arrivedAt: number;
  waitUntil: WaitUntil;
  requestId: string;
}

/** One request for a reset. */
export interface ResetRequest extends Asking {
  userId: string;
  callerKey: string | undefined;
  note: ResetNote;
}
