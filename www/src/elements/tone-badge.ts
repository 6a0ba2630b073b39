import { css, html, LitElement } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Tone } from "../model/user.ts";

/** A state in a word, with a dot in its tone: the word alone is enough to know it. */
@customElement("tone-badge")
export class ToneBadge extends LitElement {
  static override styles = css`
    :host {
      display: inline-flex;
      align-items: baseline;
      gap: 0.4375rem;
      padding: 0.125rem 0.5625rem 0.125rem 0.5rem;
      border: 1px solid
        light-dark(color-mix(in oklab, var(--tone) 28%, transparent), color-mix(in oklab, var(--tone) 80%, transparent));
      border-radius: 1rem;
      background: color-mix(in oklab, var(--tone) 8%, transparent);
      font-size: 0.8125rem;
      font-weight: 550;
      line-height: 1.35;
    }

    :host::before {
      content: "";
      flex: none;
      inline-size: 0.4375rem;
      block-size: 0.4375rem;
      border-radius: 50%;
      background: var(--tone);
      translate: 0 -0.0625rem;
    }

    :host([tone="neutral"]) {
      --tone: var(--wa-color-neutral-60);
    }

    :host([tone="brand"]) {
      --tone: var(--wa-color-brand-60);
    }

    :host([tone="success"]) {
      --tone: light-dark(var(--wa-color-success-50), var(--wa-color-success-60));
    }

    :host([tone="warning"]) {
      --tone: var(--wa-color-warning-60);
    }

    :host([tone="danger"]) {
      --tone: light-dark(var(--wa-color-danger-50), var(--wa-color-danger-60));
    }

    @media print {
      :host {
        border-color: #666;
      }
    }
  `;

  @property({ reflect: true }) tone: Tone = "neutral";

  protected override render() {
    return html`<slot></slot>`;
  }
}
