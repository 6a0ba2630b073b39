import "@awesome.me/webawesome/dist/components/input/input.js";
import "./problem-panel.ts";
import type { HelpRequest } from "fireblocks-reset-device/gateway-api";
import { css, html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { serverTime } from "../gateway/api.ts";
import { isAboutCode } from "../gateway/problem.ts";
import { codeLife, codeProblem, deniedHelper, digitsOf, HELPER, whose } from "../model/help.ts";
import { resetForHelpPath } from "../router/paths.ts";
import { clockStore } from "../stores/clock.ts";
import type { HelpStore } from "../stores/help.ts";
import { sessionStore } from "../stores/session.ts";
import { Follow } from "../stores/store.ts";
import { buttons } from "../styles/buttons.ts";
import { fields } from "../styles/fields.ts";
import { helpStyles } from "../styles/help.ts";
import { shared } from "../styles/shared.ts";
import { breakable } from "./breakable.ts";

/** The helper's side: type the code, say the words, go on when the person has confirmed. */
@customElement("help-match")
export class HelpMatch extends LitElement {
  static override styles = [
    shared,
    buttons,
    fields,
    helpStyles,
    css`
      form {
        display: grid;
        justify-items: start;
        gap: var(--wa-space-m);
      }

      wa-input {
        inline-size: min(26rem, 100%);
      }

      wa-input::part(base) {
        inline-size: 12rem;
      }

      wa-input::part(input) {
        font-family: var(--wa-font-family-code);
        font-size: 1.25rem;
        letter-spacing: 0.12em;
      }

    `,
  ];

  @property({ attribute: false }) store!: HelpStore;
  @state() private typed = "";
  @state() private error = "";
  #follow?: Follow;

  protected override willUpdate(): void {
    this.#follow ??= new Follow(this, this.store, clockStore, sessionStore);
  }

  async #check(event: Event): Promise<void> {
    event.preventDefault();
    const digits = digitsOf(this.typed);
    this.error = codeProblem(digits);
    const good = this.error === "" && (await this.store.match(digits));
    if (good) this.typed = "";
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(good ? ".large" : "wa-input")?.focus();
  }

  #form(name: string) {
    const { busy, refused } = this.store.state;
    const { label, hint, button } = HELPER.open;
    const wrong = this.error || (refused && isAboutCode(refused) ? refused.message : "");
    return html`<form novalidate @submit=${this.#check}>
        <wa-input
          class=${wrong ? "wrong" : ""}
          label=${label}
          hint=${wrong || hint}
          inputmode="numeric"
          autocomplete="off"
          maxlength="20"
          .value=${this.typed}
          @input=${(event: Event) => {
            this.typed = (event.target as HTMLInputElement).value;
            this.error = "";
          }}
        ></wa-input>
        <button class="button loud" ?disabled=${busy}>${button}</button>
      </form>
      <p class="visually-hidden" role="alert">${wrong}</p>
      <p class="small quiet measure">${HELPER.open.sentence(name)}</p>`;
  }

  #open(request: HelpRequest, name: string) {
    const life = codeLife(request.code, serverTime(clockStore.state));
    const denied = deniedHelper(request);
    return html`
      ${
        denied === undefined
          ? nothing
          : html`<div class="caution danger measure" role="alert"><wa-icon name="exclamation-triangle"></wa-icon><p>${HELPER.denied(name)}</p></div>`
      }
      <h2 class="anywhere">${breakable(HELPER.open.title(name))}</h2>
      ${life === "alive" ? nothing : html`<p class="measure" role="status">${HELPER.noCode[life](name)}</p>`}
      ${life === "spent" ? html`<p class="small quiet measure">${HELPER.open.sentence(name)}</p>` : this.#form(name)}
    `;
  }

  #helped(request: HelpRequest, name: string) {
    const { helper, state } = request;
    if (helper?.word === undefined)
      return html`<p class="measure">${HELPER.byOther(helper?.name ?? helper?.by ?? "", name)}</p>`;
    if (state === "matched") {
      const { title, sentence, awaited } = HELPER.matched;
      return html`<h2 class="anywhere">${breakable(title(name))}</h2>
        <div class="large" tabindex="-1" role="group" aria-label=${title(name)}><p class="word">${helper.word}</p></div>
        <p class="measure">${sentence(name)}</p>
        <p><span class="quiet">Awaited:</span> ${awaited(name)}</p>`;
    }
    return html`<h2 class="anywhere">${breakable(HELPER.confirmed.title(name))}</h2>
      <p class="measure">${HELPER.confirmed.sentence}</p>
      <div class="actions">
        <a class="button loud" href=${resetForHelpPath(request)}>${HELPER.confirmed.button}</a>
      </div>`;
  }

  #content(request: HelpRequest, name: string) {
    if (request.state === "open") return this.#open(request, name);
    if (request.state === "matched" || request.state === "confirmed") return this.#helped(request, name);
    return html`<p>${HELPER.ended}</p>`;
  }

  protected override render() {
    const { request, refused } = this.store.state;
    if (!request) return nothing;
    const name = whose(request);
    const news = request.state === "confirmed" && request.helper?.word ? HELPER.confirmed.title(name) : "";
    return html`<section class="panel box">
      ${refused && !isAboutCode(refused) && refused.kind !== "signedOut" ? html`<problem-panel .problem=${refused} no-retry></problem-panel>` : nothing}
      ${this.#content(request, name)}
      <p class="visually-hidden" role="status">${news}</p>
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "help-match": HelpMatch;
  }
}
