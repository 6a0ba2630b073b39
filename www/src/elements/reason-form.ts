import "@awesome.me/webawesome/dist/components/button/button.js";
import { css, html, LitElement, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { LONGEST_REASON, type ReasonWords, reasonProblem } from "../model/decision.ts";
import { readWords, writeWords } from "../stores/drafts.ts";
import { fields } from "../styles/fields.ts";
import { shared } from "../styles/shared.ts";
import { wordsArea } from "./words-area.ts";

/**
 * Asks for a reason. Dispatches `give` with it. What stands inside the element is shown beside the button, and what has the slot
 * `before` above it.
 */
@customElement("reason-form")
export class ReasonForm extends LitElement {
  static override styles = [
    shared,
    fields,
    css`
      form {
        display: grid;
        gap: var(--wa-space-m);
      }
    `,
  ];

  @property({ attribute: false }) words!: ReasonWords;
  @property({ type: Boolean }) busy = false;
  /** What the words are about, by which they are kept until `give` has been answered and whoever heard it forgets them. */
  @property() about = "";
  @state() private reason = "";
  @state() private error = "";

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("about")) this.reason = readWords(this.about);
  }

  override async focus(): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector("wa-textarea")?.focus();
  }

  #submit(event: Event): void {
    event.preventDefault();
    this.error = reasonProblem(this.reason);
    if (this.error) void this.focus();
    else this.dispatchEvent(new CustomEvent("give", { detail: this.reason.trim() }));
  }

  #type(words: string): void {
    this.reason = words;
    this.error = "";
    writeWords(this.about, words);
  }

  protected override render() {
    const { label, hint, button } = this.words;
    return html`<form novalidate @submit=${this.#submit}>
      ${wordsArea({
        label,
        hint,
        error: this.error,
        longest: LONGEST_REASON,
        value: this.reason,
        onWords: (words) => this.#type(words),
      })}
      <slot name="before"></slot>
      <div class="actions">
        <wa-button type="submit" variant="brand" ?loading=${this.busy}>${button}</wa-button>
        <slot></slot>
      </div>
    </form>`;
  }
}
