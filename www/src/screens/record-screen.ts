import "@awesome.me/webawesome/dist/components/button/button.js";
import "../elements/alarm-list.ts";
import "../elements/contested-guide.ts";
import "../elements/copy-button.ts";
import "../elements/decision-form.ts";
import "../elements/emergency-panel.ts";
import "../elements/problem-panel.ts";
import "../elements/record-events.ts";
import "../elements/record-facts.ts";
import "../elements/record-timeline.ts";
import "../elements/time-ago.ts";
import "../elements/tone-badge.ts";
import "../elements/unknown-guide.ts";
import type { ResetRecord } from "fireblocks-reset-device/gateway-api";
import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { customElement, property } from "lit/decorators.js";
import { breakable } from "../elements/breakable.ts";
import { waitingText } from "../model/decision.ts";
import { lookFailed } from "../model/explain.ts";
import { handoverMessage } from "../model/handover.ts";
import { ALARMS, CONTESTED } from "../model/protest.ts";
import { ENDED_TEXT, stateText, whom } from "../model/record.ts";
import { SCREENS } from "../model/screens.ts";
import { workspaceName } from "../model/session.ts";
import { AlarmsStore } from "../stores/alarms.ts";
import { clockStore } from "../stores/clock.ts";
import { RecordStore } from "../stores/record.ts";
import { sessionStore } from "../stores/session.ts";
import { Follow } from "../stores/store.ts";
import { story, wayBack } from "../styles/screens.ts";
import { shared } from "../styles/shared.ts";

/** One reset's story, live until it ends. Reads the worker's record alone. */
@customElement("record-screen")
export class RecordScreen extends LitElement {
  static override styles = [
    shared,
    wayBack,
    story,
    css`
      .address {
        margin-block-start: 0.375rem;
      }

      .box > :is(record-timeline, record-events) {
        min-inline-size: 0;
      }

      .sentence {
        margin-block-start: var(--wa-space-s);
        font-size: 1.0625rem;
        max-inline-size: 42rem;
      }

      .message-given {
        margin-block-start: var(--wa-space-xs);
        max-inline-size: 42rem;
      }

      .live {
        margin-block-start: var(--wa-space-xs);
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.25rem 0.75rem;
        font-size: 0.8125rem;
        color: var(--wa-color-text-quiet);
      }

      .message {
        font-size: 0.9375rem;
        text-wrap: wrap;
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }

      summary {
        cursor: pointer;
        font-weight: 600;
      }

      details[open] summary {
        margin-block-end: var(--wa-space-m);
      }

      .waiting {
        block-size: 24rem;
      }

      problem-panel {
        margin-block-start: var(--wa-space-m);
      }

      @media (max-width: 30rem) {
        .box {
          padding: var(--wa-space-m);
        }
      }

      @media print {
        .columns {
          display: block;
        }

        .box {
          margin-block-end: 1rem;
        }
      }
    `,
  ];

  @property({ attribute: "record-id" }) recordId = "";
  #store = new RecordStore("");
  readonly #alarms = new AlarmsStore();
  #follow = new Follow(this, sessionStore, clockStore);
  #stop?: () => void;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#start();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("recordId")) this.#start();
  }

  #start(): void {
    this.#stop?.();
    this.removeController(this.#follow);
    this.#follow.hostDisconnected();
    this.#store = new RecordStore(this.recordId);
    this.#follow = new Follow(this, sessionStore, clockStore, this.#store);
    this.#stop = this.#store.follow();
  }

  #lookAgain(): void {
    this.#stop?.();
    this.#stop = this.#store.follow();
  }

  #handover(record: ResetRecord) {
    const message = handoverMessage(record, sessionStore.session && workspaceName(sessionStore.session));
    if (!message) return nothing;
    return html`<section class="panel box">
      <div class="box-head">
        <h2>Message for ${whom(record)}</h2>
        <copy-button class="no-print" label="Copy message" .value=${message}></copy-button>
      </div>
      <p class="message apart">${message}</p>
    </section>`;
  }

  #live(record: ResetRecord) {
    const { seenAt, problem } = this.#store.state;
    return html`<div class="live no-print">
      ${
        record.open
          ? html`<span>${problem ? nothing : "Updates by itself. "}Looked <time-ago .at=${seenAt ?? Date.now()}></time-ago>.</span>`
          : html`<span>${ENDED_TEXT}</span>`
      }
      ${problem && problem.kind !== "signedOut" ? html`<strong role="status">${lookFailed(problem)}</strong>` : nothing}
      <wa-button size="s" appearance="plain" @click=${() => print()}><wa-icon slot="start" name="printer"></wa-icon>Print</wa-button>
    </div>`;
  }

  /** What had the focus is gone with what was decided. */
  async #decided(): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>("h1")?.focus();
  }

  async #closed(): Promise<void> {
    await this.#store.look();
    await this.#decided();
  }

  #alarmsOf({ id, alarms = [] }: ResetRecord) {
    if (alarms.length === 0) return nothing;
    return html`<section class="panel box">
      <h2>${ALARMS.title}</h2>
      <p>${ALARMS.intro}</p>
      <alarm-list
        record-id=${id}
        .alarms=${alarms}
        .store=${this.#alarms}
        @closed=${this.#closed}
      ></alarm-list>
    </section>`;
  }

  #content(record: ResetRecord) {
    const { label, tone, sentence } = stateText(record);
    const decision = html`<decision-form .record=${record} .store=${this.#store} @decided=${this.#decided}></decision-form>`;
    return html`
      <div class="title">
        <h1 class="anywhere" tabindex="-1">${whom(record)}</h1>
        <tone-badge tone=${tone} role="status">${label}</tone-badge>
        ${record.contested ? html`<tone-badge tone="danger">${CONTESTED.badge}</tone-badge>` : nothing}
        ${record.stale && record.open ? html`<tone-badge tone="warning">No change for days</tone-badge>` : nothing}
      </div>
      <p class="address quiet anywhere">${breakable(record.userEmail)}</p>
      <p class="sentence">${sentence}</p>
      ${record.state === "waiting" ? html`<p class="message-given">${waitingText(record, clockStore.state, sessionStore.session?.resetsPaused)}</p>` : nothing}
      ${record.message && (record.state === "refused" || record.state === "withdrawn") ? html`<p class="message-given quiet anywhere">${record.message}</p>` : nothing}
      ${this.#live(record)}
      <div class="columns">
        <div class="main">
          ${record.contested ? html`<contested-guide .record=${record}></contested-guide>` : nothing}
          ${this.#alarmsOf(record)}
          ${record.breakGlass ? html`<emergency-panel .record=${record} .store=${this.#store} @decided=${this.#decided}></emergency-panel>` : nothing}
          ${record.state === "unknown" ? html`<unknown-guide .record=${record}>${decision}</unknown-guide>` : nothing}
          <section class="panel box">
            <h2>Progress</h2>
            <record-timeline .record=${record}>${record.state === "unknown" ? nothing : decision}</record-timeline>
          </section>
          ${this.#handover(record)}
          <section class="panel box">
            <details ?open=${record.state === "unknown" || !record.open}>
              <summary>Everything that was recorded</summary>
              <record-events .events=${record.events ?? []}></record-events>
            </details>
          </section>
        </div>
        <aside class="side panel box" aria-label="Facts"><record-facts .record=${record}></record-facts></aside>
      </div>
    `;
  }

  protected override render() {
    const { record, problem } = this.#store.state;
    return html`
      <a class="back no-print" href="/resets"><wa-icon name="arrow-left"></wa-icon>History</a>
      ${
        record
          ? this.#content(record)
          : problem
            ? html`<problem-panel level="1" .problem=${problem} @retry=${this.#lookAgain}></problem-panel>`
            : html`<h1>${SCREENS.record.title}</h1>
                <div class="columns"><div class="panel waiting" aria-busy="true"></div><div class="panel waiting"></div></div>`
      }
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "record-screen": RecordScreen;
  }
}
