import "./close-alarm.ts";
import "./time-ago.ts";
import type { Alarm } from "fireblocks-reset-device/gateway-api";
import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { ALARMS, alarmOf, mayClose } from "../model/protest.ts";
import type { AlarmsStore } from "../stores/alarms.ts";
import { sessionStore } from "../stores/session.ts";
import { Follow } from "../stores/store.ts";
import { shared } from "../styles/shared.ts";
import { breakable } from "./breakable.ts";

/** Alarms, each with a way to close it for whoever may. Dispatches `closed`. */
@customElement("alarm-list")
export class AlarmList extends LitElement {
  static override styles = [
    shared,
    css`
      ul {
        list-style: none;
      }

      li {
        display: grid;
        gap: var(--wa-space-xs);
        padding: var(--wa-space-s) var(--wa-space-m);
        border-inline-start: 3px solid var(--wa-color-danger-fill-loud);
      }

      li:not(:last-child) {
        border-block-end: 1px solid var(--wa-color-surface-border);
      }

      .who {
        font-weight: 600;
      }
    `,
  ];

  @property({ attribute: false }) alarms: readonly Alarm[] = [];
  @property({ attribute: false }) store!: AlarmsStore;
  /** The record that is open already, which needs no link. */
  @property({ attribute: "record-id" }) recordId = "";

  constructor() {
    super();
    new Follow(this, sessionStore);
  }

  #alarm(alarm: Alarm) {
    const { session } = sessionStore;
    return html`<li>
      <p class="anywhere">
        <span class="who">${alarmOf(alarm)}</span>
        <span class="small quiet">${breakable(alarm.raisedBy)} · <time-ago .at=${alarm.at}></time-ago></span>
      </p>
      <p class="anywhere">“${alarm.text}”</p>
      ${
        alarm.recordId && alarm.recordId !== this.recordId
          ? html`<p class="small"><a href=${`/resets/${alarm.recordId}`}>${ALARMS.record}</a></p>`
          : nothing
      }
      ${
        session && mayClose(alarm, session)
          ? html`<close-alarm class="no-print" .alarm=${alarm} .store=${this.store}></close-alarm>`
          : nothing
      }
    </li>`;
  }

  protected override render() {
    return html`<ul class="panel" role="list">
      ${repeat(
        this.alarms,
        ({ id }) => id,
        (alarm) => this.#alarm(alarm),
      )}
    </ul>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "alarm-list": AlarmList;
  }
}
