import "@awesome.me/webawesome/dist/components/button/button.js";
import "./alarm-form.ts";
import "./time-ago.ts";
import type { Alarm } from "fireblocks-reset-device/gateway-api";
import { html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { ALARM } from "../model/protest.ts";
import type { ProtestStore } from "../stores/protest.ts";
import { helpStyles } from "../styles/help.ts";
import { shared } from "../styles/shared.ts";

/** "Somebody pretends to be me", and what was said of it so far. */
@customElement("own-alarm")
export class OwnAlarm extends LitElement {
  static override styles = [shared, helpStyles];

  @property({ attribute: false }) store!: ProtestStore;
  /** The own alarms that are not closed. */
  @property({ attribute: false }) alarms: readonly Alarm[] = [];
  @state() private open = false;

  async #show(open: boolean): Promise<void> {
    this.open = open;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(open ? "alarm-form" : "wa-button, .caution")?.focus();
  }

  protected override render() {
    const general = this.alarms.some(({ recordId }) => recordId === undefined);
    return html`<section class="panel box">
      <h2>${ALARM.title}</h2>
      <p class="measure">${ALARM.sentence}</p>
      ${
        this.alarms.length > 0
          ? html`<div class="caution danger" role="status" tabindex="-1">
              <wa-icon name="exclamation-triangle"></wa-icon>
              <div class="measure">
                <p>${ALARM.raised}</p>
                <ul role="list">
                  ${this.alarms.map(
                    ({ text, at }) =>
                      html`<li class="anywhere">“${text}” <span class="small">· <time-ago .at=${at}></time-ago></span></li>`,
                  )}
                </ul>
              </div>
            </div>`
          : nothing
      }
      ${
        general
          ? nothing
          : this.open
            ? html`<alarm-form
                .store=${this.store}
                @cancel=${() => this.#show(false)}
                @raised=${() => this.#show(false)}
              ></alarm-form>`
            : html`<div class="actions">
                <wa-button appearance="outlined" @click=${() => this.#show(true)}>${ALARM.open}</wa-button>
              </div>`
      }
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "own-alarm": OwnAlarm;
  }
}
