/** `<fireblocks-reset-device>` in Vue's templates: `import "fireblocks-reset-device/button/vue"` is the button, and these types. */
import type { HTMLAttributes } from "vue";
import type { ButtonEventMap } from "./events.js";
import type { ButtonAttributes, ButtonProperties } from "./markup.js";

/** `fireblocks-reset-requested` → `onFireblocksResetRequested`, which `@fireblocks-reset-requested` stands for. */
type Camel<Name extends string> = Name extends `${infer Word}-${infer Rest}`
  ? `${Word}${Capitalize<Camel<Rest>>}`
  : Name;
type Handlers = {
  [Type in keyof ButtonEventMap as `on${Capitalize<Camel<Type>>}`]?: (event: ButtonEventMap[Type]) => void;
};

export * from "./index.js";

declare module "vue" {
  interface GlobalComponents {
    "fireblocks-reset-device": new () => {
      $props: HTMLAttributes & ButtonAttributes & ButtonProperties & Handlers;
    };
  }
}
