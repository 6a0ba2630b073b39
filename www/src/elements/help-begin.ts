import "./remedy-panel.ts";
import type { PhoneStory } from "fireblocks-reset-device";
import { HELP_TEXT_LIMIT } from "fireblocks-reset-device/gateway-api";
import { css, html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { BECAUSE, isBecause, OWN } from "../model/help.ts";
import { HELP_WORDS, readWords, writeWords } from "../stores/drafts.ts";
import { buttons } from "../styles/buttons.ts";
import { helpStyles } from "../styles/help.ts";
import { shared } from "../styles/shared.ts";
import { wordsArea } from "./words-area.ts";

/** What a person says when they ask for help. Dispatches `ask` with it. */
@customElement("help-begin")
export class HelpBegin extends LitElement {
  static override styles = [
    shared,
    buttons,
    helpStyles,
    css`
      fieldset {
        display: grid;
        gap: 0.25rem;
        min-inline-size: 0;
        margin: 0;
        padding: 0;
        border: 0;
      }

      legend {
        padding: 0 0 0.375rem;
        font-weight: 550;
      }

      label {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: 0.625rem;
        align-items: baseline;
        min-block-size: 2rem;
        padding-block: 0.25rem;
        cursor: pointer;
      }

      input {
        accent-color: var(--wa-color-brand-fill-loud);
      }
    `,
  ];

  @property({ type: Boolean }) busy = false;
  @state() private because?: PhoneStory;
  @state() private text = readWords(HELP_WORDS);

  #ask(event: Event): void {
    event.preventDefault();
    const { because } = this;
    if (because !== undefined && !isBecause(because)) return;
    const text = this.text.trim();
    const detail = { ...(because && { because }), ...(text !== "" && { text }) };
    this.dispatchEvent(new CustomEvent("ask", { detail }));
  }

  protected override render() {
    const { title, sentence, because } = OWN.begin;
    return html`<form class="stack measure" @submit=${this.#ask}>
      <h2>${title}</h2>
      <p>${sentence}</p>
      <fieldset>
        <legend>${because}</legend>
        ${BECAUSE.map(
          ({ value, label }) => html`<label
            ><input
              type="radio"
              name="because"
              .checked=${this.because === value}
              @change=${() => {
                this.because = value;
              }}
            /><span>${label}</span></label
          >`,
        )}
      </fieldset>
      ${this.because ? html`<remedy-panel story=${this.because}></remedy-panel>` : nothing}
      ${this.because === undefined || isBecause(this.because) ? this.#rest() : nothing}
    </form>`;
  }

  #rest() {
    const { text, hint, button } = OWN.begin;
    return html`${wordsArea({
      label: text,
      hint,
      longest: HELP_TEXT_LIMIT,
      value: this.text,
      onWords: (words) => {
        this.text = words;
        writeWords(HELP_WORDS, words);
      },
    })}
      <div class="actions"><button class="button loud" ?disabled=${this.busy}>${button}</button></div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "help-begin": HelpBegin;
  }
}
