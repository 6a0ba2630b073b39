import { css, html, LitElement } from "lit";
import { customElement, property } from "lit/decorators.js";
import { shared } from "../styles/shared.ts";

/** A day, by the browser's own date field. Dispatches `choose` with `YYYY-MM-DD`, or an empty text. */
@customElement("day-filter")
export class DayFilter extends LitElement {
  static override styles = [
    shared,
    css`
      label {
        display: flex;
        align-items: center;
        min-block-size: 2.75rem;
        padding-inline: 0.75rem;
        gap: 0.4375rem;
        border: 1px solid var(--wa-form-control-border-color);
        border-radius: var(--wa-form-control-border-radius);
        background: var(--wa-form-control-background-color);
        font-size: 0.9375rem;
      }

      label:has(:focus-visible) {
        outline: var(--wa-focus-ring);
        outline-offset: 1px;
      }

      span {
        color: var(--wa-color-text-quiet);
      }

      input {
        flex: 1;
        min-inline-size: 0;
        border: 0;
        outline: none;
        background: none;
        color: inherit;
        font: inherit;
        font-weight: 550;
      }

      /* The browser's own words for an empty field are no choice of the person's. */
      .empty {
        color: var(--wa-color-text-quiet);
        font-weight: 400;
      }
    `,
  ];

  @property() label = "";
  @property() value = "";

  protected override render() {
    return html`<label
      ><span>${this.label}</span>
      <input
        type="date"
        class=${this.value ? "" : "empty"}
        .value=${this.value}
        @change=${(event: Event) =>
          this.dispatchEvent(new CustomEvent("choose", { detail: (event.target as HTMLInputElement).value }))}
    /></label>`;
  }
}
