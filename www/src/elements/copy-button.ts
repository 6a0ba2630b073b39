import "@awesome.me/webawesome/dist/components/button/button.js";
import { css, html, LitElement } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { shared } from "../styles/shared.ts";

/** Copies a text, and says so. */
@customElement("copy-button")
export class CopyButton extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: inline-block;
      }
    `,
  ];

  @property() value = "";
  /** What is copied, for the button's name. */
  @property() label = "Copy";
  /** Shows the icon alone. */
  @property({ type: Boolean }) compact = false;
  @state() private result: "" | "done" | "failed" = "";

  async #copy() {
    try {
      await navigator.clipboard.writeText(this.value);
      this.result = "done";
    } catch {
      this.result = "failed";
    }
    setTimeout(() => {
      this.result = "";
    }, 2500);
  }

  protected override render() {
    const icon = html`<wa-icon
      slot=${this.compact ? "" : "start"}
      library="system"
      name=${this.result === "done" ? "check" : "copy"}
      label=${this.compact ? this.label : ""}
    ></wa-icon>`;
    const words = this.result === "done" ? "Copied" : this.result === "failed" ? "Could not copy" : this.label;
    return html`
      <wa-button size="s" appearance=${this.compact ? "plain" : "outlined"} title=${this.compact ? words : ""} @click=${this.#copy}>
        ${icon}${this.compact ? "" : words}
      </wa-button>
      <span class="visually-hidden" role="status">${this.result ? words : ""}</span>
    `;
  }
}
