import "@awesome.me/webawesome/dist/components/button/button.js";
import "@awesome.me/webawesome/dist/components/input/input.js";
import "./blocked-reset.ts";
import "./demands-panel.ts";
import "./help-hint.ts";
import "./proof-fields.ts";
import "./story-field.ts";
import type { PhoneStory } from "fireblocks-reset-device";
import type { ResetDemands, UserRow } from "fireblocks-reset-device/gateway-api";
import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { consequencesFor } from "../model/consequences.ts";
import {
  asksManager,
  EMERGENCY,
  helpsOtherwise,
  isDemanding,
  NEEDS,
  NO_RESET_NEEDED,
  provenText,
} from "../model/demands.ts";
import {
  type Answers,
  answerProblems,
  emergencyProblems,
  type Field,
  fieldTexts,
  givenProofs,
  noteOf,
  type Place,
  storyAnswer,
} from "../model/reset-form.ts";
import { userName } from "../model/user.ts";
import { DemandsStore } from "../stores/demands.ts";
import { readDraft, writeDraft } from "../stores/drafts.ts";
import { sessionStore } from "../stores/session.ts";
import { Follow } from "../stores/store.ts";
import { fields } from "../styles/fields.ts";
import { dialogContent } from "../styles/reset-dialog.ts";
import { shared } from "../styles/shared.ts";
import { consequenceList, consequences } from "./consequence-list.ts";
import { wordsArea } from "./words-area.ts";

/**
 * What a reset needs and does, and what has to be known before one is asked for. Keeps what is typed as this tab's draft. Dispatches
 * `confirm` with the note once everything is given, and `cancel`.
 */
@customElement("reset-form")
export class ResetForm extends LitElement {
  static override styles = [
    shared,
    fields,
    consequences,
    dialogContent,
    css`
      .fields {
        display: grid;
        /* A long choice is cut, and widens nothing. */
        grid-template-columns: minmax(0, 1fr);
        gap: var(--wa-space-m);
      }

      .proven {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: var(--wa-space-s);
        align-items: baseline;
        padding: var(--wa-space-s) var(--wa-space-m);
        border-radius: var(--wa-border-radius-m);
        background: var(--wa-color-success-fill-quiet);
        color: var(--wa-color-success-on-quiet);
      }

      /* Its words begin where all others do. */
      .emergency {
        margin-inline-start: -0.875rem;
      }

      .reading {
        min-block-size: 20rem;
      }
    `,
  ];

  @property({ attribute: false }) user!: UserRow;
  /** The person's request for help that this answers. */
  @property() help = "";
  /** What the person said there of the phone; whoever asks for the reset may know better. */
  @property() because = "";
  @state() private answers: Answers = {};
  @state() private problems: Partial<Record<Place, string>> = {};
  /** Whether the person is about to pass the policy over. */
  @state() private emergency = false;
  /** Whether it was ever demanded to say what happened: once it is said, that is demanded no more. */
  @state() private storyRequired = false;
  readonly #demands = new DemandsStore();

  constructor() {
    super();
    new Follow(this, sessionStore, this.#demands);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const isOther = changed.has("user") && changed.get("user")?.id !== this.user.id;
    if (isOther || (changed.has("help") && this.hasUpdated)) {
      this.answers = { ...storyAnswer(this.because), ...readDraft(this.user.id) };
      this.emergency = false;
      this.storyRequired = false;
      void this.#demands.begin(this.user.id, this.#known(this.answers.because));
    }
    if (this.#demands.state.demands?.because) this.storyRequired = true;
  }

  #known(because: PhoneStory | undefined) {
    return { because: helpsOtherwise(because) ? undefined : because, helpRequest: this.help || undefined };
  }

  get #noteRequired(): boolean {
    return sessionStore.session?.requireNote ?? true;
  }

  get #needs(): ResetDemands | undefined {
    return this.#demands.state.demands;
  }

  #answer(place: Place, answers: Answers): void {
    this.problems = { ...this.problems, [place]: undefined };
    this.answers = answers;
    // What confirms is typed anew each time, and so is why everything else is passed over.
    const { email: _, breakGlass: __, ...draft } = answers;
    writeDraft(this.user.id, draft);
  }

  #type(field: Field, words: string): void {
    this.#answer(field, { ...this.answers, [field]: words });
  }

  async #tell(story: string): Promise<void> {
    const { because: _, ...others } = this.answers;
    const told = storyAnswer(story);
    this.#answer("because", { ...others, ...told });
    const { because } = told;
    if (helpsOtherwise(because)) return;
    await this.#demands.look(this.user.id, this.#known(because));
    if (!this.#needs?.blocked) return;
    await this.updateComplete;
    // The field that had the focus is gone.
    this.renderRoot.querySelector("blocked-reset")?.focus();
  }

  async #submit(event: Event): Promise<void> {
    event.preventDefault();
    if (helpsOtherwise(this.answers.because)) return;
    this.problems = this.emergency
      ? emergencyProblems(this.answers, this.user)
      : answerProblems(this.answers, this.user, this.#noteRequired, this.#needs);
    if (Object.keys(this.problems).length === 0) {
      this.dispatchEvent(new CustomEvent("confirm", { detail: noteOf(this.answers, this.emergency, this.help) }));
      return;
    }
    await this.updateComplete;
    const wrong = this.renderRoot.querySelector<HTMLElement>(".wrong");
    wrong?.focus();
    // With what is wrong, which stands below the field.
    wrong?.scrollIntoView({ block: "center" });
  }

  async #turn(emergency: boolean): Promise<void> {
    this.emergency = emergency;
    this.problems = {};
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(emergency ? "wa-textarea" : ".emergency")?.focus();
  }

  /** What an input of either kind is given. */
  #of(field: Field) {
    const chosen = Object.keys(this.answers.proofs ?? {}).length > 0 || (this.#needs?.met.length ?? 0) > 0;
    const required = this.#noteRequired && !(field === "verifiedBy" && chosen);
    const text = fieldTexts(this.user, required)[field];
    return {
      ...text,
      hint: this.problems[field] ?? text.hint,
      mark: this.problems[field] ? "wrong" : "",
      value: this.answers[field] ?? "",
      type: (event: Event) => this.#type(field, (event.target as HTMLInputElement).value),
    };
  }

  #line(field: "verifiedBy" | "reference") {
    const { mark, label, hint, longest, value, type } = this.#of(field);
    return html`<wa-input
      class=${mark}
      label=${label}
      hint=${hint}
      maxlength=${longest ?? nothing}
      autocomplete="off"
      .value=${value}
      @input=${type}
    ></wa-input>`;
  }

  #lines(field: "reason" | "breakGlass") {
    const { label, hint, longest, value } = this.#of(field);
    const onWords = (words: string) => this.#type(field, words);
    return wordsArea({ label, hint, error: this.problems[field], longest, value, onWords });
  }

  #confirmation() {
    const { mark, label, hint, value, type } = this.#of("email");
    return html`<wa-input
      class=${mark}
      label=${label}
      hint=${hint}
      autocomplete="off"
      autocapitalize="off"
      autocorrect="off"
      spellcheck="false"
      inputmode="email"
      .value=${value}
      @input=${type}
    ></wa-input>`;
  }

  #fields() {
    const { proofs } = this.problems;
    return html`<div class="fields">
      <proof-fields
        class=${proofs ? "wrong" : ""}
        .proofs=${this.answers.proofs ?? {}}
        .error=${proofs ?? ""}
        @choose=${({ detail }: CustomEvent<Answers["proofs"]>) =>
          this.#answer("proofs", { ...this.answers, ...(detail && { proofs: detail }) })}
      ></proof-fields>
      ${this.#line("verifiedBy")} ${this.#lines("reason")} ${this.#line("reference")} ${this.#confirmation()}
    </div>`;
  }

  /** One question before anything else, and what helps after each answer. */
  #story() {
    const { because } = this.problems;
    return html`<story-field
      class=${because ? "wrong" : ""}
      ?required=${this.storyRequired}
      .value=${this.answers.because ?? ""}
      .error=${because ?? ""}
      @choose=${({ detail }: CustomEvent<string>) => this.#tell(detail)}
    ></story-field>`;
  }

  #buttons(submit: unknown) {
    return html`<div class="buttons">
      <wa-button appearance="outlined" @click=${() => this.dispatchEvent(new Event("cancel"))}>Cancel</wa-button>
      ${submit}
    </div>`;
  }

  #passingOver() {
    return html`<div class="warning" role="note">
        <wa-icon name="exclamation-triangle"></wa-icon>
        <p>${EMERGENCY.sentence}</p>
      </div>
      <div class="fields">${this.#lines("breakGlass")} ${this.#confirmation()}</div>
      <div class="buttons">
        <wa-button appearance="outlined" @click=${() => this.#turn(false)}>Back</wa-button>
        <wa-button type="submit" variant="danger">${EMERGENCY.button}</wa-button>
      </div>`;
  }

  #asking(needs: ResetDemands | undefined) {
    const proposing =
      (needs && (needs.secondPerson || asksManager(needs, givenProofs(this.answers)))) ??
      sessionStore.session?.requireSecondPerson ??
      false;
    const emergency =
      needs?.breakGlass && (isDemanding(needs) || needs.secondPerson)
        ? html`<p><wa-button class="emergency" size="s" appearance="plain" @click=${() => this.#turn(true)}>${EMERGENCY.summary}…</wa-button></p>`
        : nothing;
    if (needs?.forbidden) return html`${emergency} ${this.#buttons(nothing)}`;
    return html`<section>
        <h3>What will happen</h3>
        ${consequenceList(consequencesFor(this.user, { proposing, quorum: needs?.quorum }))}
      </section>
      ${this.#fields()} ${emergency}
      ${this.#buttons(
        html`<wa-button type="submit" variant="brand">${proposing ? "Propose the reset" : "Request the reset"}</wa-button>`,
      )}`;
  }

  /** Where no reset helps none can be asked for. */
  #nothingToAsk() {
    return html`<p class="quiet">${NO_RESET_NEEDED}</p>
      <div class="buttons">
        <wa-button variant="brand" @click=${() => this.dispatchEvent(new Event("cancel"))}>Close</wa-button>
      </div>`;
  }

  get #name(): string {
    return this.user.firstName || userName(this.user);
  }

  /** What it needs first, and then how the person's own part of it is come by. */
  #request(demands: ResetDemands | undefined) {
    return html`${
      demands && isDemanding(demands)
        ? html`<demands-panel .demands=${demands} .given=${[...demands.met, ...givenProofs(this.answers)]} name=${this.#name}></demands-panel>`
        : nothing
    }
      ${demands?.met.includes("codeMatched") ? html`<div class="proven" role="note"><wa-icon name="check-circle"></wa-icon><p>${provenText(this.#name)}</p></div>` : nothing}
      ${this.help || this.emergency || demands?.forbidden ? nothing : html`<help-hint .user=${this.user}></help-hint>`}
      ${this.emergency ? this.#passingOver() : this.#asking(demands)}`;
  }

  protected override render() {
    const { warning } = this.user;
    const { demands, problem } = this.#demands.state;
    // Nothing moves under the hand of whoever has begun to type.
    if (!demands && !problem) {
      return html`<p class="reading quiet" role="status" aria-busy="true">${NEEDS.loading}</p>`;
    }
    // No emergency changes it: the worker would refuse that all the same.
    if (demands?.blocked) {
      return html`<blocked-reset
        .demands=${demands}
        name=${this.#name}
        @cancel=${() => this.dispatchEvent(new Event("cancel"))}
      ></blocked-reset>`;
    }
    return html`<form class="stack" novalidate @submit=${this.#submit}>
      ${warning ? html`<div class="warning" role="note"><wa-icon name="exclamation-triangle"></wa-icon><p>${warning}</p></div>` : nothing}
      ${problem === undefined ? nothing : html`<div class="warning" role="note"><wa-icon name="exclamation-triangle"></wa-icon><p>${NEEDS.unread}</p></div>`}
      ${this.emergency ? nothing : this.#story()}
      ${!this.emergency && helpsOtherwise(this.answers.because) ? this.#nothingToAsk() : this.#request(demands)}
    </form>`;
  }
}
