import "@awesome.me/webawesome/dist/components/button/button.js";
import { html, LitElement } from "lit";
import { customElement } from "lit/decorators.js";
import { SCREENS } from "../model/screens.ts";
import { shared } from "../styles/shared.ts";

/** For an address that is no screen. */
@customElement("not-found-screen")
export class NotFoundScreen extends LitElement {
  static override styles = [shared];

  protected override render() {
    return html`
      <h1>${SCREENS.notFound.title}</h1>
      <p class="intro">${SCREENS.notFound.intro}</p>
      <div class="actions">
        <wa-button appearance="outlined" href="/">Users</wa-button>
        <wa-button appearance="outlined" href="/resets">History</wa-button>
      </div>
    `;
  }
}
