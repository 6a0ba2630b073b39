import { css, html, LitElement } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Session } from "worker/api";
import { shared } from "../styles/shared.ts";

const TEXTS: Readonly<Record<Session["environment"], { name: string; meaning: string }>> = {
  production: { name: "Production", meaning: "real people, real devices" },
  sandbox: { name: "Sandbox", meaning: "a Fireblocks test environment" },
  local: { name: "Local", meaning: "a simulator on this machine, nothing here is real" },
};

export const environmentName = (environment: Session["environment"]): string =>
  TEXTS[environment]?.name ?? String(environment);

/** Says where the page is, in a colour, a pattern and words of its own for each environment. */
@customElement("environment-strip")
export class EnvironmentStrip extends LitElement {
  static override styles = [
    shared,
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

      .production {
        background: #a8132f;
        color: white;
      }

      .sandbox {
        background: #ffd24a;
        color: #2b2000;
        border-block-end: 4px dashed #2b2000;
      }

      .local {
        background: repeating-linear-gradient(
          -45deg,
          light-dark(#dfe6ee, #25303c) 0 12px,
          light-dark(#d2dce7, #2d3947) 12px 24px
        );
        color: light-dark(#1e2b3a, #dbe5f0);
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
    const text = TEXTS[this.environment];
    return html`
      <div class=${this.environment} role="region" aria-label="Environment">
        <strong>${environmentName(this.environment)}</strong>
        ${this.workspace ? html`<span class="workspace">${this.workspace}</span>` : ""}
        <span class="meaning">${text?.meaning}</span>
      </div>
    `;
  }
}
