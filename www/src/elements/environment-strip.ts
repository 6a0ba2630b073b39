import type { Session } from "fireblocks-reset-device/gateway-api";
import { css, html, LitElement } from "lit";
import { customElement, property } from "lit/decorators.js";
import { environmentMeaning, environmentName } from "../model/session.ts";
import { environments } from "../styles/environments.ts";
import { shared } from "../styles/shared.ts";

/** Says where the page is, in a colour, a pattern and words of its own for each environment. */
@customElement("environment-strip")
export class EnvironmentStrip extends LitElement {
  static override styles = [
    shared,
    environments,
    css`
      :host {
        font-size: 0.8125rem;
      }

      div {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: center;
        gap: 0 0.625rem;
        min-block-size: var(--strip-height);
        padding: 0.25rem var(--gutter);
        text-align: center;
      }

      strong {
        font-weight: 750;
        letter-spacing: 0.06em;
        text-transform: uppercase;
      }

      .sandbox {
        border-block-end: 4px dashed #2b2000;
      }

      .local {
        background: repeating-linear-gradient(
          -45deg,
          light-dark(#dfe6ee, #25303c) 0 12px,
          light-dark(#d2dce7, #2d3947) 12px 24px
        );
      }

      .workspace {
        font-weight: 600;
      }

      @media (max-width: 40rem) {
        .meaning {
          display: none;
        }
      }

      @media print {
        div {
          border-block-end: 2px solid black;
        }
      }
    `,
  ];

  @property() environment: Session["environment"] = "production";
  @property() workspace = "";

  protected override render() {
    return html`
      <div class=${this.environment} role="region" aria-label="Environment">
        <strong>${environmentName(this.environment)}</strong>
        ${this.workspace ? html`<span class="workspace">${this.workspace}</span>` : ""}
        <span class="meaning">${environmentMeaning(this.environment)}</span>
      </div>
    `;
  }
}
