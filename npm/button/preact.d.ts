/** `<fireblocks-reset-device>` in Preact's JSX: `import "fireblocks-reset-device/button/preact"` is the button, and these types. */
import type { HTMLAttributes } from "preact";
import type { FireblocksResetDeviceElement } from "./element.js";
import type { ButtonAttributes, ButtonHandlers, ButtonProperties } from "./markup.js";

type HtmlProps = Omit<HTMLAttributes<FireblocksResetDeviceElement>, keyof ButtonAttributes | keyof ButtonProperties>;

export * from "./index.js";

declare module "preact" {
  namespace JSX {
    interface IntrinsicElements {
      "fireblocks-reset-device": HtmlProps & ButtonAttributes & ButtonProperties & ButtonHandlers;
    }
  }
}
