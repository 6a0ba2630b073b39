import "./copy-button.ts";
import type { ResetRecord } from "fireblocks-reset-device/gateway-api";
import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { proofLines } from "../model/decision.ts";
import { RULES, ruleNames, storyLabel } from "../model/demands.ts";
import { exactTime } from "../model/time.ts";
import { capital, roleLabel, statusKeyLabel } from "../model/user.ts";
import { helpPath, historyPath } from "../router/paths.ts";
import { facts } from "../styles/facts.ts";
import { shared } from "../styles/shared.ts";
import { breakable } from "./breakable.ts";

/** A label inside a sentence; Fireblocks keeps its capital. */
const inSentence = (label: string): string =>
  label.startsWith("Fireblocks") ? label : label.charAt(0).toLowerCase() + label.slice(1);

const TOLD = { told: "The person was told", notTold: "The person could not be told" } as const;

/** Who, for whom, why, and the numbers for support. */
@customElement("record-facts")
export class RecordFacts extends LitElement {
  static override styles = [
    shared,
    facts,
    css`
      dl {
        font-size: 0.9375rem;
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

      .meaning {
        display: block;
      }

      .all {
        margin-block-start: var(--wa-space-m);
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
          <dd>${value}</dd>
        </div>`;
  }

  #proofs(record: ResetRecord) {
    const lines = proofLines(record);
    if (lines.length === 0) return nothing;
    return html`<div>
      <dt>Identity proven by</dt>
      ${lines.map(({ title, meaning }) => html`<dd>${title}<span class="small quiet meaning">${meaning}</span></dd>`)}
    </div>`;
  }

  protected override render() {
    const { record } = this;
    if (!record) return nothing;
    return html`<dl>
      ${this.#plain("Asked by", breakable(record.askedBy))}${this.#plain("Asked on", exactTime(record.createdAt))}
      ${this.#plain("Released by", record.releasedBy && breakable(record.releasedBy))}
      ${this.#proofs(record)}
      ${this.#plain("Request for help", record.helpRequestId && html`<a href=${helpPath(record.helpRequestId)}>How both sides were proven</a>`)}
      ${this.#plain("What happened", record.because && storyLabel(record.because))}
      ${this.#plain("Reason", record.reason)}
      ${this.#plain("Reference", record.reference)}
      ${this.#plain(RULES, record.demands && capital(ruleNames(record.demands)))}
      ${this.#plain("Not sent before", record.state === "waiting" && record.leavesAt ? exactTime(record.leavesAt) : undefined)}
      ${this.#plain("Role at the time", record.userRole && roleLabel(record.userRole))}
      ${this.#plain("Status before", record.statusBefore && statusKeyLabel(record.statusBefore))}
      ${this.#plain("Told by mail", record.told && TOLD[record.told])}
      ${this.#plain("Attempts", record.attempts || undefined)}
      ${this.#copyable("Fireblocks request id", record.requestId)}
      ${this.#copyable("Idempotency key at Fireblocks", record.upstreamKey)}
      ${this.#copyable("Record id", record.id)}${this.#copyable("User id", record.userId)}
    </dl>
    <p class="all small no-print"><a href=${historyPath(record.userId)}>All resets of this user</a></p>`;
  }
}
