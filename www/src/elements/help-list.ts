import "./time-ago.ts";
import "./tone-badge.ts";
import type { HelpPage } from "fireblocks-reset-device/gateway-api";
import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { becauseText, helpState, whose } from "../model/help.ts";
import { helpPath } from "../router/paths.ts";
import { entries } from "../styles/screens.ts";
import { shared } from "../styles/shared.ts";
import { breakable } from "./breakable.ts";

/** The people who ask for help. */
@customElement("help-list")
export class HelpList extends LitElement {
  static override styles = [
    shared,
    entries,
    css`
      ul {
        margin-block-end: var(--wa-space-l);
      }

      .who {
        min-inline-size: 0;
      }
    `,
  ];

  @property({ attribute: false }) requests: HelpPage["requests"] = [];

  protected override render() {
    return html`<ul class="panel" role="list">
      ${this.requests.map((request) => {
        const { label, tone } = helpState(request);
        const because = becauseText(request.because);
        return html`<li>
          <div class="who anywhere">
            <a href=${helpPath(request.id)}>${whose(request)}</a>
            <span class="small quiet">${breakable(request.userEmail)}</span>
            ${because ? html`<p class="small quiet">${because}</p>` : nothing}
          </div>
          <div><tone-badge tone=${tone}>${label}</tone-badge> <span class="small quiet"><time-ago .at=${request.createdAt}></time-ago></span></div>
        </li>`;
      })}
    </ul>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "help-list": HelpList;
  }
}
