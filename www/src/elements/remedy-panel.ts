import type { PhoneStory } from "fireblocks-reset-device";
import { REMEDIES } from "fireblocks-reset-device/gateway-api";
import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { shared } from "../styles/shared.ts";

/** What helps after what happened to the phone, step by step. */
@customElement("remedy-panel")
export class RemedyPanel extends LitElement {
  static override styles = [
    shared,
    css`
      div {
        display: grid;
        gap: var(--wa-space-s);
        padding: var(--wa-space-s) var(--wa-space-m);
        border-radius: var(--wa-border-radius-m);
        background: var(--wa-color-brand-fill-quiet);
        color: var(--wa-color-text-normal);
        overflow-wrap: anywhere;
      }

      .instead {
        border-inline-start: 3px solid var(--wa-color-brand-fill-loud);
      }

      ol {
        display: grid;
        gap: 0.375rem;
        padding-inline-start: 1.25rem;
      }
    `,
  ];

  @property() story?: PhoneStory;

  protected override render() {
    if (this.story === undefined) return nothing;
    const { summary, steps, reset } = REMEDIES[this.story];
    return html`<div class=${reset ? "" : "instead"} role="status">
      <p><strong>${summary}</strong></p>
      ${steps.length === 0 ? nothing : html`<ol>${steps.map((step) => html`<li>${step}</li>`)}</ol>`}
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "remedy-panel": RemedyPanel;
  }
}
