import "./copy-button.ts";
import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { ResetRecord } from "worker/api";
import { exactTime } from "../model/time.ts";
import { roleLabel, statusKeyLabel } from "../model/user.ts";
import { shared } from "../styles/shared.ts";
import { breakable } from "./breakable.ts";

/** A label inside a sentence; Fireblocks keeps its capital. */
const inSentence = (label: string): string =>
  label.startsWith("Fireblocks") ? label : label.charAt(0).toLowerCase() + label.slice(1);

/** Who, for whom, why, and the numbers for support. */
@customElement("record-facts")
export class RecordFacts extends LitElement {
  static override styles = [
    shared,
    css`
      dl {
        display: grid;
        gap: var(--wa-space-m);
        font-size: 0.9375rem;
      }

      dt {
        color: var(--wa-color-text-quiet);
        font-size: 0.8125rem;
      }

      dd {
        overflow-wrap: anywhere;
      }

      .copy {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 0.5rem;
      }

      dd.mono {
        letter-spacing: -0.02em;
      }

      .all {
        margin-block-start: var(--wa-space-m);
      }

      .given {
        white-space: pre-wrap;
      }
    `,
  ];

  @property({ attribute: false }) record?: ResetRecord;

  #copyable(label: string, value: string | undefined) {
    return value === undefined
      ? nothing
      : html`<div>
          <dt class="copy">
            ${label}<copy-button class="no-print" compact label=${`Copy ${inSentence(label)}`} .value=${value}></copy-button>
          </dt>
          <dd class="mono">${value}</dd>
        </div>`;
  }

  #plain(label: string, value: unknown) {
    return value === undefined || value === ""
      ? nothing
      : html`<div>
          <dt>${label}</dt>
          <dd class="given">${value}</dd>
        </div>`;
  }

  protected override render() {
    const { record } = this;
    if (!record) return nothing;
    return html`<dl>
      ${this.#plain("Asked by", breakable(record.askedBy))}${this.#plain("Asked on", exactTime(record.createdAt))}
      ${this.#plain("Released by", record.releasedBy && breakable(record.releasedBy))}
      ${this.#plain("Identity verified by", record.verifiedBy)}${this.#plain("Reason", record.reason)}
      ${this.#plain("Reference", record.reference)}
      ${this.#plain("Role at the time", record.userRole && roleLabel(record.userRole))}
      ${this.#plain("Status before", record.statusBefore && statusKeyLabel(record.statusBefore))}
      ${this.#plain("Attempts", record.attempts || undefined)}
      ${this.#copyable("Fireblocks request id", record.requestId)}
      ${this.#copyable("Idempotency key at Fireblocks", record.upstreamKey)}
      ${this.#copyable("Record id", record.id)}${this.#copyable("User id", record.userId)}
    </dl>
    <p class="all small no-print"><a href=${`/resets?userId=${encodeURIComponent(record.userId)}`}>All resets of this user</a></p>`;
  }
}
