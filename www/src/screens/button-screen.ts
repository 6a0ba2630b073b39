import "../elements/copy-button.ts";
import { css, html, LitElement } from "lit";
import { customElement } from "lit/decorators.js";
import { shared } from "../styles/shared.ts";

/** The package's button: live, with code to copy. */
@customElement("button-screen")
export class ButtonScreen extends LitElement {
  static override styles = [shared, css``];

  protected override render() {
    return html`<h1>Button</h1>`;
  }
}
