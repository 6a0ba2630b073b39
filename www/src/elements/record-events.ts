import type { ResetEvent } from "fireblocks-reset-device/gateway-api";
import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { eventFacts, eventLabel } from "../model/event.ts";
import { sourceLabel } from "../model/record.ts";
import { exactTime } from "../model/time.ts";
import { shared } from "../styles/shared.ts";
import { tables } from "../styles/tables.ts";
import { breakable } from "./breakable.ts";

/** Every event of a record as it was written, oldest first. */
@customElement("record-events")
export class RecordEvents extends LitElement {
  static override styles = [
    shared,
    tables,
    css`
      th,
      td {
        padding: 0.5rem var(--wa-space-m) 0.5rem 0;
        border-block-end: 1px solid var(--wa-color-surface-border);
      }

      td:first-child {
        font-variant-numeric: tabular-nums;
      }

      th:nth-child(1) {
        inline-size: 12.5rem;
      }

      th:nth-child(3) {
        inline-size: 27%;
      }

      .from {
        font-size: 0.8125rem;
      }

      .facts {
        margin-block-start: 0.125rem;
        list-style: none;
        color: var(--wa-color-text-quiet);
        overflow-wrap: anywhere;
      }

      @media (max-width: 44rem) {
        thead {
          display: none;
        }

        tr {
          display: grid;
          gap: 0.125rem;
          padding-block: 0.625rem;
          border-block-end: 1px solid var(--wa-color-surface-border);
        }

        td {
          padding: 0;
          border: 0;
        }
      }
    `,
  ];

  @property({ attribute: false }) events: readonly ResetEvent[] = [];

  #facts(facts: string[]) {
    if (facts.length === 0) return nothing;
    return html`<ul class="facts" role="list">
      ${facts.map((fact) => html`<li>${breakable(fact)}</li>`)}
    </ul>`;
  }

  protected override render() {
    return html`<table>
      <thead>
        <tr>
          <th scope="col">Time</th>
          <th scope="col">Event</th>
          <th scope="col">From</th>
        </tr>
      </thead>
      <tbody>
        ${this.events.map(
          (event) => html`<tr>
            <td><time datetime=${new Date(event.at).toISOString()}>${exactTime(event.at)}</time></td>
            <td>${eventLabel(event.event)}${this.#facts(eventFacts(event))}</td>
            <td class="from anywhere">${event.actor ? breakable(event.actor) : sourceLabel(event.source)}</td>
          </tr>`,
        )}
      </tbody>
    </table>`;
  }
}
