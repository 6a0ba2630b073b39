import "@awesome.me/webawesome/dist/components/button/button.js";
import "./problem-panel.ts";
import { html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { LONGEST_REASON, reasonProblem } from "../model/decision.ts";
import { ALARM, NOT_NOW } from "../model/protest.ts";
import { forgetWords, readWords, writeWords } from "../stores/drafts.ts";
import type { ProtestStore } from "../stores/protest.ts";
import { Follow } from "../stores/store.ts";
import { fields } from "../styles/fields.ts";
import { helpStyles } from "../styles/help.ts";
import { shared } from "../styles/shared.ts";
import { wordsArea } from "./words-area.ts";

/** Says that somebody pretends to be oneself. Dispatches `cancel`, and `raised` once it is said. */
@customElement("alarm-form")
export class AlarmForm extends LitElement {
  static override styles = [shared, fields, helpStyles];

  @property({ attribute: false }) store!: ProtestStore;
  /** The reset that it is about, if it is about one. */
  @property({ attribute: "record-id" }) recordId?: string;
  @state() private text = "";
  @state() private error = "";
  #follow?: Follow;

  /** Also right after this was put into the page, when the field is not drawn yet. */
  override async focus(): Promise<void> {
    await this.updateComplete;
    const field = this.renderRoot.querySelector("wa-textarea");
    await field?.updateComplete;
    field?.focus();
  }

  protected override willUpdate(): void {
    if (this.#follow) return;
    this.#follow = new Follow(this, this.store);
    this.text = readWords(this.#about);
  }

  get #about(): string {
    return `alarm/${this.recordId ?? ""}`;
  }

  async #raise(event: Event): Promise<void> {
    event.preventDefault();
    this.error = reasonProblem(this.text);
    if (this.error) return this.focus();
    if (!(await this.store.raise(this.text.trim(), this.recordId))) return;
    forgetWords(this.#about);
    this.dispatchEvent(new Event("raised"));
  }

  protected override render() {
    const busy = this.store.state.busy === (this.recordId ?? "");
    const refused = this.recordId === undefined ? this.store.refusedAbout("") : undefined;
    return html`<form class="stack" novalidate @submit=${this.#raise}>
      ${refused ? html`<problem-panel .problem=${refused} no-retry></problem-panel>` : nothing}
      ${wordsArea({
        label: ALARM.label,
        hint: ALARM.hint,
        error: this.error,
        longest: LONGEST_REASON,
        value: this.text,
        onWords: (words) => {
          this.text = words;
          this.error = "";
          writeWords(this.#about, words);
        },
      })}
      <div class="actions">
        <wa-button type="submit" variant="danger" ?loading=${busy}>${ALARM.button}</wa-button>
        <wa-button appearance="outlined" ?disabled=${busy} @click=${() => this.dispatchEvent(new Event("cancel"))}
          >${NOT_NOW}</wa-button
        >
      </div>
    </form>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "alarm-form": AlarmForm;
  }
}
