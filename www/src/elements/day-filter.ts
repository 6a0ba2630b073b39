import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { isWholeDay } from "../model/history.ts";
import { filters } from "../styles/filters.ts";
import { shared } from "../styles/shared.ts";

/** Milliseconds without a key before a day counts as typed: the 1 of a 12th is a day too. */
const TYPING_PAUSE = 400;

const SOME_DAY = "2000-01-01";

/** A day, by the browser's own date field. Dispatches `choose` with `YYYY-MM-DD`, or an empty text, once it is whole. */
@customElement("day-filter")
export class DayFilter extends LitElement {
  static override styles = [
    shared,
    filters,
    css`
      .frame {
        gap: 0.4375rem;
        padding-inline: 0.75rem;
        font-size: 0.9375rem;
      }

      span {
        color: var(--wa-color-text-quiet);
      }

      .field {
        flex: 1;
        display: flex;
        align-self: stretch;
        position: relative;
        min-inline-size: 0;
      }

      input {
        font-weight: 550;
      }

      /* The browser's own words for an empty field are no choice of the person's. */
      .empty {
        color: var(--wa-color-text-quiet);
        font-weight: 400;
      }

      /* Over those words, since WebKit's are the day of today: as if it had been chosen. The sign of the calendar stays. */
      .any {
        display: flex;
        align-items: center;
        position: absolute;
        inset: 0 1.75rem 0 0;
        background: var(--wa-form-control-background-color);
        pointer-events: none;
      }

      .field:focus-within .any {
        display: none;
      }
    `,
  ];

  @property() label = "";
  @property() value = "";

  /** Set while a choice waits to be told. */
  #typing: ReturnType<typeof setTimeout> | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#typing);
  }

  /** Not when the field has changed, which in WebKit it has when it is left. */
  #typed(event: Event): void {
    const { value } = event.target as HTMLInputElement;
    clearTimeout(this.#typing);
    this.#typing = undefined;
    if (value === "" || isWholeDay(value)) this.#typing = setTimeout(() => this.#choose(value), TYPING_PAUSE);
  }

  #choose(value: string): void {
    this.#typing = undefined;
    if (value !== this.value) this.dispatchEvent(new CustomEvent("choose", { detail: value }));
  }

  /** What was left half typed, which has no value, is not what the list was asked for. */
  #left(event: Event): void {
    const field = event.target as HTMLInputElement;
    if (this.#typing !== undefined || isWholeDay(field.value)) return;
    // WebKit forgets the parts that were typed only where the value becomes another one.
    field.value = SOME_DAY;
    field.value = this.value;
  }

  protected override render() {
    return html`<label class="frame"
      ><span>${this.label}</span>
      <span class="field"
        ><input
          type="date"
          class=${this.value ? "" : "empty"}
          .value=${this.value}
          @input=${this.#typed}
          @blur=${this.#left} />${this.value ? nothing : html`<span class="any" aria-hidden="true">Any day</span>`}</span
      ></label
    >`;
  }
}
