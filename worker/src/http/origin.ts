/**
 * Whether a request comes from this site's own pages, or from an origin that was allowed.
 *
 * @module
 */

/** What the rules look at. */
export interface Provenance {
  method: string;
  /** The worker's own origin, as the request reached it. */
  ownOrigin: string;
  origin: string | null;
  secFetchSite: string | null;
  serviceToken: boolean;
  allowedOrigins: ReadonlySet<string>;
}

/** Neither of the two headers came along, of which a current browser sends one with every request. */
export function isFromNowhere({ origin, secFetchSite }: Provenance): boolean {
  return origin === null && secFetchSite === null;
}

/**
 * True where the API may be called, to act or to read. Fetch metadata cannot be set by a page's script, and `Origin`
 * goes with every cross-site POST, whether it has a body or not. A request with neither header was not made by a current
 * browser: no sign-in of a person can be trusted to be behind it, but a service token, which no browser holds, may.
 */
export function mayCall(request: Provenance): boolean {
  const { origin, secFetchSite } = request;
  if (isFromNowhere(request)) return request.serviceToken;
  if (origin !== null && request.allowedOrigins.has(origin)) return true;
  if (origin !== null && origin !== request.ownOrigin) return false;
  if (secFetchSite === null || secFetchSite === "same-origin") return true;
  // `none`: the address was typed or bookmarked, which can only ever read.
  return secFetchSite === "none" && (request.method === "GET" || request.method === "HEAD");
}
