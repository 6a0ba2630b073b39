import "@awesome.me/webawesome/dist/components/button/button.js";
import "./problem-panel.ts";
import "./reason-form.ts";
import type { Alarm } from "fireblocks-reset-device/gateway-api";
import { html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { ALARMS, alarmOf, NOT_NOW } from "../model/protest.ts";
import type { AlarmsStore } from "../stores/alarms.ts";
import { forgetWords } from "../stores/drafts.ts";
import { Follow } from "../stores/store.ts";
import { helpStyles } from "../styles/help.ts";
import { shared } from "../styles/shared.ts";

/** Closes an alarm, with what was found. Dispatches `closed`, which bubbles. */
@customElement("close-alarm")
export class CloseAlarm extends LitElement {
  static override styles = [shared, helpStyles];

  @property({ attribute: false }) alarm!: Alarm;
  @property({ attribute: false }) store!: AlarmsStore;
  @state() private open = false;
  #follow?: Follow;

  protected override willUpdate(): void {
    this.#follow ??= new Follow(this, this.store);
  }

  get #about(): string {
    return `closeAlarm/${this.alarm.id}`;
  }

  async #show(open: boolean): Promise<void> {
    this.open = open;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(open ? "reason-form" : "wa-button")?.focus();
  }

  async #close({ detail }: CustomEvent<string>): Promise<void> {
    if (!(await this.store.close(this.alarm.id, detail))) return;
    forgetWords(this.#about);
    this.dispatchEvent(new Event("closed", { bubbles: true, composed: true }));
  }

  protected override render() {
    const { closing, refused } = this.store.state;
    const busy = closing === this.alarm.id;
    if (!this.open) {
      return html`<wa-button
        appearance="outlined"
        size="s"
        @click=${() => this.#show(true)}
        >Close<span class="visually-hidden"> the alarm of ${alarmOf(this.alarm)}</span>…</wa-button
      >`;
    }
    return html`<div class="stack">
      ${refused?.id === this.alarm.id ? html`<problem-panel .problem=${refused.problem} no-retry></problem-panel>` : nothing}
      <reason-form about=${this.#about} .words=${ALARMS} ?busy=${busy} @give=${this.#close}>
        <wa-button appearance="outlined" ?disabled=${busy} @click=${() => this.#show(false)}>${NOT_NOW}</wa-button>
      </reason-form>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "close-alarm": CloseAlarm;
  }
}
