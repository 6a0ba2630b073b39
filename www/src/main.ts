/** Starts the page. */
import "./elements/reset-app.ts";
import { address, startRouter } from "./router/address.ts";
import { screenFor } from "./router/routes.ts";
import { sessionStore } from "./stores/session.ts";

startRouter();
// The screen's code comes while the session is asked for. A failed load is met, and told, when the screen is opened.
screenFor(address())
  .load()
  .catch(() => undefined);
// Neither the theme nor the icons hold up the first paint. Nothing of theirs is drawn before both have come; without
// them the page is plain, but works.
void sessionStore.load(Promise.allSettled([import("./styles/theme.css"), import("./elements/icons.ts")]));
