/** `<fireblocks-reset-device>` in Svelte's templates: `import "fireblocks-reset-device/button/svelte"` is the button, and these types. */
import type { HTMLAttributes } from "svelte/elements";
import type { FireblocksResetDeviceElement } from "./element.js";
import type { ButtonAttributes, ButtonHandlers, ButtonProperties } from "./markup.js";

export * from "./index.js";

declare module "svelte/elements" {
  interface SvelteHTMLElements {
    "fireblocks-reset-device": HTMLAttributes<FireblocksResetDeviceElement> &
      ButtonAttributes &
      ButtonProperties &
      ButtonHandlers;
  }
}
