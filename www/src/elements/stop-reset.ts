import "@awesome.me/webawesome/dist/components/button/button.js";
import "./alarm-form.ts";
import "./problem-panel.ts";
import type { Alarm, MyReset } from "fireblocks-reset-device/gateway-api";
import { css, html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { ALARM, NOT_ME, NOT_NOW, PROTEST, type Protest, protestOf, protestText } from "../model/protest.ts";
import type { ProtestStore } from "../stores/protest.ts";
import { Follow } from "../stores/store.ts";
import { helpStyles } from "../styles/help.ts";
import { shared } from "../styles/shared.ts";

/** "This was not me", to one reset of one's own device. */
@customElement("stop-reset")
export class StopReset extends LitElement {
  static override styles = [
    shared,
    helpStyles,
    css`
      .confirm {
        display: grid;
        gap: var(--wa-space-s);
        border: 1px solid var(--wa-color-danger-border-loud);
      }

      h4 {
        margin: 0;
      }

      :is(.confirm, .caution):focus {
        outline: none;
      }
    `,
  ];

  @property({ attribute: false }) reset!: MyReset;
  @property({ attribute: false }) store!: ProtestStore;
  /** The own alarms that are not closed. */
  @property({ attribute: false }) alarms: readonly Alarm[] = [];
  @state() private open = false;
  #follow?: Follow;

  protected override willUpdate(): void {
    this.#follow ??= new Follow(this, this.store);
  }

  async #show(open: boolean): Promise<void> {
    this.open = open;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(open ? ".confirm, alarm-form" : "wa-button")?.focus();
  }

  async #say(): Promise<void> {
    if (!(await this.store.stop(this.reset.id))) return;
    this.open = false;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(".caution")?.focus();
  }

  #confirmation(protest: Exclude<Protest, "alarm">, busy: boolean) {
    const { title, sentence, button } = PROTEST[protest];
    return html`<section class="confirm apart" tabindex="-1" aria-labelledby="confirm">
      <h4 id="confirm">${title}</h4>
      <p class="measure">${sentence}</p>
      <div class="actions">
        <wa-button variant="danger" ?loading=${busy} @click=${this.#say}>${button}</wa-button>
        <wa-button appearance="outlined" ?disabled=${busy} @click=${() => this.#show(false)}>${NOT_NOW}</wa-button>
      </div>
    </section>`;
  }

  #act(protest: Protest) {
    const { busy } = this.store.state;
    if (protest === "alarm") {
      const { id } = this.reset;
      if (this.alarms.some(({ recordId }) => recordId === id)) return html`<p class="small quiet">${ALARM.raised}</p>`;
      return this.open
        ? html`<alarm-form
            record-id=${id}
            .store=${this.store}
            @cancel=${() => this.#show(false)}
          ></alarm-form>`
        : this.#button();
    }
    return this.open ? this.#confirmation(protest, busy === this.reset.id) : this.#button();
  }

  #button() {
    return html`<div class="actions">
      <wa-button appearance="outlined" variant="danger" size="s" @click=${() => this.#show(true)}
        >${this.reset.contested ? ALARM.about : `${NOT_ME}…`}</wa-button
      >
    </div>`;
  }

  protected override render() {
    const text = protestText(this.reset);
    const refused = this.store.refusedAbout(this.reset.id);
    return html`<div class="stack">
      ${
        text === undefined
          ? nothing
          : html`<div class="caution danger" role="status" tabindex="-1">
              <wa-icon name="exclamation-triangle"></wa-icon>
              <p class="measure">${text}</p>
            </div>`
      }
      ${refused ? html`<problem-panel .problem=${refused} no-retry></problem-panel>` : nothing}
      ${this.reset.state === "stopped" ? nothing : this.#act(protestOf(this.reset))}
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "stop-reset": StopReset;
  }
}
