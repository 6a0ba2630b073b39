import "./time-ago.ts";
import type { RefusedAttempt, UserRow } from "fireblocks-reset-device/gateway-api";
import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { actionLabel, subjectOf, timesText, whyRefused } from "../model/refused.ts";
import { userName } from "../model/user.ts";
import { historyPath, recordPath } from "../router/paths.ts";
import { shared } from "../styles/shared.ts";
import { listing, tables } from "../styles/tables.ts";
import { breakable } from "./breakable.ts";

/** Refused attempts, one a row: who, what, why not, when and how often. */
@customElement("refused-table")
export class RefusedTable extends LitElement {
  static override styles = [
    shared,
    tables,
    listing,
    css`
      th:nth-child(1) {
        inline-size: 26%;
      }

      th:nth-child(2) {
        inline-size: 27%;
      }

      th:nth-child(4) {
        inline-size: 14%;
      }

      .who {
        font-size: 0.8125rem;
      }

      .action {
        font-weight: 570;
      }

      @media (max-width: 52rem) {
        .what {
          order: -1;
        }

        .when {
          order: -1;
          color: var(--wa-color-text-quiet);
          font-size: 0.8125rem;
          text-align: end;
        }

        .who,
        .why {
          grid-column: 1 / -1;
        }
      }
    `,
  ];

  @property({ attribute: false }) attempts: readonly RefusedAttempt[] = [];
  /** By id, to name whom an attempt was about; who is not among them is shown by the id. */
  @property({ attribute: false }) users: readonly UserRow[] = [];

  #subject(attempt: RefusedAttempt) {
    const subject = subjectOf(attempt);
    if (subject === undefined) return nothing;
    if (subject.kind === "record") return html`<a class="small" href=${recordPath(subject.id)}>Its record</a>`;
    const user = this.users.find(({ id }) => id === subject.id);
    return user === undefined
      ? html`<span class="mono">${subject.id}</span>`
      : html`<a class="small" href=${historyPath(subject.id)}>${userName(user)}</a>`;
  }

  protected override render() {
    return html`<div class="panel">
      <table aria-label="Refused attempts">
        <thead>
          <tr>
            <th scope="col">Who</th>
            <th scope="col">What they tried</th>
            <th scope="col">Why it was refused</th>
            <th scope="col">When</th>
          </tr>
        </thead>
        <tbody>
          ${this.attempts.map((attempt) => {
            const times = timesText(attempt);
            return html`<tr>
              <td class="who">${breakable(attempt.actor)}</td>
              <td class="what">
                <div class="action">${actionLabel(attempt)}</div>
                ${this.#subject(attempt)}
              </td>
              <td class="why">${whyRefused(attempt)} <span class="small quiet">(${attempt.code})</span></td>
              <td class="when">
                <time-ago .at=${attempt.lastAt}></time-ago>
                ${times ? html`<div class="small quiet">${times} that day</div>` : nothing}
              </td>
            </tr>`;
          })}
        </tbody>
      </table>
    </div>`;
  }
}
