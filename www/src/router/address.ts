/** The address bar as the page's state: read it, follow it, change it. */

export interface Address {
  path: string;
  query: URLSearchParams;
}

/** Whether the page was opened by its address or a link, and not loaded again where somebody was already. */
export function isOpening(): boolean {
  const [entry] = performance.getEntriesByType("navigation");
  return entry instanceof PerformanceNavigationTiming && entry.type === "navigate";
}

type Listener = (address: Address) => void;

const listeners = new Set<Listener>();

export function address(): Address {
  return { path: location.pathname, query: new URLSearchParams(location.search) };
}

function announce(): void {
  const now = address();
  for (const listener of listeners) listener(now);
}

/** Calls `listener` whenever the address changes. Returns the way to stop. */
export function onAddress(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Goes to `target`, a path of this page. `replace` leaves no entry to go back to. */
export function navigate(target: string, { replace = false } = {}): void {
  if (target === location.pathname + location.search) return;
  if (replace) history.replaceState(history.state, "", target);
  else history.pushState(null, "", target);
  announce();
}

/** The present address with some of its query changed; an empty value takes the name away. */
export function withQuery(changes: Readonly<Record<string, string | undefined>>): string {
  const { path, query } = address();
  for (const [name, value] of Object.entries(changes)) {
    if (value) query.set(name, value);
    else query.delete(name);
  }
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

/** The link that a click should follow inside the page, if it is one. */
function inPageLink(event: MouseEvent): HTMLAnchorElement | undefined {
  const modified = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
  if (event.defaultPrevented || event.button !== 0 || modified) return;
  const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement);
  if (!link?.href || link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
  // The worker's and Access's own paths are not screens.
  if (/^\/(api|v1|cdn-cgi)\//.test(link.pathname)) return;
  return link;
}

/** Starts to follow the back button and the clicks on links. Called once. */
export function startRouter(): void {
  addEventListener("popstate", announce);
  addEventListener("click", (event) => {
    const link = inPageLink(event);
    if (!link) return;
    event.preventDefault();
    navigate(link.pathname + link.search);
    // A hash inside the same screen (the skip link) stays the browser's affair.
    if (link.hash) location.hash = link.hash;
  });
}
