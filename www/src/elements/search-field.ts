import { css, html, LitElement, nothing } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { filters } from "../styles/filters.ts";
import { shared } from "../styles/shared.ts";

/** A text to search by, in the browser's own field. Dispatches `search` with the text at each change. */
@customElement("search-field")
export class SearchField extends LitElement {
  static override shadowRootOptions = { ...LitElement.shadowRootOptions, delegatesFocus: true };
  static override styles = [
    shared,
    filters,
    css`
      .frame {
        gap: 0.625rem;
        padding-inline: 0.875rem 0.25rem;
      }

      input {
        appearance: none;
      }

      input::placeholder {
        color: var(--wa-color-text-quiet);
        opacity: 1;
      }

      /* Not every browser brings one: the button beside the field is for all of them. */
      input::-webkit-search-cancel-button {
        display: none;
      }

      wa-icon {
        flex: none;
        color: var(--wa-color-text-quiet);
      }

      button {
        display: grid;
        place-items: center;
        inline-size: 2.25rem;
        block-size: 2.25rem;
        padding: 0;
        border: 0;
        background: none;
        color: inherit;
        font-size: 0.875rem;
        cursor: pointer;
      }
    `,
  ];

  @property() label = "";
  @property() placeholder = "";
  @property() value = "";
  @query("input") private field!: HTMLInputElement;

  #search(text: string): void {
    this.dispatchEvent(new CustomEvent("search", { detail: text }));
  }

  #clear(): void {
    this.#search("");
    this.field.focus();
  }

  protected override render() {
    return html`<div class="frame">
      <wa-icon name="search"></wa-icon>
      <input
        type="search"
        aria-label=${this.label}
        placeholder=${this.placeholder}
        autocomplete="off"
        autocapitalize="off"
        spellcheck="false"
        .value=${this.value}
        @input=${() => this.#search(this.field.value)}
      />
      ${
        this.value
          ? html`<button type="button" aria-label="Clear the search" @click=${this.#clear}>
              <wa-icon library="system" name="circle-xmark"></wa-icon>
            </button>`
          : nothing
      }
    </div>`;
  }
}
