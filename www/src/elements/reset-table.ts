import "./time-ago.ts";
import "./tone-badge.ts";
import type { ResetRecord } from "fireblocks-reset-device/gateway-api";
import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { proofLabels } from "../model/decision.ts";
import { endNote } from "../model/due.ts";
import { stateText, whom } from "../model/record.ts";
import { exactTime } from "../model/time.ts";
import { recordPath } from "../router/paths.ts";
import { clockStore } from "../stores/clock.ts";
import { sessionStore } from "../stores/session.ts";
import { Follow } from "../stores/store.ts";
import { shared } from "../styles/shared.ts";
import { listing, tables } from "../styles/tables.ts";
import { breakable } from "./breakable.ts";

/** Resets, one a row; each row leads to its record. Arrow keys move between them. */
@customElement("reset-table")
export class ResetTable extends LitElement {
  static override styles = [
    shared,
    tables,
    listing,
    css`
      /* What the link of a row fills. WebKit does not take a row for it by its position: there the last link filled the page. */
      tbody tr {
        position: relative;
        transform: translate(0);
      }

      tbody tr:hover {
        background: var(--row-hover);
      }

      .name {
        font-size: 0.9375rem;
        font-weight: 570;
        color: inherit;
        text-decoration: none;
      }

      .name::after {
        content: "";
        position: absolute;
        inset: 0;
      }

      .name:focus-visible {
        outline: none;
      }

      tr:has(.name:focus-visible) {
        outline: var(--wa-focus-ring);
        outline-offset: -3px;
      }

      tone-badge {
        white-space: nowrap;
      }

      .asked {
        display: none;
      }

      .address {
        font-size: 0.8125rem;
      }

      th:nth-child(1) {
        inline-size: 26%;
      }

      th:nth-child(2) {
        inline-size: 18.5%;
      }

      th:nth-child(4) {
        inline-size: 24%;
      }

      th:nth-child(5) {
        inline-size: 12%;
      }

      @media (max-width: 52rem) {
        .asked {
          display: inline;
        }

        .whom,
        .why,
        .by {
          grid-column: 1 / -1;
        }

        .by,
        .when {
          color: var(--wa-color-text-quiet);
          font-size: 0.8125rem;
        }

        /* Beside the state, in a line that has room for it. */
        .when {
          order: 1;
          text-align: end;
        }

        .state,
        .when {
          align-self: baseline;
        }

        .why {
          order: 2;
        }

        .by {
          order: 3;
        }
      }
    `,
  ];

  @property({ attribute: false }) resets: readonly ResetRecord[] = [];
  @property() label = "Resets";

  constructor() {
    super();
    new Follow(this, clockStore, sessionStore);
  }

  /** What happens by itself, if nobody does anything. */
  #end(reset: ResetRecord) {
    const note = endNote(reset, clockStore.state, sessionStore.session?.resetsPaused);
    return note && html`<div class="small quiet" title=${exactTime(reset.due?.until ?? 0)}>${note}</div>`;
  }

  #keydown(event: KeyboardEvent): void {
    const links = [...this.renderRoot.querySelectorAll<HTMLElement>(".name")];
    const at = links.indexOf(event.target as HTMLElement);
    const to: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 };
    const link = at === -1 ? undefined : links[to[event.key] ?? -1];
    if (!link) return;
    event.preventDefault();
    link.focus();
  }

  protected override render() {
    return html`<div class="panel">
      <table aria-label=${this.label} @keydown=${this.#keydown}>
        <thead>
          <tr>
            <th scope="col">User</th>
            <th scope="col">State</th>
            <th scope="col">Reason</th>
            <th scope="col">Asked by</th>
            <th scope="col">When</th>
          </tr>
        </thead>
        <tbody>
          ${this.resets.map((reset) => {
            const { label, tone } = stateText(reset);
            return html`<tr>
              <td class="whom">
                <a class="name" href=${recordPath(reset.id)}>${whom(reset)}</a>
                <div class="address quiet">${breakable(reset.userEmail)}</div>
              </td>
              <td class="state">
                <tone-badge tone=${tone}>${label}</tone-badge>
                ${this.#end(reset)}
                ${reset.stale && reset.open ? html`<div class="small quiet">No change for days</div>` : nothing}
              </td>
              <td class="why">${reset.reason ?? ""}${reset.reference ? html`<div class="small quiet">${reset.reference}</div>` : nothing}
                ${reset.proofs.length > 0 ? html`<div class="small quiet">${proofLabels(reset)}</div>` : nothing}
                ${reset.breakGlass && reset.breakGlass.reviewedAt === undefined ? html`<tone-badge tone="danger">Needs a review</tone-badge>` : nothing}</td>
              <td class="by address"><span class="asked">By </span>${breakable(reset.askedBy)}</td>
              <td class="when"><time-ago .at=${reset.createdAt}></time-ago></td>
            </tr>`;
          })}
        </tbody>
      </table>
    </div>`;
  }
}
