/** Starts the page. */
import "./elements/icons.ts";
import "./elements/reset-app.ts";
import { startRouter } from "./router/address.ts";
import { sessionStore } from "./stores/session.ts";

startRouter();
void sessionStore.load();
