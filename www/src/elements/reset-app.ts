import "./account-menu.ts";
import "./environment-strip.ts";
import "./problem-panel.ts";
import "./request-strip.ts";
import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { Session } from "worker/api";
import { type Problem, problemOf } from "../gateway/problem.ts";
import { type Address, address, navigate, onAddress } from "../router/address.ts";
import { type Screen, type Section, screenFor } from "../router/routes.ts";
import { requestsStore } from "../stores/requests.ts";
import { rememberPlace, sessionStore, signInUrl, takePlace } from "../stores/session.ts";
import { Follow } from "../stores/store.ts";
import { usersStore } from "../stores/users.ts";
import { buttons } from "../styles/buttons.ts";
import { shared } from "../styles/shared.ts";
import { environmentName } from "./environment-strip.ts";
import { Shortcuts } from "./shortcuts.ts";

/** The page: where am I, the way around, and the screen that the address asks for. */
@customElement("reset-app")
export class ResetApp extends LitElement {
  static override styles = [
    shared,
    buttons,
    css`
      .skip {
        position: absolute;
        inset: 0.5rem auto auto 0.5rem;
        z-index: 10;
        padding: 0.5rem 1rem;
        border: 1px solid var(--wa-color-surface-border);
        border-radius: var(--wa-border-radius-m);
        background: var(--wa-color-surface-raised);
        color: inherit;
        font: inherit;
      }

      .skip:not(:focus) {
        inset-block-start: -5rem;
      }

      /* Where one is stays in sight, above the list's head. */
      environment-strip {
        position: sticky;
        inset-block-start: 0;
        z-index: 5;
      }

      header {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0 var(--wa-space-l);
        min-block-size: var(--bar-height);
        padding-inline: max(var(--gutter), (100% - var(--page-width)) / 2);
        border-block-end: 1px solid var(--wa-color-surface-border);
        background: var(--wa-color-surface-default);
      }

      .brand {
        font-weight: 680;
        letter-spacing: -0.01em;
        color: inherit;
        text-decoration: none;
        white-space: nowrap;
      }

      nav {
        display: flex;
        gap: var(--wa-space-2xs);
        align-self: stretch;
        min-inline-size: 0;
      }

      nav a {
        display: grid;
        align-content: center;
        padding-inline: 0.75rem;
        min-block-size: 2.75rem;
        border-block-end: 2px solid transparent;
        border-block-start: 2px solid transparent;
        color: var(--wa-color-text-quiet);
        font-size: 0.9375rem;
        text-decoration: none;
        white-space: nowrap;
      }

      /* Keeps the width of the bold state, so that the other tabs do not jump. */
      nav a::after {
        content: attr(data-label) / "";
        block-size: 0;
        overflow: hidden;
        visibility: hidden;
        font-weight: 600;
      }

      nav a:hover {
        color: var(--wa-color-text-normal);
      }

      nav a[aria-current] {
        border-block-end-color: var(--wa-color-brand-fill-loud);
        color: var(--wa-color-text-normal);
        font-weight: 600;
      }

      .keys {
        font-size: 1.125rem;
      }

      /* A long address takes lines of its own rather than the way around, or a line of the header. */
      .tools {
        display: flex;
        flex: 1 1 0;
        align-items: center;
        justify-content: flex-end;
        gap: var(--wa-space-2xs);
        min-inline-size: 0;
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
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--wa-space-s) var(--wa-space-m);
        padding: var(--wa-space-s) var(--wa-space-m);
        margin-block-end: var(--wa-space-l);
        border-inline-start: 3px solid var(--wa-color-warning-fill-loud);
      }

      .notice p {
        flex: 1 1 20rem;
      }

      problem-panel {
        margin-block-end: var(--wa-space-l);
      }

      .gate {
        max-inline-size: 44rem;
        margin-inline: auto;
        padding-block-start: 8vh;
      }

      .gate .brand {
        margin-block-end: var(--wa-space-m);
      }

      @media (max-width: 48rem) {
        header {
          gap: 0 var(--wa-space-xs);
        }

        .brand {
          min-block-size: 2.75rem;
          display: flex;
          align-items: center;
        }

        nav {
          order: 3;
          flex-basis: 100%;
          margin-inline: -0.75rem;
          overflow-x: auto;
        }

        .keys {
          display: none;
        }

        main {
          padding-block-start: var(--wa-space-l);
        }
      }
    `,
  ];

  @state() private address: Address = address();
  /** The screen whose code is here. */
  @state() private screen?: Screen;
  @state() private broken?: Problem | undefined;
  @state() private listsShortcuts = false;
  #shown = "";
  #stop?: () => void;

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
      void this.#open();
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.();
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (sessionStore.session && !this.screen && !this.broken) {
      const place = location.pathname === "/" && !location.search ? takePlace() : undefined;
      if (place && place !== "/") {
        history.replaceState(null, "", place);
        this.address = address();
      }
      void requestsStore.resume();
      void this.#open();
    }
  }

  async #open(): Promise<void> {
    const { address } = this;
    const { path } = address;
    const screen = screenFor(address);
    // Within one screen the address changes with each key that is typed: it must not wait, nor be overtaken.
    if (path === this.#shown && this.screen) {
      this.screen = screen;
      return;
    }
    try {
      await screen.load();
      this.broken = undefined;
    } catch {
      this.broken = { ...problemOf(undefined), kind: "notLoaded", message: "The network did not deliver this screen." };
      // Nor is it delivered to whoever is signed out.
      void sessionStore.refresh();
      return;
    }
    // Another step may have been taken while the code was on its way.
    if (address !== this.address) return;
    this.screen = screen;
    this.#title(screen);
    if (this.#shown && this.#shown !== path) {
      await this.updateComplete;
      scrollTo(0, 0);
      this.renderRoot.querySelector("main")?.focus({ preventScroll: true });
    }
    this.#shown = path;
  }

  #title(screen: Screen): void {
    const session = sessionStore.session;
    const where = session ? ` · ${environmentName(session.environment)}` : "";
    document.title = `${screen.title}${where} · Device resets`;
  }

  async #listShortcuts(): Promise<void> {
    await import("./shortcut-list.ts");
    this.listsShortcuts = true;
  }

  async #search(): Promise<void> {
    if (this.address.path !== "/") {
      navigate("/");
      await this.#open();
      await this.updateComplete;
    }
    const screen = this.renderRoot.querySelector("users-screen");
    await screen?.updateComplete;
    screen?.focusSearch();
  }

  #link(section: Section, href: string, label: string) {
    const current = this.screen?.section === section;
    return html`<a href=${href} aria-current=${current ? "page" : nothing} data-label=${label}>${label}</a>`;
  }

  #nav(session: Session) {
    return html`<nav aria-label="Main">
      ${this.#link("users", "/", "Users")}${this.#link("history", "/resets", "History")}
      ${session.requireSecondPerson ? this.#link("queue", "/queue", "Queue") : nothing}
      ${this.#link("button", "/button", "Button")}
    </nav>`;
  }

  #header(session: Session) {
    return html`
      <environment-strip
        environment=${session.environment}
        workspace=${session.workspace?.name ?? session.workspace?.id ?? ""}
      ></environment-strip>
      <header class="no-print">
        <button class="skip" type="button" @click=${this.#skip}>Skip to the content</button>
        <a class="brand" href="/">Device resets</a>
        ${session.can.read ? this.#nav(session) : nothing}
        <div class="tools">
          <button class="button plain keys" type="button" aria-label="Keyboard shortcuts" @click=${this.#listShortcuts}>
            <wa-icon name="keyboard"></wa-icon>
          </button>
          <account-menu .session=${session}></account-menu>
        </div>
      </header>
    `;
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
              <p><strong>Your session has ended.</strong> What you see is as it was. Nothing that you do here is sent until you sign in again.</p>
              <a class="button loud" href=${signInUrl(state.ended)} target="_self" @click=${rememberPlace}>Sign in again</a>
            </div>`
          : nothing
      }
      ${
        state.session.resetsPaused
          ? html`<div class="panel notice" role="status">
              <p><strong>Resets are paused.</strong> Whoever runs this service has switched them off. Everything stays readable.</p>
            </div>`
          : nothing
      }
      ${
        state.fireblocks
          ? html`<problem-panel .problem=${state.fireblocks} @retry=${this.#askFireblocks}></problem-panel>`
          : nothing
      }
    `;
  }

  #content(session: Session) {
    if (!session.can.read) {
      const problem: Problem = { kind: "noRole", outcome: "notSent", message: "", at: Date.now() };
      return html`<problem-panel class="gate" level="1" .problem=${problem} @retry=${() => sessionStore.load()}></problem-panel>`;
    }
    return html`
      ${this.#notices()}
      <request-strip class="no-print" except-user=${this.address.query.get("reset") ?? ""}></request-strip>
      ${
        this.broken
          ? html`<problem-panel .problem=${this.broken} @retry=${this.#open}></problem-panel>`
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
      ${this.#header(state.session)}
      <main id="main" tabindex="-1">${this.#content(state.session)}</main>
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

  #skip() {
    this.renderRoot.querySelector("main")?.focus();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "reset-app": ResetApp;
  }
}
