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
      <h1>There is nothing here</h1>
      <p class="intro">The address is not one of this page. Nothing has happened.</p>
      <wa-button appearance="outlined" href="/">Go to the users</wa-button>
    `;
  }
}
