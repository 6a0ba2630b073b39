/** The attributes of the button, and the same as properties. */

// A server that renders pages has no HTMLElement; it only needs the import not to throw.
const Base = globalThis.HTMLElement ?? (class {} as typeof HTMLElement);

/** Where a gateway is that no `base-path` names. */
export const DEFAULT_GATEWAY = "/v1";

export class ElementWithAttributes extends Base {
  static readonly observedAttributes = ["user-id", "base-path", "record-id", "disabled", "allow-http"];

  /** The console user's id. */
  get userId(): string {
    return this.getAttribute("user-id") ?? "";
  }
  set userId(value: string | null | undefined) {
    this.#reflect("user-id", value);
  }

  /** The gateway: a path of the page's own origin, or an address. */
  get basePath(): string {
    return this.getAttribute("base-path") || DEFAULT_GATEWAY;
  }
  set basePath(value: string | null | undefined) {
    this.#reflect("base-path", value);
  }

  /** A record of the gateway's to show; empty where there is none. */
  get recordId(): string {
    return this.getAttribute("record-id") ?? "";
  }
  set recordId(value: string | null | undefined) {
    this.#reflect("record-id", value);
  }

  /** While it is true nothing can be asked for. */
  get disabled(): boolean {
    return this.hasAttribute("disabled");
  }
  set disabled(value: boolean) {
    this.toggleAttribute("disabled", Boolean(value));
  }

  /** Whether the button's own client may call a gateway by plain `http:`. */
  get allowHttp(): boolean {
    // Some templates write what is false as the text "false"; nobody means by it to do without encryption.
    return (this.getAttribute("allow-http") ?? "false") !== "false";
  }
  set allowHttp(value: boolean) {
    this.#reflect("allow-http", value ? "" : null);
  }

  /** Sets an attribute; frameworks say `undefined` or `null` where there is none. */
  #reflect(name: string, value: string | null | undefined): void {
    if (value === null || value === undefined) this.removeAttribute(name);
    else this.setAttribute(name, value);
  }
}

/**
 * Sets again, through the accessors of its class, what was set on an element before it had that class. Until then a
 * property is one of the element's own, and would hide the accessor for ever.
 */
export function takeOver<E extends HTMLElement>(host: E, names: (keyof E & string)[]): void {
  for (const name of names) {
    if (!Object.hasOwn(host, name)) continue;
    const value = host[name];
    delete host[name];
    host[name] = value;
  }
}
