import { css, html, LitElement } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Role, Session } from "worker/api";
import { Follow } from "../stores/store.ts";
import { type Theme, themeStore } from "../stores/theme.ts";
import { shared } from "../styles/shared.ts";

const ROLES: Readonly<Record<Role, string>> = { viewer: "Viewer", resetter: "Resetter", auditor: "Auditor" };

const THEMES: readonly [Theme, string][] = [
  ["system", "System"],
  ["light", "Light"],
  ["dark", "Dark"],
];

/** What the person may do, one phrase each. */
export function permissions({ can, resetsPaused, requireSecondPerson }: Session): string[] {
  const list: string[] = [];
  if (can.read) list.push("see users and resets");
  if (can.reset) list.push(requireSecondPerson ? "ask for resets, which a second person releases" : "ask for resets");
  if (can.settle) list.push("settle unclear resets");
  if (can.export) list.push("export the history");
  if (resetsPaused && !can.reset) list.push("not ask for resets: they are paused");
  return list;
}

/** Who I am, what I may do, how the page looks, and the way out. */
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

      .out {
        display: inline-flex;
        align-items: center;
        gap: 0.5rem;
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

  protected override render() {
    const { email, actor, roles, signOutUrl } = this.session;
    const who = email ?? actor;
    const [name, domain] = who.split(/(?=@)/);
    return html`
      <button class="opener" popovertarget="menu" aria-label=${`Account: ${who}`}>
        <wa-icon name="person"></wa-icon><span class="anywhere">${name}<wbr /><span class="domain">${domain}</span></span>
        <wa-icon library="system" name="chevron-down"></wa-icon>
      </button>
      <div id="menu" class="small" popover @beforetoggle=${this.#returnFocus}>
        <p class="who anywhere">${who}</p>
        <p class="quiet">${roles.map((role) => ROLES[role] ?? role).join(", ") || "No role"}. You may:</p>
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
        <a class="out" href=${signOutUrl}><wa-icon name="box-arrow-right"></wa-icon>Sign out</a>
      </div>
    `;
  }
}
