import "./time-ago.ts";
import "./tone-badge.ts";
import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { ResetRecord } from "worker/api";
import { stateText } from "../model/record.ts";
import { recordPath } from "../router/routes.ts";
import { shared } from "../styles/shared.ts";
import { breakable } from "./breakable.ts";

/** Resets, one a row; each row leads to its record. Arrow keys move between them. */
@customElement("reset-table")
export class ResetTable extends LitElement {
  static override styles = [
    shared,
    css`
      .panel {
        overflow: clip;
      }

      table {
        inline-size: 100%;
        border-collapse: collapse;
        table-layout: fixed;
        font-size: 0.875rem;
      }

      th {
        padding: 0.625rem 0.75rem;
        color: var(--wa-color-text-quiet);
        font-size: 0.8125rem;
        font-weight: 550;
        text-align: start;
      }

      td {
        padding: 0.75rem;
        border-block-start: 1px solid var(--wa-color-surface-border);
        vertical-align: top;
        overflow-wrap: anywhere;
      }

      :is(th, td):first-child {
        padding-inline-start: var(--wa-space-m);
      }

      tbody tr {
        position: relative;
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
        thead {
          display: none;
        }

        .asked {
          display: inline;
        }

        tr {
          display: grid;
          grid-template-columns: minmax(0, 1fr) auto;
          gap: 0.25rem var(--wa-space-s);
          padding: 0.75rem var(--wa-space-m);
          border-block-start: 1px solid var(--wa-color-surface-border);
        }

        tbody tr:first-child {
          border: 0;
        }

        td,
        td:first-child {
          padding: 0;
          border: 0;
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
          align-self: center;
          text-align: end;
        }

        .why {
          order: 2;
        }

        .by {
          order: 3;
        }
      }

      @media print {
        tr {
          break-inside: avoid;
        }
      }
    `,
  ];

  @property({ attribute: false }) resets: readonly ResetRecord[] = [];
  @property() label = "Resets";

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
                <a class="name" href=${recordPath(reset.id)}>${reset.userName ?? reset.userEmail ?? reset.userId}</a>
                <div class="address quiet">${breakable(reset.userEmail)}</div>
              </td>
              <td class="state">
                <tone-badge tone=${tone}>${label}</tone-badge>
                ${reset.stale && reset.open ? html`<div class="small quiet">No change for days</div>` : nothing}
              </td>
              <td class="why">${reset.reason ?? ""}${reset.reference ? html`<div class="small quiet">${reset.reference}</div>` : nothing}</td>
              <td class="by address"><span class="asked">By </span>${breakable(reset.askedBy)}</td>
              <td class="when"><time-ago .at=${reset.createdAt}></time-ago></td>
            </tr>`;
          })}
        </tbody>
      </table>
    </div>`;
  }
}
