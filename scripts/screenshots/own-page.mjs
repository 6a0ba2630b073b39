// Requests that Playwright sends past the browser.

/**
 * `page.request` and `route.fetch` lack the headers by which the worker knows its own page, and which a browser adds by
 * itself: gives them the origin that the pages of this context have. To be called before the context has a page.
 *
 * @param {import("@playwright/test").BrowserContext} context
 * @param {string} origin
 */
export function callAsOwnPage(context, origin) {
  /**
   * @template {{ headers?: Record<string, string> }} T
   * @param {import("@playwright/test").Request | undefined} request
   * @param {T} [options]
   */
  const withOrigin = (request, options) => ({
    ...options,
    headers: { ...(options?.headers ?? request?.headers()), origin },
  });
  const { request } = context;
  const send = request.fetch.bind(request);
  request.fetch = (target, options) =>
    send(target, withOrigin(typeof target === "string" ? undefined : target, options));
  context.on("page", (page) => {
    const intercept = page.route.bind(page);
    page.route = (url, handler, options) =>
      intercept(
        url,
        (route, intercepted) => {
          const pass = route.fetch.bind(route);
          route.fetch = (changes) => pass(withOrigin(intercepted, changes));
          return handler(route, intercepted);
        },
        options,
      );
  });
}
