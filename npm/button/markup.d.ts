/** The button as templates write it: what each framework's types are made of. */
import type { ButtonClient, ButtonEventMap } from "./events.js";

/** Its attributes. */
export interface ButtonAttributes {
  "user-id"?: string | null | undefined;
  "base-path"?: string | null | undefined;
  "record-id"?: string | null | undefined;
  "allow-http"?: boolean | undefined;
  disabled?: boolean | undefined;
}

/** Its properties, where a framework sets those. */
export interface ButtonProperties {
  userId?: string | null | undefined;
  basePath?: string | null | undefined;
  recordId?: string | null | undefined;
  allowHttp?: boolean | undefined;
  disabled?: boolean | undefined;
  client?: ButtonClient | null | undefined;
}

/** Its events, as JSX and Svelte name their handlers. */
export type ButtonHandlers = {
  [Type in keyof ButtonEventMap as `on${Type}`]?: ((event: ButtonEventMap[Type]) => void) | null | undefined;
};
