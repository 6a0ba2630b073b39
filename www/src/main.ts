/** Starts the page. */
import "./elements/icons.ts";
import "./elements/reset-app.ts";
import { startRouter } from "./router/address.ts";
import { sessionStore } from "./stores/session.ts";

startRouter();
// The theme does not hold up the first paint; without it the page is plain, but works.
void sessionStore.load(import("./styles/theme.css"));
