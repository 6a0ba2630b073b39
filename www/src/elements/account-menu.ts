import type { Session } from "fireblocks-reset-device/gateway-api";
import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { mayPause } from "../model/pause.ts";
import { permissions, rolesText } from "../model/session.ts";
import { Follow } from "../stores/store.ts";
import { type Theme, themeStore } from "../stores/theme.ts";
import { shared } from "../styles/shared.ts";

const THEMES: readonly [Theme, string][] = [
  ["system", "System"],
  ["light", "Light"],
  ["dark", "Dark"],
];

/** Who I am, what I may do, how the page looks, and the way out. Dispatches `pause`. */
@customElement("account-menu")
export class AccountMenu extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        position: relative;
      }

      .opener {
        display: inline-flex;
        align-items: center;
        gap: 0.5rem;
        min-block-size: 2.5rem;
        max-inline-size: 100%;
        padding: 0 0.625rem;
        border: 1px solid transparent;
        border-radius: var(--wa-border-radius-m);
        background: none;
        color: inherit;
        font: inherit;
        font-size: 0.875rem;
        cursor: pointer;
      }

      .opener:hover,
      .opener:has(+ :popover-open) {
        background: var(--row-hover);
        border-color: var(--wa-color-surface-border);
      }

      .opener wa-icon {
        font-size: 1.125rem;
      }

      .opener wa-icon[library="system"] {
        font-size: 0.75rem;
      }

      [popover] {
        position: fixed;
        inset: calc(var(--strip-height) + var(--bar-height)) 0 auto auto;
        inset-inline-end: max(var(--gutter), (100% - var(--page-width)) / 2);
        margin: 0;
        inline-size: min(21rem, calc(100vw - 2 * var(--gutter)));
        padding: var(--wa-space-m);
        border: 1px solid var(--wa-color-surface-border);
        border-radius: var(--wa-border-radius-l);
        background: var(--wa-color-surface-raised);
        color: var(--wa-color-text-normal);
        box-shadow: 0 12px 32px rgb(0 0 0 / 18%);
      }

      .who {
        font-weight: 600;
      }

      ul {
        margin-block: 0.25rem 0;
        padding-inline-start: 1.125rem;
      }

      fieldset {
        margin: var(--wa-space-m) 0;
        padding: 0;
        border: 0;
      }

      legend {
        padding: 0 0 0.25rem;
        color: var(--wa-color-text-quiet);
      }

      .track {
        display: flex;
        padding: 0.1875rem;
        border-radius: var(--wa-border-radius-m);
        background: var(--wa-color-surface-lowered);
      }

      label {
        flex: 1;
        position: relative;
        padding: 0.3125rem 0.375rem;
        border-radius: 0.25rem;
        text-align: center;
        cursor: pointer;
      }

      label input {
        position: absolute;
        inset: 0;
        opacity: 0;
        cursor: pointer;
      }

      label:has(:checked) {
        background: light-dark(white, #343b4a);
        box-shadow: 0 1px 2px rgb(0 0 0 / 16%);
        font-weight: 600;
      }

      label:has(:focus-visible) {
        outline: var(--wa-focus-ring);
      }

      button.entry {
        padding: 0;
        border: 0;
        background: none;
        color: var(--wa-color-text-link);
        font: inherit;
        text-decoration: underline;
        text-decoration-color: color-mix(in oklab, currentColor 35%, transparent);
        text-underline-offset: 0.2em;
        cursor: pointer;
      }

      button.entry:hover {
        text-decoration-color: currentColor;
      }

      .entry {
        display: flex;
        align-items: center;
        gap: 0.5rem;
        inline-size: fit-content;
        min-block-size: 2rem;
      }

      /* There is no room for the whole address: the menu has it. */
      @media (max-width: 60rem) {
        .domain {
          display: none;
        }
      }

      @media (max-width: 48rem) {
        .opener {
          gap: 0.375rem;
          padding-inline: 0.375rem;
          font-size: 0.8125rem;
        }
      }
    `,
  ];

  @property({ attribute: false }) session!: Session;

  constructor() {
    super();
    new Follow(this, themeStore);
  }

  /** To the opener, where the focus was inside. The browser itself loses it across this page's shadow trees. */
  #returnFocus({ newState, currentTarget }: ToggleEvent & { currentTarget: HTMLElement | null }): void {
    if (newState !== "closed" || !currentTarget?.matches(":focus-within")) return;
    this.renderRoot.querySelector<HTMLElement>(".opener")?.focus();
  }

  #pause(): void {
    this.#close();
    this.dispatchEvent(new Event("pause"));
  }

  #close(): void {
    this.renderRoot.querySelector<HTMLElement>("[popover]")?.hidePopover();
  }

  protected override render() {
    const { email, actor, can, signOutUrl } = this.session;
    const who = email ?? actor;
    const [name, domain] = who.split(/(?=@)/);
    return html`
      <button class="opener" popovertarget="menu" aria-label=${`Account: ${who}`}>
        <wa-icon name="person"></wa-icon><span class="anywhere">${name}<wbr /><span class="domain">${domain}</span></span>
        <wa-icon library="system" name="chevron-down"></wa-icon>
      </button>
      <div id="menu" class="small" popover @beforetoggle=${this.#returnFocus}>
        <p class="who anywhere">${who}</p>
        <p class="quiet">${rolesText(this.session)}. You may:</p>
        <ul class="quiet">
          ${permissions(this.session).map((phrase) => html`<li>${phrase}</li>`)}
        </ul>
        <fieldset>
          <legend>Theme</legend>
          <div class="track">
            ${THEMES.map(
              ([theme, label]) => html`<label
                ><input
                  type="radio"
                  name="theme"
                  .checked=${themeStore.state === theme}
                  @change=${() => themeStore.choose(theme)}
                />${label}</label
              >`,
            )}
          </div>
        </fieldset>
        ${
          mayPause(this.session)
            ? html`<button class="entry" type="button" @click=${this.#pause}>
                <wa-icon name="pause-circle"></wa-icon>Pause all resets…
              </button>`
            : nothing
        }
        ${
          can.read
            ? html`<a class="entry" href="/button" @click=${this.#close}><wa-icon name="code"></wa-icon>The button, for developers</a>`
            : nothing
        }
        <a class="entry" href=${signOutUrl}><wa-icon name="box-arrow-right"></wa-icon>Sign out</a>
      </div>
    `;
  }
}
