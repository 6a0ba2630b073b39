import "@awesome.me/webawesome/dist/components/button/button.js";
import "@awesome.me/webawesome/dist/components/input/input.js";
import "fireblocks-reset-device/button";
import "../elements/copy-button.ts";
import "../elements/problem-panel.ts";
import { Task } from "@lit/task";
import type { UserRow } from "fireblocks-reset-device/gateway-api";
import type { Client } from "fireblocks-reset-device/slim";
import { css, html, LitElement, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import { prepareClient } from "../gateway/client.ts";
import { problemOfLoading } from "../gateway/problem.ts";
import { SCREENS } from "../model/screens.ts";
import { liveWarning } from "../model/session.ts";
import { clockTime } from "../model/time.ts";
import { roleLabel, userName } from "../model/user.ts";
import { recordPath } from "../router/paths.ts";
import { sessionStore } from "../stores/session.ts";
import { Follow } from "../stores/store.ts";
import { usersStore } from "../stores/users.ts";
import { shared } from "../styles/shared.ts";

interface Heard {
  at: number;
  name: string;
  what: string;
  recordId?: string;
}

const code = (userId: string) => `<script type="module">
  import "fireblocks-reset-device/button";
</script>

<fireblocks-reset-device
  user-id="${userId}"
  base-path="/v1"
></fireblocks-reset-device>

<script type="module">
  document.querySelector("fireblocks-reset-device")
    .addEventListener("fireblocks-reset-progress", ({ detail }) => {
      console.log(detail.state, detail.record);
    });
</script>`;

/** The package's button: live, with the code to copy and the events that it dispatches. */
@customElement("button-screen")
export class ButtonScreen extends LitElement {
  static override styles = [
    shared,
    css`
      .columns {
        display: grid;
        grid-template-columns: minmax(0, 2fr) minmax(0, 3fr);
        gap: var(--wa-space-l);
        align-items: start;
      }

      .box-head {
        /* As high as the button in the other head, so that both heads stand on one line. */
        min-block-size: 2.375rem;
      }

      .stage {
        display: grid;
        gap: var(--wa-space-s);
        padding: var(--wa-space-l);
        border: 1px dashed var(--wa-color-neutral-border-loud);
        border-radius: var(--wa-border-radius-m);
      }

      fireblocks-reset-device {
        --fireblocks-reset-accent: var(--wa-color-brand-fill-loud);
        --fireblocks-reset-on-accent: var(--wa-color-brand-on-loud);
        --fireblocks-reset-surface: var(--wa-color-surface-raised);
        --fireblocks-reset-text: var(--wa-color-text-normal);
        --fireblocks-reset-muted: var(--wa-color-text-quiet);
      }

      pre {
        line-height: 1.55;
        overflow-x: auto;
      }

      ol {
        display: grid;
        gap: 0.375rem;
        list-style: none;
        font-size: 0.875rem;
      }

      @media (max-width: 52rem) {
        .columns {
          grid-template-columns: minmax(0, 1fr);
        }
      }

      /* A whole id has room. */
      @media (max-width: 30rem) {
        .box {
          padding: var(--wa-space-m);
        }

        wa-input::part(input-wrapper) {
          padding-inline: 0.5rem;
        }

        wa-input::part(input) {
          padding-inline: 0;
          font-family: var(--wa-font-family-code);
          font-size: 0.8125rem;
          letter-spacing: -0.03em;
        }
      }

      @media print {
        pre {
          white-space: pre-wrap;
          overflow-wrap: anywhere;
        }
      }
    `,
  ];

  @state() private userId = "";
  @state() private heard: readonly Heard[] = [];
  /** The page's own client, so that the package is not loaded a second time. */
  readonly #client = new Task(this, { args: () => [], task: prepareClient });
  #stop?: () => void;

  constructor() {
    super();
    new Follow(this, usersStore, sessionStore);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = usersStore.keepFresh();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.();
  }

  #hear(name: string, what: string, recordId?: string): void {
    const entry: Heard = { at: Date.now(), name, what, ...(recordId !== undefined && { recordId }) };
    this.heard = [entry, ...this.heard].slice(0, 20);
  }

  /** Nobody is chosen until their id is entered: the button beside it is live. */
  #chosen() {
    return usersStore.find(this.userId.trim());
  }

  #hint(user: UserRow | undefined): string {
    if (user) return `${userName(user)}, ${roleLabel(user.role)}`;
    if (!this.userId.trim()) return SCREENS.button.choose;
    return usersStore.state.list ? SCREENS.button.nobody : "";
  }

  #warning() {
    const warning = sessionStore.session && liveWarning(sessionStore.session);
    return warning ? html`<p class="small"><strong>${warning}</strong></p>` : nothing;
  }

  #stage(userId: string | undefined) {
    // The words are there from the start, so that nothing moves when the client has come.
    const words = html`<div class="stage small quiet">${SCREENS.button.stage}</div>`;
    return this.#client.render({
      pending: () => (userId ? html`<div class="stage" aria-busy="true"></div>` : words),
      complete: (client) => (userId ? html`<div class="stage">${this.#button(userId, client)}</div>` : words),
      error: (error) =>
        html`<problem-panel
          .problem=${problemOfLoading("the button's WebAssembly", error)}
          @retry=${() => this.#client.run()}
        ></problem-panel>`,
    });
  }

  #button(userId: string, client: Client) {
    return html`<fireblocks-reset-device
      user-id=${userId}
      base-path="/v1"
      .client=${client}
      @fireblocks-reset-requested=${({ detail }: HTMLElementEventMap["fireblocks-reset-requested"]) =>
        this.#hear("requested", "the gateway took the request", detail.receipt.recordId)}
      @fireblocks-reset-progress=${({ detail }: HTMLElementEventMap["fireblocks-reset-progress"]) =>
        this.#hear("progress", detail.state, detail.record?.id)}
      @fireblocks-reset-failed=${({ detail }: HTMLElementEventMap["fireblocks-reset-failed"]) =>
        this.#hear("failed", `${detail.error.kind}, outcome ${detail.error.outcome}`, detail.error.recordId)}
    ></fireblocks-reset-device>`;
  }

  #events() {
    if (this.heard.length === 0) {
      return html`<p class="small quiet">${SCREENS.button.noEvents}</p>`;
    }
    return html`<div role="log" aria-label="Events"><ol role="list">
      ${this.heard.map(
        ({ at, name, what, recordId }) => html`<li>
          <span class="quiet">${clockTime(at)}</span> <code>fireblocks-reset-${name}</code> ${what}
          ${recordId ? html`<a href=${recordPath(recordId)}>its record</a>` : nothing}
        </li>`,
      )}
    </ol></div>`;
  }

  protected override render() {
    const user = this.#chosen();
    const text = code(user?.id ?? "…");
    return html`
      <h1>${SCREENS.button.title}</h1>
      <p class="intro">${SCREENS.button.intro}</p>
      <div class="columns">
        <section class="panel box">
          <div class="box-head"><h2>Live</h2></div>
          <wa-input
            label="User id"
            hint=${this.#hint(user)}
            autocomplete="off"
            spellcheck="false"
            .value=${this.userId}
            @input=${(event: Event) => {
              this.userId = (event.target as HTMLInputElement).value;
            }}
          ></wa-input>
          ${this.#warning()}${this.#stage(user?.id)}
          <h3>Events</h3>
          ${this.#events()}
        </section>
        <section class="panel box">
          <div class="box-head">
            <h2>Code</h2>
            <copy-button label="Copy code" .value=${text}></copy-button>
          </div>
          <pre class="apart" tabindex="0" role="region" aria-label="Code">${text}</pre>
          <p class="small quiet">
            <code>fireblocks-reset-device/button</code> is a package's name, which browsers do not find by themselves: build
            the page with a bundler, or name the package's address in an import map.
          </p>
          <p class="small quiet">
            The button speaks to a gateway on its own origin. It needs
            <code>script-src 'self' 'wasm-unsafe-eval'</code> in your Content-Security-Policy.
          </p>
        </section>
      </div>
    `;
  }
}
