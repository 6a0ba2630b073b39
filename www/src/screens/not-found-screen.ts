import "@awesome.me/webawesome/dist/components/button/button.js";
import { html, LitElement } from "lit";
import { customElement } from "lit/decorators.js";
import { shared } from "../styles/shared.ts";

/** For an address that is no screen. */
@customElement("not-found-screen")
export class NotFoundScreen extends LitElement {
  static override styles = [shared];

  protected override render() {
    return html`
      <h1>Page not found</h1>
      <p class="intro">No screen has this address. The link may be incomplete. Nothing was sent or changed.</p>
      <div class="actions">
        <wa-button appearance="outlined" href="/">Users</wa-button>
        <wa-button appearance="outlined" href="/resets">History</wa-button>
      </div>
    `;
  }
}
