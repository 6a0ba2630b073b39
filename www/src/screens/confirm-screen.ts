import "../elements/empty-state.ts";
import "../elements/problem-panel.ts";
import type { Confirmation } from "fireblocks-reset-device/gateway-api";
import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { breakable } from "../elements/breakable.ts";
import { wordsArea } from "../elements/words-area.ts";
import { answered, answerProblem, CONFIRMATION, LONGEST_ANSWER, reportName } from "../model/confirmation.ts";
import { becauseText } from "../model/help.ts";
import { SCREENS } from "../model/screens.ts";
import { exactTime } from "../model/time.ts";
import { ConfirmationStore } from "../stores/confirmation.ts";
import { forgetWords, readWords, writeWords } from "../stores/drafts.ts";
import { Follow } from "../stores/store.ts";
import { buttons } from "../styles/buttons.ts";
import { facts } from "../styles/facts.ts";
import { fields } from "../styles/fields.ts";
import { shared } from "../styles/shared.ts";

/** A person's manager says whether the person asked for the reset. */
@customElement("confirm-screen")
export class ConfirmScreen extends LitElement {
  static override styles = [
    shared,
    buttons,
    facts,
    fields,
    css`
      .box {
        max-inline-size: 44rem;
      }

      form {
        display: grid;
        gap: var(--wa-space-m);
      }

      .waiting {
        block-size: 16rem;
      }
    `,
  ];

  @property({ attribute: "record-id" }) recordId = "";
  @state() private reason = "";
  @state() private error = "";
  #store = new ConfirmationStore("");
  #follow = new Follow(this, this.#store);

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has("recordId")) return;
    this.removeController(this.#follow);
    this.#follow.hostDisconnected();
    this.#store = new ConfirmationStore(this.recordId);
    this.#follow = new Follow(this, this.#store);
    this.reason = readWords(this.#about);
    void this.#store.load();
  }

  get #about(): string {
    return `confirm/${this.recordId}`;
  }

  async #answer(event: Event, confirm: boolean): Promise<void> {
    event.preventDefault();
    this.error = answerProblem(this.reason);
    if (this.error) this.renderRoot.querySelector("wa-textarea")?.focus();
    else {
      if (await this.#store.answer(confirm, this.reason.trim())) forgetWords(this.#about);
      await this.updateComplete;
      this.renderRoot.querySelector<HTMLElement>("h1")?.focus();
    }
  }

  /** Who asked stands in the question already. */
  #facts({ state, askedBy, askedAt, reason, because, userEmail }: Confirmation) {
    const plain = (label: string, value: unknown) =>
      value === undefined ? nothing : html`<div><dt>${label}</dt><dd>${value}</dd></div>`;
    return html`<dl>
      ${plain("For", userEmail && breakable(userEmail))}${state === "asked" ? nothing : plain("Asked by", breakable(askedBy))}
      ${plain("Asked on", exactTime(askedAt))}${plain("What happened", becauseText(because))}${plain("Reason", reason)}
    </dl>`;
  }

  #form(asked: Confirmation) {
    const name = reportName(asked);
    const { busy } = this.#store.state;
    return html`<form novalidate @submit=${(event: Event) => this.#answer(event, true)}>
      <p>${CONFIRMATION.consequences}</p>
      ${wordsArea({
        label: CONFIRMATION.label,
        hint: CONFIRMATION.hint,
        error: this.error,
        longest: LONGEST_ANSWER,
        value: this.reason,
        onWords: (words) => {
          this.reason = words;
          this.error = "";
          writeWords(this.#about, words);
        },
      })}
      <div class="actions">
        <button class="button loud" ?disabled=${busy}>${CONFIRMATION.yes(name)}</button>
        <button class="button" type="button" ?disabled=${busy} @click=${(event: Event) => this.#answer(event, false)}>
          ${CONFIRMATION.no}
        </button>
      </div>
    </form>`;
  }

  #content(asked: Confirmation) {
    if (asked.state !== "asked") {
      const { title, sentence } = answered(asked);
      return html`<h1 tabindex="-1">${title}</h1><p class="intro" role="status">${sentence}</p>
        <section class="panel box">${this.#facts(asked)}</section>`;
    }
    const name = reportName(asked);
    const { refused } = this.#store.state;
    return html`<h1 tabindex="-1" class="anywhere">${CONFIRMATION.title(name)}</h1>
      <p class="intro anywhere">${SCREENS.confirm.intro}</p>
      <section class="panel box">
        ${refused && refused.kind !== "signedOut" ? html`<problem-panel .problem=${refused} no-retry></problem-panel>` : nothing}
        <p>${breakable(CONFIRMATION.sentence(name, asked.askedBy))}</p>
        ${this.#facts(asked)}${this.#form(asked)}
      </section>`;
  }

  protected override render() {
    const { asked, problem } = this.#store.state;
    if (asked) return this.#content(asked);
    return problem
      ? html`<problem-panel level="1" .problem=${problem} @retry=${() => this.#store.load()}></problem-panel>`
      : html`<h1>${SCREENS.confirm.title}</h1><div class="panel waiting" role="status" aria-busy="true" aria-label="Loading"></div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "confirm-screen": ConfirmScreen;
  }
}
