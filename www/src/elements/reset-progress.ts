import "@awesome.me/webawesome/dist/components/button/button.js";
import "@awesome.me/webawesome/dist/components/spinner/spinner.js";
import "./copy-button.ts";
import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { phaseText, type Request } from "../model/request.ts";
import { requestsStore } from "../stores/requests.ts";
import { dialogContent } from "../styles/reset-dialog.ts";
import { shared } from "../styles/shared.ts";

/** Where a request is that was confirmed, and what can be done about it. Dispatches `cancel` to be closed. */
@customElement("reset-progress")
export class ResetProgress extends LitElement {
  static override styles = [
    shared,
    dialogContent,
    css`
      .told {
        display: grid;
        gap: var(--wa-space-s);
      }

      .busy {
        display: flex;
        gap: var(--wa-space-m);
        align-items: flex-start;
        padding: var(--wa-space-l) 0;
      }

      .busy wa-spinner {
        flex: none;
        font-size: 1.5rem;
      }
    `,
  ];

  @property({ attribute: false }) request!: Request;

  #actions(request: Request) {
    const { userId } = request;
    switch (request.phase) {
      case "accepted":
        return html`<div class="buttons">
          <wa-button variant="brand" @click=${() => this.dispatchEvent(new Event("cancel"))}>Close</wa-button>
        </div>`;
      case "lost":
        return html`<div class="buttons">
          <wa-button appearance="outlined" @click=${() => requestsStore.discard(userId)}>Discard it</wa-button>
          <wa-button variant="brand" @click=${() => requestsStore.sendAgain(userId)}>Send it again</wa-button>
        </div>`;
      case "unknown":
        return html`<p class="small">Idempotency key: <span class="mono">${request.idempotencyKey}</span></p>
          <div class="buttons">
            <copy-button label="Copy key" .value=${request.idempotencyKey}></copy-button>
            <wa-button variant="brand" @click=${() => requestsStore.lookAgain(userId)}>Look again</wa-button>
          </div>`;
      default:
        return nothing;
    }
  }

  protected override render() {
    const { title, sentences, busy } = phaseText(this.request);
    if (busy) {
      return html`<div class="busy" role="status">
        <wa-spinner></wa-spinner>
        <div>
          <p><strong>${title}</strong></p>
          ${sentences.map((sentence) => html`<p class="quiet">${sentence}</p>`)}
        </div>
      </div>`;
    }
    return html`<div class="stack">
      <div role=${this.request.phase === "accepted" ? "status" : "alert"} class="told">
        <p><strong>${title}</strong></p>
        ${sentences.map((sentence) => html`<p>${sentence}</p>`)}
      </div>
      ${this.#actions(this.request)}
    </div>`;
  }
}
