import "./elsewhere-verdict.ts";
import "./time-ago.ts";
import type { ElsewhereReset } from "fireblocks-reset-device/gateway-api";
import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { ELSEWHERE, elsewhereSeen, elsewhereTitle } from "../model/elsewhere.ts";
import type { ElsewhereStore } from "../stores/elsewhere.ts";
import { helpStyles } from "../styles/help.ts";
import { shared } from "../styles/shared.ts";
import { breakable } from "./breakable.ts";

/** Resets that were possibly made elsewhere: what was seen of each, and the way to say whether it is known. */
@customElement("elsewhere-list")
export class ElsewhereList extends LitElement {
  static override styles = [
    shared,
    helpStyles,
    css`
      ul {
        list-style: none;
      }

      .entry {
        display: grid;
        gap: var(--wa-space-xs);
        padding: var(--wa-space-s) var(--wa-space-m);
        border-inline-start: 3px solid var(--wa-color-warning-fill-loud);
      }

      .entry.own-key {
        border-inline-start-color: var(--wa-color-danger-fill-loud);
      }

      .entry:not(:last-child) {
        border-block-end: 1px solid var(--wa-color-surface-border);
      }
    `,
  ];

  @property({ attribute: false }) resets: readonly ElsewhereReset[] = [];
  @property({ attribute: false }) store!: ElsewhereStore;

  #entry(reset: ElsewhereReset) {
    const byOurKey = reset.request?.byOurKey === true;
    return html`<li class="entry ${byOurKey ? "own-key" : ""}">
      <h3 class="anywhere">${breakable(elsewhereTitle(reset))}</h3>
      <p class="small quiet">Seen <time-ago .at=${reset.seenAt}></time-ago></p>
      ${
        byOurKey
          ? html`<div class="caution danger measure" role="note">
              <wa-icon name="exclamation-triangle"></wa-icon>
              <p><strong>${ELSEWHERE.ownKey}</strong></p>
            </div>`
          : nothing
      }
      ${elsewhereSeen(reset).map((sentence) => html`<p class="measure anywhere">${breakable(sentence)}</p>`)}
      <elsewhere-verdict class="no-print" .reset=${reset} .store=${this.store}></elsewhere-verdict>
    </li>`;
  }

  protected override render() {
    return html`<ul class="panel" role="list">
      ${repeat(
        this.resets,
        ({ id }) => id,
        (reset) => this.#entry(reset),
      )}
    </ul>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "elsewhere-list": ElsewhereList;
  }
}
