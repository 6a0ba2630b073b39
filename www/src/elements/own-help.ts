import "./help-begin.ts";
import "./help-code.ts";
import "./problem-panel.ts";
import type { HelpRequest } from "fireblocks-reset-device/gateway-api";
import { html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { deniedHelper, helperName, isOpenHelp, OWN, wrongText } from "../model/help.ts";
import { forgetWords, HELP_WORDS } from "../stores/drafts.ts";
import type { MeStore, ShownCode } from "../stores/me.ts";
import { Follow } from "../stores/store.ts";
import { buttons } from "../styles/buttons.ts";
import { helpStyles } from "../styles/help.ts";
import { shared } from "../styles/shared.ts";
import { breakable } from "./breakable.ts";

/** The person's side of a request for help: ask, read a code out, say whether it is whom they talk to. */
@customElement("own-help")
export class OwnHelp extends LitElement {
  static override styles = [shared, buttons, helpStyles];

  @property({ attribute: false }) store!: MeStore;
  /** The code that has run out by this browser's clock. */
  @state() private ranOut?: ShownCode;
  #follow?: Follow;

  protected override willUpdate(): void {
    this.#follow ??= new Follow(this, this.store);
  }

  async #act(act: () => Promise<boolean>): Promise<void> {
    if (!(await act())) return;
    await this.updateComplete;
    const code = this.renderRoot.querySelector("help-code");
    await code?.updateComplete;
    (code ?? this.renderRoot.querySelector<HTMLElement>("h2"))?.focus();
  }

  async #ask(asked: Parameters<MeStore["ask"]>[0]): Promise<boolean> {
    const given = await this.store.ask(asked);
    if (given) forgetWords(HELP_WORDS);
    return given;
  }

  #button(label: string, act: () => Promise<boolean>, kind = "") {
    return html`<button class="button ${kind}" type="button" ?disabled=${this.store.state.busy} @click=${() => this.#act(act)}>
      ${label}
    </button>`;
  }

  #caution(text: string, kind = "") {
    return html`<div class="caution measure ${kind}" role="note"><wa-icon name="exclamation-triangle"></wa-icon><p>${breakable(text)}</p></div>`;
  }

  #takeBack() {
    return this.#button(OWN.takeBack, this.store.cancel, "plain");
  }

  #open(help: HelpRequest, shown: ShownCode | undefined) {
    const { renew } = this.store;
    const wrong = wrongText(help);
    const told = wrong === undefined ? nothing : this.#caution(wrong, "danger");
    const mine = shown?.helpId === help.id ? shown : undefined;
    const isSpent = help.code?.triesLeft === 0;
    if (mine !== undefined && mine.number === help.code?.number && !isSpent && this.ranOut !== mine) {
      return html`<h2 tabindex="-1">${OWN.code.title}</h2>
        <p class="measure">${OWN.code.sentence}</p>
        <help-code
          digits=${mine.digits}
          until=${mine.until}
          @ranout=${() => {
            this.ranOut = mine;
          }}
        ></help-code>
        ${told}${this.#caution(OWN.code.warning)}
        <div class="actions">${this.#button(OWN.code.renew, renew)}${this.#takeBack()}</div>`;
    }
    const isElsewhere = mine !== undefined && help.code !== undefined && mine.number < help.code.number;
    const why = isSpent
      ? undefined
      : isElsewhere
        ? OWN.elsewhere
        : mine !== undefined
          ? OWN.ranOut
          : OWN.hidden.sentence;
    return html`<h2 tabindex="-1">${OWN.hidden.title}</h2>
      ${told}${why === undefined ? nothing : html`<p class="measure">${why}</p>`} ${this.#caution(OWN.code.warning)}
      <div class="actions">${this.#button(OWN.hidden.button, renew, "loud")}${this.#takeBack()}</div>`;
  }

  #helper({ helper }: HelpRequest) {
    return helper?.name ? html`<p class="quiet anywhere">${breakable(helper.by)}</p>` : nothing;
  }

  #matched(help: HelpRequest) {
    const { confirm, deny } = this.store;
    const { helper } = help;
    if (helper === undefined) return nothing;
    return html`<div>
        <h2 tabindex="-1" class="anywhere">${breakable(OWN.matched.title(helperName(help)))}</h2>
        ${this.#helper(help)}
      </div>
      <p class="measure">${OWN.matched.sentence}</p>
      <div class="large" role="group" aria-label=${OWN.matched.word}><p class="word">${helper.word}</p></div>
      <div class="actions">
        ${this.#button(OWN.matched.yes, () => confirm(helper.at), "loud")}${this.#button(OWN.matched.no, deny)}
      </div>`;
  }

  #confirmed(help: HelpRequest) {
    return html`<div>
        <h2 tabindex="-1" class="anywhere">${breakable(OWN.confirmed.title(helperName(help)))}</h2>
        ${this.#helper(help)}
      </div>
      <p class="measure">${OWN.confirmed.sentence}</p>
      <div class="actions">${this.#button(OWN.confirmed.no, this.store.deny)}${this.#takeBack()}</div>`;
  }

  #begin(help: HelpRequest | undefined) {
    const before = help?.state === "used" ? OWN.used : help?.state === "expired" ? OWN.expired : undefined;
    return html`${before === undefined ? nothing : html`<p class="measure" role="status">${before}</p>`}
      <help-begin
        ?busy=${this.store.state.busy}
        @ask=${({ detail }: CustomEvent) => this.#act(() => this.#ask(detail))}
      ></help-begin>`;
  }

  #content(help: HelpRequest | undefined, code: ShownCode | undefined) {
    if (help === undefined || !isOpenHelp(help)) return this.#begin(help);
    if (help.state === "matched") return this.#matched(help);
    return help.state === "confirmed" ? this.#confirmed(help) : this.#open(help, code);
  }

  /** What comes without a press of one's own, for a screen reader. */
  #news(help: HelpRequest | undefined): string {
    if (help?.state === "matched") return OWN.matched.title(helperName(help));
    return (help?.state === "open" && wrongText(help)) || "";
  }

  protected override render() {
    const { me, code, refused } = this.store.state;
    const help = me?.help;
    const denied = help && deniedHelper(help);
    return html`<section class="panel box">
      ${denied === undefined ? nothing : this.#caution(OWN.denied(denied), "danger")}
      ${refused && refused.kind !== "signedOut" ? html`<problem-panel .problem=${refused} no-retry></problem-panel>` : nothing}
      ${this.#content(help, code)}
      ${help && isOpenHelp(help) ? html`<p class="small quiet measure">${OWN.limits}</p>` : nothing}
      <p class="visually-hidden" role="status">${this.#news(help)}</p>
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "own-help": OwnHelp;
  }
}
