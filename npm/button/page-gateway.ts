/** The gateway of a page: its address as the `base-path` attribute gives it, and the page's cookies. */
import { Gateway } from "../gateway.js";

/**
 * `fetch` with the cookies that the gateway's sign-in needs.
 *
 * A gateway on another origin gets them too (`include`), because its sign-in is a cookie. The browser lets the page
 * read the answer only where that gateway's allowlist names the page's origin
 * (`Access-Control-Allow-Origin` with `Access-Control-Allow-Credentials`).
 */
export function fetchFor(basePath: string): typeof fetch {
  const { origin } = new URL(basePath, document.baseURI);
  const credentials = origin === location.origin ? "same-origin" : "include";
  return (input, init) => fetch(input, { ...init, credentials });
}

/** Reads beside Fireblocks' own paths, for the `base-path` of a page. */
export function gatewayFor(basePath: string): Gateway {
  return new Gateway(new URL(basePath, document.baseURI), fetchFor(basePath));
}

/** What to look at when a gateway did not answer, where the page cannot tell the causes apart. */
export function hintFor(basePath: string, status: number): string {
  const { origin } = new URL(basePath, document.baseURI);
  if (status !== 0 || origin === location.origin) return "";
  return `It may be down, or its list of allowed origins does not name ${location.origin}.`;
}
