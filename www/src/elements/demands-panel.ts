import type { Proof, ResetDemands } from "fireblocks-reset-device/gateway-api";
import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import {
  MANAGER_ASKED,
  NEEDS,
  needsText,
  rulesText,
  SEEN_ALONE,
  seenAlone,
  shorterWaits,
  takesAll,
} from "../model/demands.ts";
import { shared } from "../styles/shared.ts";

/** Says before anything is typed what a reset needs. */
@customElement("demands-panel")
export class DemandsPanel extends LitElement {
  static override styles = [
    shared,
    css`
      section {
        display: grid;
        gap: var(--wa-space-xs);
        padding: var(--wa-space-m);
        border-inline-start: 3px solid var(--wa-color-brand-fill-loud);
        background: var(--wa-color-brand-fill-quiet);
      }

      section.forbidden {
        border-color: var(--wa-color-warning-fill-loud);
        background: var(--wa-color-warning-fill-quiet);
      }

      .needs {
        font-weight: 600;
      }

      p {
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) demands!: ResetDemands;
  @property({ attribute: false }) given: readonly Proof[] = [];
  /** Whom it is for. */
  @property() name = "";

  protected override render() {
    const { demands, name, given } = this;
    return html`<section class=${demands.forbidden ? "forbidden" : ""} aria-labelledby="needs">
      <h3 id="needs">${demands.forbidden ? NEEDS.forbidden : NEEDS.title}</h3>
      <p class="needs">${needsText(name, demands, given)}</p>
      ${demands.forbidden ? nothing : shorterWaits(demands).map((text) => html`<p class="small">${text}</p>`)}
      ${demands.managerAsked && demands.proofs.some((proofs) => proofs.includes("managerConfirmed") && !takesAll(proofs)) ? html`<p class="small">${MANAGER_ASKED}</p>` : nothing}
      ${seenAlone(demands) && !demands.met.includes("codeMatched") ? html`<p class="small">${SEEN_ALONE}</p>` : nothing}
      <p class="small">${rulesText(demands)}</p>
    </section>`;
  }
}
