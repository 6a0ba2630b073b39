/**
 * Defines `<fireblocks-reset-device>`: a button that asks a gateway to reset a console user's mobile device.
 *
 * ```html
 * <script type="module" src="/vendor/fireblocks-reset-device/button/index.js"></script>
 * <fireblocks-reset-device user-id="44fdead0-7053-4831-a53a-df7fb90d440f" base-path="/v1"></fireblocks-reset-device>
 * ```
 *
 * @module fireblocks-reset-device/button
 */
import { FireblocksResetDeviceElement } from "./element.js";

export type { FollowedReset } from "../gateway.js";
export type { ButtonState } from "../states.js";
export { FireblocksResetDeviceElement } from "./element.js";
export type { ButtonClient, ButtonEventMap, FailedDetail, ProgressDetail, RequestedDetail } from "./events.js";

// Absent while a page is rendered on a server, where importing this module must do no harm.
if (globalThis.customElements && !customElements.get("fireblocks-reset-device")) {
  customElements.define("fireblocks-reset-device", FireblocksResetDeviceElement);
}

declare global {
  interface HTMLElementTagNameMap {
    "fireblocks-reset-device": FireblocksResetDeviceElement;
  }
}
