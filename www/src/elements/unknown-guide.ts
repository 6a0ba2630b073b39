import "./copy-button.ts";
import type { ResetRecord } from "fireblocks-reset-device/gateway-api";
import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { seenSince, supportDetails, UNKNOWN, unknownSteps } from "../model/unknown.ts";
import { sessionStore } from "../stores/session.ts";
import { Follow } from "../stores/store.ts";
import { shared } from "../styles/shared.ts";

/** For a reset whose outcome nobody knows: what that means, and how to find out. Calm. */
@customElement("unknown-guide")
export class UnknownGuide extends LitElement {
  static override styles = [
    shared,
    css`
      section {
        border-inline-start: 3px solid var(--wa-color-warning-fill-loud);
      }

      ol {
        display: grid;
        gap: var(--wa-space-s);
        padding-inline-start: 1.375rem;
      }
    `,
  ];

  @property({ attribute: false }) record!: ResetRecord;

  constructor() {
    super();
    new Follow(this, sessionStore);
  }

  protected override render() {
    const { record } = this;
    const { session } = sessionStore;
    const seen = seenSince(record);
    return html`<section class="panel box">
      <h2>${UNKNOWN.title}</h2>
      <p>${UNKNOWN.meaning}</p>
      ${seen === undefined ? nothing : html`<p>${seen}</p>`}
      <p><strong>${UNKNOWN.rule}</strong> ${UNKNOWN.why}</p>
      <ol>
        ${unknownSteps(record, session).map((step) => html`<li>${step}</li>`)}
      </ol>
      <div class="actions no-print">
        <copy-button label="Copy details for support" .value=${supportDetails(record, session)}></copy-button>
      </div>
      <slot></slot>
    </section>`;
  }
}
