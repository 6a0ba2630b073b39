/** The gateway of a page: its address as the `base-path` attribute gives it, and the page's cookies. */
import { Gateway } from "../gateway.js";
import type { ButtonClient } from "./events.js";

/**
 * `fetch` with the cookies that the gateway's sign-in needs.
 *
 * A gateway on another origin gets them too (`include`), because its sign-in is a cookie. The browser lets the page
 * read the answer only where that gateway's allowlist names the page's origin
 * (`Access-Control-Allow-Origin` with `Access-Control-Allow-Credentials`).
 */
function fetchFor({ origin }: URL): typeof fetch {
  const credentials = origin === location.origin ? "same-origin" : "include";
  return (input, init) => fetch(input, { ...init, credentials });
}

/** The address that a page means by a path. */
function addressOf(basePath: string): URL {
  return new URL(basePath, document.baseURI);
}

/** Reads beside Fireblocks' own paths, for the `base-path` of a page. */
export function gatewayFor(basePath: string): Gateway {
  const address = addressOf(basePath);
  return new Gateway(address, fetchFor(address));
}

/** A client for the same gateway: at the same address, also where the page has a `<base>`. */
export async function connect(basePath: string, allowHttp: boolean): Promise<ButtonClient> {
  const address = addressOf(basePath);
  // On first use: a page that shows the button pays for the client when somebody presses it.
  const { createClient } = await import("../index.js");
  return createClient({ basePath: address.href, fetch: fetchFor(address), allowHttp });
}

/** What to look at when a gateway did not answer, where the page cannot tell the causes apart. */
export function hintFor(basePath: string, status: number): string {
  if (status !== 0 || addressOf(basePath).origin === location.origin) return "";
  return `It may be down, or its list of allowed origins does not name ${location.origin}.`;
}
