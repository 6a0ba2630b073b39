/** `<fireblocks-reset-device>` in React 19's JSX: `import "fireblocks-reset-device/button/react"` is the button, and these types. */
import type { DetailedHTMLProps, HTMLAttributes } from "react";
import type { FireblocksResetDeviceElement } from "./element.js";
import type { ButtonAttributes, ButtonHandlers, ButtonProperties } from "./markup.js";

type HtmlProps = DetailedHTMLProps<HTMLAttributes<FireblocksResetDeviceElement>, FireblocksResetDeviceElement>;

export * from "./index.js";

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "fireblocks-reset-device": HtmlProps & ButtonAttributes & ButtonProperties & ButtonHandlers;
    }
  }
}
