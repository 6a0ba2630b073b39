import { css, html, LitElement } from "lit";
import { customElement, property } from "lit/decorators.js";
import { shared } from "../styles/shared.ts";

export interface Choice {
  value: string;
  label: string;
}

/**
 * One choice of a few, by the browser's own select: the most dependable one by keyboard, screen reader and phone.
 * Dispatches `choose` with the value.
 */
@customElement("choice-filter")
export class ChoiceFilter extends LitElement {
  static override styles = [
    shared,
    css`
      label {
        display: flex;
        align-items: center;
        position: relative;
        min-block-size: 2.75rem;
        border: 1px solid var(--wa-form-control-border-color);
        border-radius: var(--wa-form-control-border-radius);
        background: var(--wa-form-control-background-color);
        font-size: 0.9375rem;
      }

      label:has(:focus-visible) {
        outline: var(--wa-focus-ring);
        outline-offset: 1px;
      }

      .name {
        padding-inline-start: 0.75rem;
        color: var(--wa-color-text-quiet);
        white-space: nowrap;
      }

      select {
        flex: 1;
        min-inline-size: 0;
        align-self: stretch;
        padding: 0.25rem 2.125rem 0.25rem 0.4375rem;
        border: 0;
        outline: none;
        appearance: none;
        background: none;
        color: inherit;
        font: inherit;
        font-weight: 550;
        text-overflow: ellipsis;
        cursor: pointer;
      }

      option {
        background: var(--wa-color-surface-raised);
        color: var(--wa-color-text-normal);
      }

      wa-icon {
        position: absolute;
        inset-inline-end: 0.75rem;
        font-size: 0.75rem;
        pointer-events: none;
      }
    `,
  ];

  @property() label = "";
  @property() value = "";
  @property({ attribute: false }) choices: readonly Choice[] = [];

  protected override render() {
    const chosen = (event: Event) =>
      this.dispatchEvent(new CustomEvent("choose", { detail: (event.target as HTMLSelectElement).value }));
    return html`<label>
      <span class="name">${this.label}</span>
      <select @change=${chosen}>
        ${this.choices.map(
          ({ value, label }) => html`<option value=${value} ?selected=${value === this.value}>${label}</option>`,
        )}
      </select>
      <wa-icon library="system" name="chevron-down"></wa-icon>
    </label>`;
  }
}
