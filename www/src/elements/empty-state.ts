import { css, html, LitElement } from "lit";
import { customElement, property } from "lit/decorators.js";
import { shared } from "../styles/shared.ts";

/** What stands where there is nothing to list: why, and in the slot what to do about it. */
@customElement("empty-state")
export class EmptyState extends LitElement {
  static override styles = [
    shared,
    css`
      .panel {
        display: grid;
        justify-items: center;
        gap: var(--wa-space-s);
        padding: var(--wa-space-4xl) var(--wa-space-l);
        text-align: center;
      }

      wa-icon {
        font-size: 1.75rem;
        color: var(--wa-color-text-quiet);
      }

      wa-icon[name="check-circle"] {
        color: var(--wa-color-success-50);
      }
    `,
  ];

  @property() icon = "";
  @property() heading = "";
  @property() sentence = "";

  protected override render() {
    return html`<div class="panel">
      <wa-icon name=${this.icon}></wa-icon>
      <h2>${this.heading}</h2>
      <p class="quiet">${this.sentence}</p>
      <slot></slot>
    </div>`;
  }
}
