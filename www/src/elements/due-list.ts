import "./tone-badge.ts";
import type { ResetRecord } from "fireblocks-reset-device/gateway-api";
import { css, html, LitElement } from "lit";
import { customElement, property } from "lit/decorators.js";
import { dueText, isDueLater } from "../model/due.ts";
import { stateText, whom } from "../model/record.ts";
import { recordPath } from "../router/paths.ts";
import { clockStore } from "../stores/clock.ts";
import { Follow } from "../stores/store.ts";
import { entries } from "../styles/screens.ts";
import { shared } from "../styles/shared.ts";
import { breakable } from "./breakable.ts";

/** Resets that go on in Fireblocks: whom each waits for, and until when. */
@customElement("due-list")
export class DueList extends LitElement {
  static override styles = [
    shared,
    entries,
    css`
      .what {
        flex: 1 1 16rem;
        min-inline-size: 0;
      }
    `,
  ];

  @property({ attribute: false }) resets: readonly ResetRecord[] = [];

  constructor() {
    super();
    new Follow(this, clockStore);
  }

  protected override render() {
    return html`<ol class="panel" role="list">
      ${this.resets.filter(isDueLater).map((reset) => {
        const { label, tone } = stateText(reset);
        return html`<li>
          <div class="what anywhere">
            <a href=${recordPath(reset.id)}>${whom(reset)}</a>
            <p class="small">${breakable(dueText(reset, clockStore.state))}</p>
          </div>
          <tone-badge tone=${tone}>${label}</tone-badge>
        </li>`;
      })}
    </ol>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "due-list": DueList;
  }
}
