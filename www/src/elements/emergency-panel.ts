import "./problem-panel.ts";
import "./reason-form.ts";
import "./time-ago.ts";
import type { ResetRecord } from "fireblocks-reset-device/gateway-api";
import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { EMERGENCY_TITLE, mayReview, REASONS, reviewText } from "../model/decision.ts";
import { clockStore } from "../stores/clock.ts";
import { forgetWords } from "../stores/drafts.ts";
import type { RecordStore } from "../stores/record.ts";
import { sessionStore } from "../stores/session.ts";
import { Follow } from "../stores/store.ts";
import { shared } from "../styles/shared.ts";

/**
 * A record whose demands were passed over: why, and the look that somebody else takes at it. Dispatches `decided` once that
 * is done.
 */
@customElement("emergency-panel")
export class EmergencyPanel extends LitElement {
  static override styles = [
    shared,
    css`
      section {
        display: grid;
        gap: var(--wa-space-s);
        padding: var(--wa-space-m);
        border-inline-start: 3px solid var(--wa-color-danger-fill-loud);
        background: var(--wa-color-danger-fill-quiet);
      }

      section.reviewed {
        border-color: var(--wa-color-neutral-border-loud);
        background: var(--wa-color-surface-lowered);
      }

      p {
        overflow-wrap: anywhere;
        max-inline-size: 42rem;
      }
    `,
  ];

  @property({ attribute: false }) record!: ResetRecord;
  @property({ attribute: false }) store!: RecordStore;

  constructor() {
    super();
    new Follow(this, sessionStore, clockStore);
  }

  protected override render() {
    const { breakGlass } = this.record;
    const { session } = sessionStore;
    if (!breakGlass) return nothing;
    const { deciding, refused } = this.store.state;
    const about = `review/${this.record.id}`;
    const give = async ({ detail }: CustomEvent<string>) => {
      if (!(await this.store.decide("review", { reason: detail }))) return;
      forgetWords(about);
      this.dispatchEvent(new Event("decided"));
    };
    return html`<section class=${breakGlass.reviewedAt === undefined ? "" : "reviewed"} aria-labelledby="emergency">
      <h2 id="emergency">${EMERGENCY_TITLE}</h2>
      <p>${breakGlass.reason}</p>
      <p class="small">${reviewText(this.record, clockStore.state)}</p>
      ${breakGlass.review ? html`<p>“${breakGlass.review}”</p>` : nothing}
      ${refused?.decision === "review" ? html`<problem-panel .problem=${refused} no-retry></problem-panel>` : nothing}
      ${
        session && mayReview(this.record, session)
          ? html`<reason-form class="no-print" about=${about} .words=${REASONS.review} ?busy=${deciding === "review"} @give=${give}></reason-form>`
          : nothing
      }
    </section>`;
  }
}
