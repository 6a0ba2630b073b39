import "./time-ago.ts";
import type { ResetRecord } from "fireblocks-reset-device/gateway-api";
import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { endText } from "../model/due.ts";
import { sourceLabel, stateText } from "../model/record.ts";
import { exactTime } from "../model/time.ts";
import { STEP_STATUS, type Step, SUGGESTED_STEP, timeline, UNSEEN, UNSEEN_SUGGESTED } from "../model/timeline.ts";
import { clockStore } from "../stores/clock.ts";
import { Follow } from "../stores/store.ts";
import { shared } from "../styles/shared.ts";
import { breakable } from "./breakable.ts";

/**
 * The way of a reset from recorded to ready: what was, what is awaited, what is to come. What stands inside the element
 * is shown with the step in progress, and below the steps where there is none.
 */
@customElement("record-timeline")
export class RecordTimeline extends LitElement {
  static override styles = [
    shared,
    css`
      ol {
        list-style: none;
      }

      li {
        position: relative;
        display: grid;
        grid-template-columns: 1.5rem minmax(0, 1fr);
        gap: var(--wa-space-m);
        padding-block-end: var(--wa-space-l);
      }

      li:last-child {
        padding-block-end: 0;
      }

      li:not(:last-child)::before {
        content: "";
        position: absolute;
        inset: 1.625rem auto 0.125rem 0.6875rem;
        inline-size: 2px;
        background: var(--wa-color-surface-border);
      }

      li.done:not(:last-child)::before {
        background: var(--wa-color-success-fill-loud);
      }

      .mark {
        display: grid;
        place-items: center;
        inline-size: 1.5rem;
        block-size: 1.5rem;
        border: 2px solid var(--wa-color-neutral-border-loud);
        border-radius: 50%;
        font-size: 0.875rem;
      }

      .next .mark {
        border-color: var(--wa-color-surface-border);
      }

      .done .mark {
        border-color: var(--wa-color-success-fill-loud);
        background: var(--wa-color-success-fill-loud);
        color: white;
      }

      .now .mark {
        border-color: var(--wa-color-brand-fill-loud);
      }

      .now .mark::after {
        content: "";
        inline-size: 0.625rem;
        block-size: 0.625rem;
        border-radius: 50%;
        background: var(--wa-color-brand-fill-loud);
      }

      .now.unclear .mark {
        border-color: var(--wa-color-warning-fill-loud);
      }

      .now.unclear .mark::after {
        background: var(--wa-color-warning-fill-loud);
      }

      .stopped .mark {
        border-color: var(--wa-color-neutral-fill-loud);
        background: var(--wa-color-neutral-fill-loud);
        color: var(--wa-color-neutral-on-loud);
      }

      .label {
        font-weight: 570;
        line-height: 1.5rem;
      }

      .next .label {
        color: var(--wa-color-text-quiet);
        font-weight: 450;
      }

      .now .label {
        font-weight: 650;
      }

      .awaited {
        margin-block-start: 0.25rem;
        /* It can name a person by a long e-mail. */
        overflow-wrap: anywhere;
      }

      .print-time {
        display: none;
      }

      @media (prefers-reduced-motion: no-preference) {
        .now .mark::after {
          animation: breathe 2.4s ease-in-out infinite;
        }
      }

      @keyframes breathe {
        50% {
          opacity: 0.35;
        }
      }

      @media print {
        .print-time {
          display: inline;
        }

        li {
          break-inside: avoid;
        }
      }
    `,
  ];

  @property({ attribute: false }) record?: ResetRecord;

  constructor() {
    super();
    new Follow(this, clockStore);
  }

  #facts({ at, source, actor, unseen, suggested }: Step) {
    if (unseen) return html`<p class="small quiet">${suggested ? UNSEEN_SUGGESTED : UNSEEN}</p>`;
    const parts = [
      at === undefined
        ? undefined
        : html`<time-ago .at=${at}></time-ago><span class="print-time"> (${exactTime(at)})</span>`,
      actor && breakable(actor),
      source === undefined || (actor && source === "person") ? undefined : sourceLabel(source),
      suggested ? SUGGESTED_STEP : undefined,
    ].filter((part) => part !== undefined);
    return parts.length === 0
      ? nothing
      : html`<p class="small quiet anywhere">${parts.map((part, index) => html`${index ? " · " : ""}${part}`)}</p>`;
  }

  #step(step: Step, awaited: string | undefined, end: string | undefined) {
    const icon =
      step.status === "done" || step.key === "settled"
        ? html`<wa-icon library="system" name="check"></wa-icon>`
        : step.status === "stopped"
          ? html`<wa-icon library="system" name="xmark"></wa-icon>`
          : nothing;
    return html`<li class="${step.status} ${step.key === "unknown" ? "unclear" : ""}" aria-current=${step.status === "now" ? "step" : nothing}>
      <span class="mark">${icon}</span>
      <div>
        <p class="label"><span class="visually-hidden">${STEP_STATUS[step.status]}: </span>${step.label}</p>
        ${this.#facts(step)}
        ${step.status === "now" && awaited ? html`<p class="awaited"><span class="quiet">Awaited:</span> ${breakable(awaited)}</p>` : nothing}
        ${step.status === "now" && end ? html`<p class="small quiet">${end}</p>` : nothing}
        ${step.status === "now" ? html`<slot></slot>` : nothing}
      </div>
    </li>`;
  }

  protected override render() {
    if (!this.record) return nothing;
    const { awaited } = stateText(this.record);
    const steps = timeline(this.record);
    const end = endText(this.record, clockStore.state);
    return html`<ol role="list">
        ${steps.map((step) => this.#step(step, awaited, end))}
      </ol>
      ${steps.some(({ status }) => status === "now") ? nothing : html`<slot></slot>`}`;
  }
}
