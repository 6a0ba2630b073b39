import { css, html, LitElement } from "lit";
import { customElement, property } from "lit/decorators.js";
import { filters } from "../styles/filters.ts";
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
    filters,
    css`
      .frame {
        font-size: 0.9375rem;
      }

      .name {
        padding-inline-start: 0.75rem;
        color: var(--wa-color-text-quiet);
        white-space: nowrap;
      }

      select {
        padding-inline-start: 0.4375rem;
        font-weight: 550;
      }
    `,
  ];

  @property() label = "";
  @property() value = "";
  @property({ attribute: false }) choices: readonly Choice[] = [];

  protected override render() {
    const chosen = (event: Event) =>
      this.dispatchEvent(new CustomEvent("choose", { detail: (event.target as HTMLSelectElement).value }));
    return html`<label class="frame">
      <span class="name">${this.label}</span>
      <select @change=${chosen}>
        ${this.choices.map(
          ({ value, label }) => html`<option value=${value} .selected=${value === this.value}>${label}</option>`,
        )}
      </select>
      <wa-icon library="system" name="chevron-down"></wa-icon>
    </label>`;
  }
}
