import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { phaseText, type Request } from "../model/request.ts";
import { recordPath } from "../router/paths.ts";
import { requestsStore } from "../stores/requests.ts";
import { Follow } from "../stores/store.ts";
import { buttons } from "../styles/buttons.ts";
import { notices } from "../styles/notices.ts";
import { shared } from "../styles/shared.ts";

/** The requests of this browser that are under way, or whose end the person has not seen yet. */
@customElement("request-strip")
export class RequestStrip extends LitElement {
  static override styles = [
    shared,
    buttons,
    notices,
    css`
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

  #actions(request: Request) {
    const { userId } = request;
    const dismiss = () => requestsStore.dismiss(userId);
    const close = html`<button class="button plain" type="button" @click=${dismiss}>Dismiss</button>`;
    switch (request.phase) {
      case "recorded":
        return html`<a class="button loud" href=${recordPath(request.recordId)} @click=${dismiss}>Follow it</a>${close}`;
      case "accepted":
      case "failed":
        return close;
      case "lost":
        return html`<button class="button loud" type="button" @click=${() => requestsStore.sendAgain(userId)}>Send it again</button>
          <button class="button" type="button" @click=${() => requestsStore.discard(userId)}>Discard it</button>`;
      case "unknown":
        return html`<button class="button loud" type="button" @click=${() => requestsStore.lookAgain(userId)}>Look again</button>`;
      default:
        return nothing;
    }
  }

  #request(request: Request) {
    const { title, sentences, busy } = phaseText(request, request.userName);
    return html`<div class="panel notice">
      ${busy ? html`<wa-icon name="hourglass-split"></wa-icon>` : nothing}
      <p class="anywhere"><strong>${title}</strong> ${sentences.join(" ")}</p>
      ${this.#actions(request)}
    </div>`;
  }

  protected override render() {
    const requests = [...requestsStore.state.values()].filter(({ userId }) => userId !== this.exceptUser);
    return html`<div role="status">
      ${requests.map((request) => this.#request(request))}
    </div>`;
  }
}
