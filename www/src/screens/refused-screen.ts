import "@awesome.me/webawesome/dist/components/button/button.js";
import "../elements/empty-state.ts";
import "../elements/problem-panel.ts";
import "../elements/refused-table.ts";
import { css, html, LitElement, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import type { Problem } from "../gateway/problem.ts";
import { attemptsText, NONE_REFUSED } from "../model/refused.ts";
import { SCREENS } from "../model/screens.ts";
import { RefusedStore } from "../stores/refused.ts";
import { sessionStore } from "../stores/session.ts";
import { Follow } from "../stores/store.ts";
import { usersStore } from "../stores/users.ts";
import { paged, wayBack } from "../styles/screens.ts";
import { shared } from "../styles/shared.ts";

/** They are for those who may export the whole story. */
const mayRead = (): boolean => sessionStore.session?.can.export ?? false;

/** What was refused to whom, for auditors. */
@customElement("refused-screen")
export class RefusedScreen extends LitElement {
  static override styles = [
    shared,
    wayBack,
    paged,
    css`
      .waiting {
        block-size: 16rem;
      }
    `,
  ];

  readonly #refused = new RefusedStore();

  constructor() {
    super();
    new Follow(this, this.#refused, usersStore, sessionStore);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (!mayRead()) return;
    void this.#refused.load();
    // For their names alone: without the list the ids are shown.
    if (!usersStore.state.list) void usersStore.load();
  }

  #results() {
    const { attempts, next, loading } = this.#refused.state;
    if (!attempts) {
      return loading
        ? html`<div class="panel waiting" role="status" aria-busy="true" aria-label="Loading the refused attempts"></div>`
        : nothing;
    }
    if (attempts.length === 0) {
      return html`<empty-state icon="check-circle" heading=${NONE_REFUSED.title} sentence=${NONE_REFUSED.sentence}></empty-state>`;
    }
    return html`<refused-table
        .attempts=${attempts}
        .users=${usersStore.state.list?.users ?? []}
        aria-busy=${loading}
      ></refused-table>
      <div class="more">
        <span class="quiet" role="status">${attemptsText(attempts.length, next !== undefined)}</span>
        ${
          next === undefined
            ? nothing
            : html`<wa-button size="s" appearance="outlined" ?loading=${loading} @click=${() => this.#refused.more()}
                >${SCREENS.refused.more}</wa-button
              >`
        }
      </div>`;
  }

  protected override render() {
    const { problem } = this.#refused.state;
    if (!mayRead()) {
      const forbidden: Problem = { kind: "forbidden", reading: "the refused attempts", at: Date.now() };
      return html`<problem-panel .problem=${forbidden} level="1"></problem-panel>`;
    }
    return html`
      <a class="back no-print" href="/resets"><wa-icon name="arrow-left"></wa-icon>${SCREENS.history.title}</a>
      <h1>${SCREENS.refused.title}</h1>
      <p class="intro">${SCREENS.refused.intro}</p>
      ${problem && !sessionStore.tells(problem) ? html`<problem-panel .problem=${problem} @retry=${() => this.#refused.load()}></problem-panel>` : nothing}
      ${this.#results()}
    `;
  }
}
