import "@awesome.me/webawesome/dist/components/button/button.js";
import "../elements/problem-panel.ts";
import "../elements/reset-table.ts";
import { css, html, LitElement, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import { HistoryStore } from "../stores/history.ts";
import { whileVisible } from "../stores/polling.ts";
import { sessionStore } from "../stores/session.ts";
import { Follow } from "../stores/store.ts";
import { shared } from "../styles/shared.ts";

/** Milliseconds between looks. */
const REFRESH = 20_000;

/** What waits for a second person, where one is required. */
@customElement("queue-screen")
export class QueueScreen extends LitElement {
  static override styles = [
    shared,
    css`
      .empty {
        display: grid;
        justify-items: center;
        gap: var(--wa-space-s);
        padding: var(--wa-space-4xl) var(--wa-space-l);
        text-align: center;
      }

      .empty wa-icon {
        font-size: 1.75rem;
        color: var(--wa-color-success-50);
      }

      h2 {
        margin-block: var(--wa-space-l) var(--wa-space-s);
      }

      .empty h2 {
        margin: 0;
      }

      .waiting {
        block-size: 16rem;
      }
    `,
  ];

  readonly #proposals = new HistoryStore();
  #stop?: () => void;

  constructor() {
    super();
    new Follow(this, this.#proposals, sessionStore);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = whileVisible(() => this.#look(), { first: "now", next: () => REFRESH });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.();
  }

  #look(): Promise<void> {
    return this.#proposals.load({ state: "proposed" });
  }

  #lists() {
    const { resets, problem, next } = this.#proposals.state;
    if (!resets)
      return problem
        ? nothing
        : html`<div class="panel waiting" role="status" aria-busy="true" aria-label="Loading the queue"></div>`;
    if (resets.length === 0) {
      return html`<div class="panel empty">
        <wa-icon name="check-circle"></wa-icon>
        <h2>Nothing waits</h2>
        <p class="quiet">Every proposed reset was released, withdrawn, or has expired.</p>
      </div>`;
    }
    const me = sessionStore.session?.email?.toLowerCase() ?? sessionStore.session?.actor;
    const others = resets.filter(({ askedBy }) => askedBy !== me);
    const own = resets.filter(({ askedBy }) => askedBy === me);
    return html`
      ${
        others.length > 0
          ? html`<h2>For you to decide</h2>
              <reset-table label="For you to decide" .resets=${others}></reset-table>`
          : nothing
      }
      ${
        own.length > 0
          ? html`<h2>Yours, waiting for somebody else</h2>
              <reset-table label="Yours" .resets=${own}></reset-table>`
          : nothing
      }
      ${next ? html`<p class="small quiet">There are more. These are the newest.</p>` : nothing}
    `;
  }

  protected override render() {
    const { problem } = this.#proposals.state;
    return html`
      <h1>Waiting for a second person</h1>
      <p class="intro">A reset is sent to Fireblocks only after another admin has released it. Open one to see why it was asked for.</p>
      ${problem && !sessionStore.tells(problem) ? html`<problem-panel .problem=${problem} @retry=${this.#look}></problem-panel>` : nothing}
      ${this.#lists()}
    `;
  }
}
