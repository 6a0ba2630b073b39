/**
 * What a person reads where the page itself is not given out: one page without a script, in one answer.
 *
 * @module
 */
import type { MiddlewareHandler } from "hono";
import { html, raw } from "hono/html";
import type { GatewayError } from "../errors";
import type { GatewayContext, GatewayEnv } from "./context";

/** Colours and measures are those of the admin page (www/src/styles), in its light and its dark. */
const STYLE = `
:root { color-scheme: light dark; --page: #f7f8fa; --panel: #fff; --edge: #e2e5eb; --text: #1b1d26; --accent: #4a57df; }
@media (prefers-color-scheme: dark) {
  :root { --page: #101217; --panel: #171a21; --edge: #2b303b; --text: #eceef3; }
}
body { margin: 0; background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 44rem; margin: 0 auto; padding: 8vh 1rem 2rem; }
.brand { margin: 0 0 1rem; font-weight: 680; }
section { padding: 1.5rem; border: 1px solid var(--edge); border-radius: 0.375rem; background: var(--panel); }
h1 { margin: 0 0 0.5rem; font-size: 1.5rem; line-height: 1.2; }
p { margin: 0; max-width: 40rem; }
a { display: inline-block; margin-top: 1.25rem; padding: 0.625rem 1rem; border-radius: 0.375rem; }
a { background: var(--accent); color: #fff; text-decoration: none; }
a:focus-visible { outline: 2px solid var(--text); outline-offset: 2px; }
@media (forced-colors: active) { a { border: 1px solid; } }
`;

/** Lets a notice use its style sheet, by the hash. Stands before the guard that sets the policy of all answers. */
export const allowNoticeStyle: MiddlewareHandler<GatewayEnv> = async (c, next) => {
  await next();
  const style = c.get("noticeStyle");
  const policy = c.res.headers.get("Content-Security-Policy");
  if (style === undefined || policy === null) return;
  c.header("Content-Security-Policy", policy.replace(/style-src [^;]*/, `style-src 'self' ${style}`));
};

/** The error as a page: its sentence, and the way to sign in where that is what is missing. */
export async function noticePage(c: GatewayContext, error: GatewayError): Promise<Response> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(STYLE));
  c.set("noticeStyle", `'sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}'`);
  const { signInUrl } = error.details;
  const title = error.status === 401 ? "You are signed out" : "This page cannot be shown";
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title} · Device resets</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<main>
<p class="brand">Device resets</p>
<section>
<h1>${title}</h1>
<p>${error.message}</p>
${signInUrl === undefined ? "" : html`<a href="${signInUrl}">Sign in</a>`}
</section>
</main>
</body>
</html>
`;
  return c.html(page, error.status as 500);
}
