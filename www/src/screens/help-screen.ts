import "../elements/help-match.ts";
import "../elements/problem-panel.ts";
import "../elements/time-ago.ts";
import "../elements/tone-badge.ts";
import type { HelpRequest } from "fireblocks-reset-device/gateway-api";
import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { customElement, property } from "lit/decorators.js";
import { breakable } from "../elements/breakable.ts";
import { lookFailed } from "../model/explain.ts";
import { becauseText, HELPER, helpEventText, helpState, whose } from "../model/help.ts";
import { SCREENS } from "../model/screens.ts";
import { exactTime } from "../model/time.ts";
import { historyPath, recordPath } from "../router/paths.ts";
import { HelpStore } from "../stores/help.ts";
import { sessionStore } from "../stores/session.ts";
import { Follow } from "../stores/store.ts";
import { facts } from "../styles/facts.ts";
import { story, wayBack } from "../styles/screens.ts";
import { shared } from "../styles/shared.ts";

/** One request for help, as whoever helps sees it. */
@customElement("help-screen")
export class HelpScreen extends LitElement {
  static override styles = [
    shared,
    wayBack,
    story,
    facts,
    css`
      ol {
        display: grid;
        gap: 0.375rem;
        padding-inline-start: 1.25rem;
      }

      li {
        overflow-wrap: anywhere;
      }

      .waiting {
        block-size: 16rem;
      }
    `,
  ];

  @property({ attribute: "help-id" }) helpId = "";
  #store = new HelpStore("");
  #follow = new Follow(this, sessionStore);
  #stop?: () => void;

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("helpId")) this.#start();
  }

  #start(): void {
    this.#stop?.();
    this.removeController(this.#follow);
    this.#follow.hostDisconnected();
    this.#store = new HelpStore(this.helpId);
    this.#follow = new Follow(this, sessionStore, this.#store);
    this.#stop = this.#store.follow();
  }

  #lookAgain(): void {
    this.#stop?.();
    this.#stop = this.#store.follow();
  }

  #facts({ because, text, createdAt, expiresAt, userId }: HelpRequest) {
    const plain = (label: string, value: string | undefined) =>
      value === undefined ? nothing : html`<div><dt>${label}</dt><dd>${value}</dd></div>`;
    return html`<aside class="panel box" aria-label="Facts">
      <dl>
        ${plain("What happened", becauseText(because))}${plain("What they say", text)}
        ${plain("Asked on", exactTime(createdAt))}${plain("Ends by itself", exactTime(expiresAt))}
      </dl>
      <p class="small"><a href=${historyPath(userId)}>All resets of this user</a></p>
    </aside>`;
  }

  #story({ events }: HelpRequest) {
    return html`<section class="panel box">
      <h2>${HELPER.story}</h2>
      <ol>
        ${events.map(
          (event) => html`<li>
            ${
              event.detail?.recordId
                ? html`<a href=${recordPath(event.detail.recordId)}>${helpEventText(event)}</a>`
                : breakable(helpEventText(event))
            }
            <span class="small quiet">· <time-ago .at=${event.at}></time-ago>${event.actor ? html` · ${breakable(event.actor)}` : nothing}</span>
          </li>`,
        )}
      </ol>
    </section>`;
  }

  #content(request: HelpRequest) {
    const { label, tone } = helpState(request);
    const { problem } = this.#store.state;
    const helps = sessionStore.session?.can.settle;
    return html`<div class="title">
        <h1 class="anywhere">${whose(request)}</h1>
        <tone-badge tone=${tone} role="status">${label}</tone-badge>
      </div>
      <p class="quiet anywhere">${breakable(request.userEmail)}</p>
      ${problem && problem.kind !== "signedOut" ? html`<p class="small" role="status"><strong>${lookFailed(problem)}</strong></p>` : nothing}
      <div class="columns">
        <div class="main">${helps ? html`<help-match .store=${this.#store}></help-match>` : nothing}${this.#story(request)}</div>
        ${this.#facts(request)}
      </div>`;
  }

  protected override render() {
    const { request, problem } = this.#store.state;
    return html`<a class="back" href="/queue"><wa-icon name="arrow-left"></wa-icon>To do</a>
      ${
        request
          ? this.#content(request)
          : problem
            ? html`<problem-panel level="1" .problem=${problem} @retry=${this.#lookAgain}></problem-panel>`
            : html`<h1>${SCREENS.help.title}</h1>
                <div class="columns"><div class="panel waiting" aria-busy="true"></div></div>`
      }`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "help-screen": HelpScreen;
  }
}
