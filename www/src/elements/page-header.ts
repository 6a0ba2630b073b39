import "./account-menu.ts";
import type { Session } from "fireblocks-reset-device/gateway-api";
import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { decides, todoCount } from "../model/session.ts";
import { ME_PATH, QUEUE_PATH } from "../router/paths.ts";
import type { Section } from "../router/routes.ts";
import { buttons } from "../styles/buttons.ts";
import { shared } from "../styles/shared.ts";

/** The way around, and who one is. Dispatches `skip`, `shortcuts` and `pause`. */
@customElement("page-header")
export class PageHeader extends LitElement {
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
        position: relative;
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

      /* Beside the words, in room that is always there: nothing moves when it comes. */
      nav a.counted {
        padding-inline-end: 1.75rem;
      }

      .count {
        position: absolute;
        inset-block-start: calc(50% - 0.625rem);
        inset-inline-start: calc(100% - 1.375rem);
        min-inline-size: 1.25rem;
        padding-inline: 0.3125rem;
        border-radius: 0.625rem;
        background: var(--wa-color-brand-fill-loud);
        color: var(--wa-color-brand-on-loud);
        font-size: 0.75rem;
        font-weight: 600;
        font-variant-numeric: tabular-nums;
        line-height: 1.25rem;
        text-align: center;
      }

      /* The link's name says it in words. */
      .count::before {
        content: attr(data-count);
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
          flex-basis: calc(100% + 1.5rem);
          margin-inline: -0.75rem;
          overflow-x: auto;
        }

        .keys {
          display: none;
        }
      }
    `,
  ];

  @property({ attribute: false }) session!: Session;
  /** The entry of the navigation that is the present one. */
  @property() section?: Section | undefined;

  #link(section: Section, href: string, label: string) {
    const current = this.section === section;
    return html`<a href=${href} aria-current=${current ? "page" : nothing} data-label=${label}>${label}</a>`;
  }

  /** What is to do, with how much of it waits for this person. */
  #todo(session: Session) {
    const label = "To do";
    const count = todoCount(session);
    return html`<a
      class="counted"
      href=${QUEUE_PATH}
      aria-current=${this.section === "queue" ? "page" : nothing}
      aria-label=${count ? `${label}, ${count.said}` : nothing}
      data-label=${label}
      >${label}${count ? html`<span class="count" data-count=${count.seen}></span>` : nothing}</a
    >`;
  }

  #nav(session: Session) {
    const { requireSecondPerson, policy } = session;
    return html`<nav aria-label="Main">
      ${this.#link("users", "/", "Users")}${this.#link("history", "/resets", "History")}
      ${requireSecondPerson || policy || decides(session) ? this.#todo(session) : nothing}
      ${this.#link("me", ME_PATH, "My device")}
    </nav>`;
  }

  protected override render() {
    const { session } = this;
    return html`<header class="no-print">
      <button class="skip" type="button" @click=${() => this.dispatchEvent(new Event("skip"))}>Skip to the content</button>
      <a class="brand" href="/">Device resets</a>
      ${session.can.read ? this.#nav(session) : nothing}
      <div class="tools">
        <button
          class="button plain keys"
          type="button"
          aria-label="Keyboard shortcuts"
          @click=${() => this.dispatchEvent(new Event("shortcuts"))}
          ><wa-icon name="keyboard"></wa-icon
        ></button>
        <account-menu .session=${session} @pause=${() => this.dispatchEvent(new Event("pause"))}></account-menu>
      </div>
    </header>`;
  }
}
