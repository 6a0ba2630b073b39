import { css, html, LitElement, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { explain } from "../model/explain.ts";
import { recordPath } from "../router/routes.ts";
import { type Request, requestsStore } from "../stores/requests.ts";
import { Follow } from "../stores/store.ts";
import { buttons } from "../styles/buttons.ts";
import { shared } from "../styles/shared.ts";

/** The requests of this browser that are under way, or whose end the person has not seen yet. */
@customElement("request-strip")
export class RequestStrip extends LitElement {
  static override styles = [
    shared,
    buttons,
    css`
      .request {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--wa-space-xs) var(--wa-space-m);
        padding: var(--wa-space-s) var(--wa-space-m);
        margin-block-end: var(--wa-space-m);
        border-inline-start: 3px solid var(--wa-color-brand-fill-loud);
      }

      p {
        flex: 1 1 20rem;
      }

      wa-icon {
        color: var(--wa-color-text-quiet);
      }
    `,
  ];

  /** The user whose dialog is open, which tells the same. */
  @property({ attribute: "except-user" }) exceptUser = "";

  constructor() {
    super();
    new Follow(this, requestsStore);
  }

  #line(request: Request): TemplateResult {
    const name = html`<strong>${request.userName}</strong>`;
    const dismiss = () => requestsStore.dismiss(request.userId);
    const close = html`<button class="button plain" type="button" @click=${dismiss}>Dismiss</button>`;
    switch (request.phase) {
      case "sending":
        return html`<wa-icon name="hourglass-split"></wa-icon><p>Sending the reset request for ${name}. You can leave this page; it will be found again.</p>`;
      case "elsewhere":
        return html`<wa-icon name="hourglass-split"></wa-icon><p>Another tab is sending the reset request for ${name}.</p>`;
      case "looking":
        return html`<wa-icon name="hourglass-split"></wa-icon><p>Looking for the reset request for ${name}, which was under way.</p>`;
      case "recorded":
        return html`<p>The reset request for ${name} is recorded.</p>
          <a class="button loud" href=${recordPath(request.recordId)} @click=${dismiss}>Follow it</a>${close}`;
      case "accepted":
        return html`<p>An approval request for ${name} was filed.</p>${close}`;
      case "failed":
        return html`<p>The reset request for ${name} failed. ${explain(request.problem).what} ${explain(request.problem).effect}</p>${close}`;
      case "lost":
        return html`<p>
            The reset request for ${name} was interrupted. This service has no record of it, so nothing was sent to
            Fireblocks.
          </p>
          <button class="button loud" type="button" @click=${() => requestsStore.sendAgain(request.userId)}>Send it again</button>
          <button class="button" type="button" @click=${() => requestsStore.discard(request.userId)}>Give it up</button>`;
      case "unknown":
        return html`<p>It is not clear what became of the reset request for ${name}. Do not ask again before it is found.</p>
          <button class="button loud" type="button" @click=${() => requestsStore.lookAgain(request.userId)}>Look again</button>`;
    }
  }

  protected override render() {
    const requests = [...requestsStore.state.values()].filter(({ userId }) => userId !== this.exceptUser);
    return html`<div role="status">
      ${requests.map((request) => html`<div class="panel request">${this.#line(request)}</div>`)}
    </div>`;
  }
}
