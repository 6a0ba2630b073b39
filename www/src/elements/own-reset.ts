import "./time-ago.ts";
import "./tone-badge.ts";
import type { MyReset } from "fireblocks-reset-device/gateway-api";
import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { ownEventLabel, ownResetText } from "../model/own-reset.ts";
import { sourceLabel } from "../model/record.ts";
import { exactTime } from "../model/time.ts";
import { clockStore } from "../stores/clock.ts";
import { Follow } from "../stores/store.ts";
import { facts } from "../styles/facts.ts";
import { shared } from "../styles/shared.ts";
import { breakable } from "./breakable.ts";

/** One reset of one's own device: who asked, why, how it stands, what happens next. */
@customElement("own-reset")
export class OwnReset extends LitElement {
  static override styles = [
    shared,
    facts,
    css`
      .head {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--wa-space-xs) var(--wa-space-m);
      }

      dl {
        grid-template-columns: repeat(auto-fill, minmax(min(16rem, 100%), 1fr));
      }

      summary {
        cursor: pointer;
        font-weight: 600;
      }

      ol {
        display: grid;
        gap: 0.375rem;
        margin-block-start: var(--wa-space-s);
        padding-inline-start: 1.25rem;
      }
    `,
  ];

  @property({ attribute: false }) reset!: MyReset;

  constructor() {
    super();
    new Follow(this, clockStore);
  }

  protected override render() {
    const { createdAt, events, open } = this.reset;
    const { label, tone, sentence, next, end, facts } = ownResetText(this.reset, clockStore.state);
    const told = [sentence, next].filter(Boolean).join(" ");
    return html`<article class="panel box">
      <div class="head">
        <h3><time datetime=${new Date(createdAt).toISOString()}>${exactTime(createdAt)}</time></h3>
        <tone-badge tone=${tone}>${label}</tone-badge>
      </div>
      ${told === "" ? nothing : html`<p>${told}</p>`}
      ${end ? html`<p class="small">${end}</p>` : nothing}
      <slot></slot>
      <dl>
        ${facts.map(
          ([name, value]) => html`<div>
            <dt>${name}</dt>
            <dd>${value.includes("@") ? breakable(value) : value}</dd>
          </div>`,
        )}
      </dl>
      <details ?open=${open}>
        <summary>What happened so far</summary>
        <ol>
          ${events.map(
            ({ at, event, source }) => html`<li>
              ${ownEventLabel(event)} <span class="small quiet">· <time-ago .at=${at}></time-ago> · ${sourceLabel(source)}</span>
            </li>`,
          )}
        </ol>
      </details>
    </article>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "own-reset": OwnReset;
  }
}
