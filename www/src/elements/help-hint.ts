import "./copy-button.ts";
import type { UserRow } from "fireblocks-reset-device/gateway-api";
import { css, html, LitElement } from "lit";
import { customElement, property } from "lit/decorators.js";
import { HELPER, meAddress } from "../model/help.ts";
import { userName } from "../model/user.ts";
import { helpPath } from "../router/paths.ts";
import { HelpListStore } from "../stores/help.ts";
import { whileVisible } from "../stores/polling.ts";
import { Follow } from "../stores/store.ts";
import { buttons } from "../styles/buttons.ts";
import { shared } from "../styles/shared.ts";
import { breakable } from "./breakable.ts";

/** Milliseconds between looks: somebody is on the telephone, about to ask for help on their own screen. */
const PAUSE = 5_000;

/** Whether a user waits with a code, or what to tell them so that they do. */
@customElement("help-hint")
export class HelpHint extends LitElement {
  static override styles = [
    shared,
    buttons,
    css`
      .apart {
        display: grid;
        gap: var(--wa-space-s);
      }

      .address {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--wa-space-xs) var(--wa-space-m);
      }
    `,
  ];

  @property({ attribute: false }) user!: UserRow;
  readonly #requests = new HelpListStore();
  #stop?: () => void;

  constructor() {
    super();
    new Follow(this, this.#requests);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = whileVisible(() => this.#requests.load(), { first: "now", next: () => PAUSE });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.();
  }

  protected override render() {
    const name = this.user.firstName || userName(this.user);
    const waiting = this.#requests.state.requests?.find(({ userId }) => userId === this.user.id);
    const address = meAddress(location.origin);
    return html`<section class="apart">
      <h3>${HELPER.invite(name)}</h3>
      ${
        waiting
          ? html`<p role="status">${HELPER.waits(name)}</p>
              <div><a class="button accent" href=${helpPath(waiting.id)}>${HELPER.typeIt}</a></div>`
          : html`<p>${HELPER.inviteText(name)}</p>
              <div class="address">
                <span class="mono">${breakable(address)}</span><copy-button label="Copy address" .value=${address}></copy-button>
              </div>`
      }
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "help-hint": HelpHint;
  }
}
