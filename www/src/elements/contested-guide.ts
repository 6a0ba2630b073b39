import type { ResetRecord } from "fireblocks-reset-device/gateway-api";
import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { CONTESTED, contestedSteps } from "../model/protest.ts";
import { exactTime } from "../model/time.ts";
import { shared } from "../styles/shared.ts";
import { breakable } from "./breakable.ts";

/** For a reset that the person says is not theirs: what everybody does now. */
@customElement("contested-guide")
export class ContestedGuide extends LitElement {
  static override styles = [
    shared,
    css`
      section {
        border-inline-start: 3px solid var(--wa-color-danger-fill-loud);
      }

      ol {
        display: grid;
        gap: var(--wa-space-s);
        padding-inline-start: 1.375rem;
      }
    `,
  ];

  @property({ attribute: false }) record!: ResetRecord;

  protected override render() {
    const { contested } = this.record;
    if (!contested) return nothing;
    return html`<section class="panel box" role="region" aria-labelledby="contested">
      <h2 id="contested">${CONTESTED.title}</h2>
      <p class="anywhere">
        ${breakable(contested.by)} said so on
        <time datetime=${new Date(contested.at).toISOString()}>${exactTime(contested.at)}</time>. ${CONTESTED.rule}
      </p>
      <ol>
        ${contestedSteps(this.record).map((step) => html`<li class="anywhere">${breakable(step)}</li>`)}
      </ol>
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "contested-guide": ContestedGuide;
  }
}
