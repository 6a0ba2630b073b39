import { css, html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { buttons } from "../styles/buttons.ts";
import { shared } from "../styles/shared.ts";

/** Copies a text, and says so. */
@customElement("copy-button")
export class CopyButton extends LitElement {
  static override styles = [
    shared,
    buttons,
    css`
      :host {
        display: inline-block;
      }

      /* Among buttons that fill a narrow dialog it does so, too. */
      .button {
        inline-size: 100%;
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
    const words = this.result === "done" ? "Copied" : this.result === "failed" ? "Could not copy" : this.label;
    return html`
      <button
        class="button ${this.compact ? "plain" : ""}"
        type="button"
        title=${this.compact ? words : nothing}
        aria-label=${this.compact ? this.label : nothing}
        @click=${this.#copy}
      >
        <wa-icon library="system" name=${this.result === "done" ? "check" : "copy"}></wa-icon>${this.compact ? "" : words}
      </button>
      <span class="visually-hidden" role="status">${this.result ? words : ""}</span>
    `;
  }
}
