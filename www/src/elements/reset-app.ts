import "./environment-strip.ts";
import "./page-header.ts";
import "./pause-notice.ts";
import "./problem-panel.ts";
import "./request-strip.ts";
import { initialState, Task, TaskStatus } from "@lit/task";
import type { Session } from "fireblocks-reset-device/gateway-api";
import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { customElement, state } from "lit/decorators.js";
import { ifDefined } from "lit/directives/if-defined.js";
import { type Problem, problemOfLoading } from "../gateway/problem.ts";
import { ENDED, environmentName, lostRoleTexts, todoCount, workspaceName } from "../model/session.ts";
import { type Address, address, isOpening, navigate, onAddress } from "../router/address.ts";
import { ME_PATH, QUEUE_PATH } from "../router/paths.ts";
import { type Screen, screenFor } from "../router/routes.ts";
import { requestsStore } from "../stores/requests.ts";
import { rememberPlace, sessionStore, signInUrl, takePlace } from "../stores/session.ts";
import { Follow } from "../stores/store.ts";
import { usersStore } from "../stores/users.ts";
import { buttons } from "../styles/buttons.ts";
import { notices } from "../styles/notices.ts";
import { shared } from "../styles/shared.ts";
import { Shortcuts } from "./shortcuts.ts";

/** The page: where am I, the way around, and the screen that the address asks for. */
@customElement("reset-app")
export class ResetApp extends LitElement {
  static override styles = [
    shared,
    buttons,
    notices,
    css`
      /* Where one is stays in sight, above the list's head. */
      environment-strip {
        position: sticky;
        inset-block-start: 0;
        z-index: 5;
      }

      .brand {
        font-weight: 680;
        letter-spacing: -0.01em;
        margin-block-end: var(--wa-space-m);
      }

      main {
        max-inline-size: calc(var(--page-width) + 2 * var(--gutter));
        margin-inline: auto;
        padding: var(--wa-space-xl) var(--gutter) var(--wa-space-4xl);
      }

      main:focus {
        outline: none;
      }

      .notice {
        --notice-edge: var(--wa-color-warning-fill-loud);
      }

      problem-panel {
        margin-block-end: var(--wa-space-l);
      }

      .gate {
        max-inline-size: 44rem;
        margin-inline: auto;
        padding-block-start: 8vh;
      }

      @media (max-width: 48rem) {
        main {
          padding-block-start: var(--wa-space-l);
        }
      }
    `,
  ];

  @state() private address: Address = address();
  /** The screen that is shown: the one before, until the code of the next is here. */
  @state() private screen?: Screen;
  @state() private listsShortcuts = false;
  /** What is being decided of all resets. */
  @state() private pausing?: "pause" | "resume" | undefined;
  /** Brings the code of the screen that the address asks for, once somebody is signed in. */
  readonly #code = new Task(this, {
    args: () => [sessionStore.session && this.address.path],
    task: async ([path]) => {
      if (path === undefined) return initialState;
      await screenFor(this.address).load();
      return path;
    },
    onComplete: (path) => this.#arrived(path),
    // What is not delivered is not delivered to whoever is signed out either.
    onError: () => sessionStore.refresh(),
  });
  /** The path of the screen that is shown. */
  #shown = "";
  /** Who was signed in when the page began; empty until somebody is. */
  #actor = "";
  #stop?: () => void;
  #stopRefreshing?: () => void;

  constructor() {
    super();
    new Follow(this, sessionStore);
    new Shortcuts(this, {
      help: () => this.#listShortcuts(),
      search: () => this.#search(),
      go: (path) => navigate(path),
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = onAddress((next) => {
      this.address = next;
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.();
    this.#stopRefreshing?.();
  }

  protected override willUpdate(changed: PropertyValues): void {
    const { session } = sessionStore;
    if (session && this.#actor === "") this.#begin(session);
    // Somebody else has signed in since, in another tab: nothing that is seen or typed here is theirs.
    else if (session && session.actor !== this.#actor) location.reload();
    // Within one screen the address changes with each key that is typed, and nothing has to be loaded.
    if (changed.has("address") && this.address.path === this.#shown) this.screen = screenFor(this.address);
  }

  /** Goes to where the person was before signing in or has something to do, and takes up what an earlier page left open. */
  #begin(session: Session): void {
    this.#actor = session.actor;
    const isStart = location.pathname === "/" && !location.search;
    const place = isStart ? takePlace() : undefined;
    if (place && place !== "/") {
      history.replaceState(null, "", place);
      this.address = address();
    }
    const hasTodo = todoCount(session) !== undefined;
    if (isStart && place === undefined && isOpening() && hasTodo) navigate(QUEUE_PATH, { replace: true });
    // Whoever has no role may still be somebody whose device it is.
    if (!session.can.read && this.address.path === "/") navigate(ME_PATH, { replace: true });
    this.#stopRefreshing = sessionStore.keepFresh();
    void requestsStore.resume();
  }

  async #arrived(path: string): Promise<void> {
    const before = this.#shown;
    this.#shown = path;
    this.screen = screenFor(this.address);
    this.#title(this.screen);
    if (before === "" || before === path) return;
    await this.updateComplete;
    scrollTo(0, 0);
    this.#skip();
  }

  #title(screen: Screen): void {
    const session = sessionStore.session;
    const where = session ? ` · ${environmentName(session.environment)}` : "";
    document.title = `${screen.title}${where} · Device resets`;
  }

  #skip(): void {
    this.renderRoot.querySelector("main")?.focus({ preventScroll: true });
  }

  async #listShortcuts(): Promise<void> {
    await import("./shortcut-list.ts");
    this.listsShortcuts = true;
  }

  async #decidePause(mode: "pause" | "resume"): Promise<void> {
    await import("./pause-dialog.ts");
    this.pausing = mode;
  }

  async #search(): Promise<void> {
    if (this.address.path !== "/") {
      navigate("/");
      await this.updateComplete;
      await this.#code.taskComplete.catch(() => undefined);
      await this.updateComplete;
    }
    const screen = this.renderRoot.querySelector("users-screen");
    await screen?.updateComplete;
    screen?.focusSearch();
  }

  #askFireblocks(): void {
    void sessionStore.refresh();
    void usersStore.load();
  }

  #notices() {
    const { state } = sessionStore;
    if (state.phase !== "in") return nothing;
    return html`
      ${
        state.ended
          ? html`<div class="panel notice no-print" role="alert">
              <p><strong>${ENDED.title}</strong> ${ENDED.sentence}</p>
              <a class="button loud" href=${signInUrl(state.ended)} target="_self" @click=${rememberPlace}>Sign in again</a>
            </div>`
          : nothing
      }
      ${this.#lostRoles(state.session)}
      <pause-notice .session=${state.session} @resume=${() => this.#decidePause("resume")}></pause-notice>
      ${
        state.fireblocks
          ? html`<problem-panel .problem=${state.fireblocks} @retry=${this.#askFireblocks}></problem-panel>`
          : nothing
      }
    `;
  }

  #lostRoles(session: Session) {
    return lostRoleTexts(session).map(
      (text) => html`<div class="panel notice" role="status"><p class="anywhere">${text}</p></div>`,
    );
  }

  #content(session: Session) {
    if (!session.can.read && !this.screen?.personal) {
      const problem: Problem = { kind: "noRole", reading: "this page", at: Date.now() };
      return html`${this.#lostRoles(session)}
        <problem-panel class="gate" level="1" .problem=${problem} @retry=${() => sessionStore.load()}>
          <a slot="action" class="button loud" href=${ME_PATH}>Your own device</a>
        </problem-panel>`;
    }
    return html`
      ${this.#notices()}
      <request-strip class="no-print" except-user=${this.address.query.get("reset") ?? ""}></request-strip>
      ${
        this.#code.status === TaskStatus.ERROR
          ? html`<problem-panel .problem=${problemOfLoading("this screen")} @retry=${() => this.#code.run()}></problem-panel>`
          : this.screen?.render()
      }
    `;
  }

  protected override render() {
    const { state } = sessionStore;
    if (state.phase === "loading") return html`<slot></slot>`;
    if (state.phase === "out") {
      return html`<main class="gate">
        <p class="brand">Device resets</p>
        <problem-panel level="1" .problem=${state.problem} @retry=${() => sessionStore.load()}></problem-panel>
      </main>`;
    }
    return html`
      <environment-strip
        environment=${state.session.environment}
        workspace=${workspaceName(state.session) ?? ""}
      ></environment-strip>
      <page-header
        .session=${state.session}
        section=${ifDefined(this.screen?.section)}
        @skip=${this.#skip}
        @shortcuts=${this.#listShortcuts}
        @pause=${() => this.#decidePause("pause")}
      ></page-header>
      <main id="main" tabindex="-1">${this.#content(state.session)}</main>
      ${
        this.pausing
          ? html`<pause-dialog
              mode=${this.pausing}
              @close=${() => {
                this.pausing = undefined;
                // What has opened it may be gone with the pause.
                this.#skip();
              }}
            ></pause-dialog>`
          : nothing
      }
      ${
        this.listsShortcuts
          ? html`<shortcut-list
              open
              @close=${() => {
                this.listsShortcuts = false;
              }}
            ></shortcut-list>`
          : nothing
      }
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "reset-app": ResetApp;
  }
}
