import "@awesome.me/webawesome/dist/components/button/button.js";
import type { ResetDemands } from "fireblocks-reset-device/gateway-api";
import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { blockedTexts, NEEDS } from "../model/demands.ts";
import { recordPath } from "../router/paths.ts";
import { dialogContent } from "../styles/reset-dialog.ts";
import { shared } from "../styles/shared.ts";

/** Says why no reset of this user would be taken now, and leads to the one that comes first. Dispatches `cancel`. */
@customElement("blocked-reset")
export class BlockedReset extends LitElement {
  static override styles = [
    shared,
    dialogContent,
    css`
      .warning {
        grid-template-columns: minmax(0, 1fr);
        gap: var(--wa-space-xs);
        padding: var(--wa-space-m);
        overflow-wrap: anywhere;
      }

      /* It is read to its end first: nothing lies over it. */
      .buttons {
        position: static;
        margin: 0;
        padding: 0;
        border: 0;
      }

      .buttons::before {
        display: none;
      }
    `,
  ];

  @property({ attribute: false }) demands!: ResetDemands;
  /** Whose reset it would be. */
  @property() name = "";

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>(".warning")?.focus();
  }

  protected override render() {
    const texts = blockedTexts(this.name, this.demands);
    if (!texts) return nothing;
    const { title, what, next } = texts;
    const recordId = this.demands.blocked?.recordId;
    return html`<div class="stack">
      <section class="warning" tabindex="-1" aria-labelledby="blocked">
        <h3 id="blocked">${title}</h3>
        <p>${what}</p>
        ${next ? html`<p>${next}</p>` : nothing}
      </section>
      <div class="buttons">
        <wa-button appearance="outlined" @click=${() => this.dispatchEvent(new Event("cancel"))}>Close</wa-button>
        ${
          recordId === undefined
            ? nothing
            : html`<wa-button variant="brand" href=${recordPath(recordId)}>${NEEDS.openOther}</wa-button>`
        }
      </div>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "blocked-reset": BlockedReset;
  }
}
