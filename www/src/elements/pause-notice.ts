import "./time-ago.ts";
import type { Session } from "fireblocks-reset-device/gateway-api";
import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { mayResume, pauseNotice } from "../model/pause.ts";
import { buttons } from "../styles/buttons.ts";
import { notices } from "../styles/notices.ts";
import { shared } from "../styles/shared.ts";
import { breakable } from "./breakable.ts";

/** Tells everybody that resets are paused: by whom, when and why. Dispatches `resume` for whoever may let them go on. */
@customElement("pause-notice")
export class PauseNotice extends LitElement {
  static override styles = [
    shared,
    buttons,
    notices,
    css`
      .notice {
        --notice-edge: var(--wa-color-warning-fill-loud);
        margin-block-end: var(--wa-space-l);
      }

      .text {
        display: grid;
        gap: var(--wa-space-2xs);
        flex: 1 1 20rem;
        min-inline-size: 0;
      }

      .text p {
        flex: none;
      }

      blockquote {
        margin: 0;
        padding-inline-start: var(--wa-space-s);
        border-inline-start: 2px solid var(--wa-color-surface-border);
        white-space: pre-line;
      }
    `,
  ];

  @property({ attribute: false }) session!: Session;

  protected override render() {
    const notice = pauseNotice(this.session);
    if (notice === undefined) return nothing;
    const { title, by, at, reason, sentence } = notice;
    return html`<div class="panel notice" role="status">
      <div class="text">
        <p>
          <strong>${title}</strong>
          ${by === undefined ? nothing : html`By ${breakable(by)}${at === undefined ? nothing : ","}`}
          ${at === undefined ? nothing : html`<time-ago .at=${at}></time-ago>.`}
        </p>
        ${reason === undefined ? nothing : html`<blockquote class="anywhere">${reason}</blockquote>`}
        <p class="small quiet">${sentence}</p>
      </div>
      ${
        mayResume(this.session)
          ? html`<button class="button no-print" type="button" @click=${() => this.dispatchEvent(new Event("resume"))}>
              Resume resets…
            </button>`
          : nothing
      }
    </div>`;
  }
}
