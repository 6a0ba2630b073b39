import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { ResetEvent } from "worker/api";
import { RECORD_STATES, sourceLabel, stateLabel } from "../model/record.ts";
import { count, exactTime } from "../model/time.ts";
import { shared } from "../styles/shared.ts";
import { breakable } from "./breakable.ts";

const EVENTS: Readonly<Record<string, string>> = {
  attempt: "Attempt to send",
  released: "Released by a second person",
  noAnswer: "No answer came",
  lateAnswer: "A late answer came",
  answered: "Answer",
  notified: "Notification sent",
};

function eventLabel(event: string): string {
  const state = RECORD_STATES.find((name) => name === event);
  if (state) return stateLabel(state).label;
  const text = words(event);
  return EVENTS[event] ?? text.charAt(0).toUpperCase() + text.slice(1);
}

/** `requestId` → `request id`. */
const words = (name: string): string => name.replaceAll(/([A-Z])/g, " $1").toLowerCase();

function factText(name: string, value: string | number | boolean | null): string {
  if (typeof value === "number" && name.endsWith("At")) return `${words(name)} ${exactTime(value)}`;
  if (typeof value === "number" && name.endsWith("Ms")) return `${words(name.slice(0, -2))} ${count(value)} ms`;
  return `${words(name)}: ${value}`;
}

const detailText = (detail: ResetEvent["detail"]): string =>
  Object.entries(detail ?? {})
    .filter(([, value]) => value !== null)
    .map(([name, value]) => factText(name, value))
    .join(" · ");

/** Every event of a record as it was written, oldest first. */
@customElement("record-events")
export class RecordEvents extends LitElement {
  static override styles = [
    shared,
    css`
      table {
        inline-size: 100%;
        border-collapse: collapse;
        table-layout: fixed;
        font-size: 0.875rem;
      }

      th,
      td {
        padding: 0.5rem var(--wa-space-m) 0.5rem 0;
        border-block-end: 1px solid var(--wa-color-surface-border);
        text-align: start;
        vertical-align: top;
      }

      th {
        color: var(--wa-color-text-quiet);
        font-weight: 550;
      }

      td:first-child {
        font-variant-numeric: tabular-nums;
      }

      th:nth-child(1) {
        inline-size: 11.5rem;
      }

      th:nth-child(2) {
        inline-size: 22%;
      }

      th:nth-child(3) {
        inline-size: 25%;
      }

      .detail {
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

        td:empty {
          display: none;
        }
      }
    `,
  ];

  @property({ attribute: false }) events: readonly ResetEvent[] = [];

  protected override render() {
    return html`<table>
      <thead>
        <tr>
          <th scope="col">Time</th>
          <th scope="col">Event</th>
          <th scope="col">From</th>
          <th scope="col">Detail</th>
        </tr>
      </thead>
      <tbody>
        ${this.events.map(
          ({ at, event, source, actor, detail }) => html`<tr>
            <td><time datetime=${new Date(at).toISOString()}>${exactTime(at)}</time></td>
            <td>${eventLabel(event)}</td>
            <td class="anywhere">${actor ? breakable(actor) : sourceLabel(source)}</td>
            <td class="detail">${detailText(detail) || nothing}</td>
          </tr>`,
        )}
      </tbody>
    </table>`;
  }
}
