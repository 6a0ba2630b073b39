/** The events of the button, and the client that it calls with. */

import type { FollowedReset } from "../gateway.js";
import type { Client, FireblocksError, ResetReceipt } from "../index.js";
import type { ButtonState } from "../states.js";

/** What the button needs of a client. */
export type ButtonClient = Pick<Client, "resetDevice" | "getConsoleUsers">;

/** `fireblocks-reset-requested`: the gateway took the request. Nothing is reset yet. */
export interface RequestedDetail {
  userId: string;
  receipt: ResetReceipt;
}

/** `fireblocks-reset-progress`: the button's state changed. */
export interface ProgressDetail {
  userId: string;
  state: ButtonState;
  /** The gateway's record, where the state was read from one. */
  record?: FollowedReset;
}

/** `fireblocks-reset-failed`: the request failed; `error.outcome` tells whether it may have taken effect. */
export interface FailedDetail {
  userId: string;
  error: FireblocksError;
}

/** Every event of the button. All bubble and cross shadow boundaries. */
export interface ButtonEventMap {
  "fireblocks-reset-requested": CustomEvent<RequestedDetail>;
  "fireblocks-reset-progress": CustomEvent<ProgressDetail>;
  "fireblocks-reset-failed": CustomEvent<FailedDetail>;
}

/** Makes one of the button's events. */
export function buttonEvent<K extends keyof ButtonEventMap>(type: K, detail: ButtonEventMap[K]["detail"]): Event {
  return new CustomEvent(type, { detail, bubbles: true, composed: true });
}

declare global {
  interface HTMLElementEventMap extends ButtonEventMap {}
}
