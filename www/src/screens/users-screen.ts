import "../elements/choice-filter.ts";
import "../elements/problem-panel.ts";
import "../elements/search-field.ts";
import "../elements/time-ago.ts";
import "../elements/user-list.ts";
import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { UserList as List, UserRow } from "worker/api";
import type { UserList } from "../elements/user-list.ts";
import { prepareClient } from "../gateway/client.ts";
import { type Problem, problemOf } from "../gateway/problem.ts";
import { count } from "../model/time.ts";
import { roleLabel, statusKeyLabel } from "../model/user.ts";
import { type SortColumn, sortText, UserIndex, userQuery } from "../model/user-search.ts";
import { navigate, withQuery } from "../router/address.ts";
import { recordPath } from "../router/routes.ts";
import { sessionStore } from "../stores/session.ts";
import { Follow } from "../stores/store.ts";
import { usersStore } from "../stores/users.ts";
import { buttons } from "../styles/buttons.ts";
import { shared } from "../styles/shared.ts";

/** Find a user, and ask for a reset. The address carries the search, the filters, the order and the open dialog. */
@customElement("users-screen")
export class UsersScreen extends LitElement {
  static override styles = [
    shared,
    buttons,
    css`
      .tools {
        display: grid;
        /* Not by their content: the choices come with the list, and nothing may move then. */
        grid-template-columns: minmax(12rem, 1fr) minmax(0, 20.5rem) minmax(0, 17.5rem);
        gap: var(--wa-space-s);
        margin-block-end: var(--wa-space-s);
      }

      .found {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0 var(--wa-space-m);
        min-block-size: 2.25rem;
        margin-block-end: var(--wa-space-xs);
        color: var(--wa-color-text-quiet);
        font-size: 0.875rem;
      }

      .fresh {
        display: flex;
        align-items: center;
        gap: 0.25rem;
        margin-inline-start: auto;
      }

      .empty {
        display: grid;
        justify-items: center;
        gap: var(--wa-space-s);
        padding: var(--wa-space-4xl) var(--wa-space-l);
        text-align: center;
      }

      .empty wa-icon {
        font-size: 1.75rem;
        color: var(--wa-color-text-quiet);
      }

      .waiting div {
        block-size: 4.25rem;
        border-block-end: 1px solid var(--wa-color-surface-border);
        padding: 1rem var(--wa-space-m);
      }

      .waiting div:last-child {
        border-block-end: 0;
      }

      .waiting div::before,
      .waiting div::after {
        content: "";
        display: block;
        inline-size: min(14rem, 60%);
        block-size: 0.75rem;
        margin-block-end: 0.625rem;
        border-radius: 0.375rem;
        background: var(--wa-color-neutral-fill-quiet);
      }

      .waiting div::after {
        inline-size: min(20rem, 80%);
      }

      problem-panel {
        margin-block-end: var(--wa-space-m);
      }

      @media (max-width: 52rem) {
        .tools {
          grid-template-columns: repeat(2, minmax(0, 1fr));
        }

        search-field {
          grid-column: 1 / -1;
        }
      }

      @media (max-width: 26rem) {
        .source {
          display: none;
        }

        .tools {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ];

  @property({ attribute: false }) query = new URLSearchParams();
  @state() private dialogReady = false;
  @state() private notDelivered: Problem | undefined;
  @query("search-field") private searchField?: HTMLElement;
  @query("user-list") private list?: UserList;
  #index = new UserIndex([]);
  #indexed?: List;
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

  /** Puts the caret in the search field. */
  focusSearch(): void {
    this.searchField?.focus();
  }

  protected override willUpdate(changed: PropertyValues): void {
    const { list } = usersStore.state;
    if (list && list !== this.#indexed) {
      this.#index = new UserIndex(list.users);
      this.#indexed = list;
    }
    if (changed.has("query")) {
      if (this.query.has("reset")) void this.#loadDialog();
      else if ((changed.get("query") as URLSearchParams | undefined)?.has("reset")) this.#returnFocus(changed);
    }
  }

  async #returnFocus(changed: PropertyValues): Promise<void> {
    const userId = (changed.get("query") as URLSearchParams).get("reset") ?? "";
    await this.updateComplete;
    await this.list?.focusUser(userId);
  }

  async #loadDialog(): Promise<void> {
    // A failed load is told, and tried again, when the reset is confirmed.
    prepareClient().catch(() => undefined);
    try {
      await import("../elements/reset-dialog.ts");
      this.dialogReady = true;
      this.notDelivered = undefined;
    } catch {
      const message = "The network did not deliver the dialog.";
      this.notDelivered = { ...problemOf(undefined), kind: "notLoaded", message };
      // Nor is it delivered to whoever is signed out.
      void sessionStore.refresh();
    }
  }

  #change(changes: Record<string, string>): void {
    navigate(withQuery(changes), { replace: true });
  }

  #searchKey(event: KeyboardEvent): void {
    if (event.key === "ArrowDown" || (event.key === "Enter" && !event.repeat)) {
      event.preventDefault();
      void this.list?.focusRow(0);
    } else if (event.key === "Escape" && this.query.get("q")) {
      event.preventDefault();
      this.#change({ q: "" });
    }
  }

  #sortBy(column: SortColumn): void {
    const { sort, descending } = userQuery(this.query);
    this.#change({ sort: sortText(column, sort === column && !descending) });
  }

  #choose(user: UserRow): void {
    if (user.openReset) navigate(recordPath(user.openReset.recordId));
    else navigate(withQuery({ reset: user.id }));
  }

  #tools() {
    const { text, status, role } = userQuery(this.query);
    const { statuses, roles, open } = this.#index.counts();
    const choices = (counts: Map<string, number>, label: (key: string) => string) =>
      [...counts]
        .map(([value, number]) => ({ value, label: `${label(value)} (${count(number)})` }))
        .sort((a, b) => a.label.localeCompare(b.label));
    return html`<div class="tools no-print">
      <search-field
        label="Search users by name, e-mail or id"
        placeholder="Name, e-mail or id"
        .value=${text}
        @search=${(event: CustomEvent<string>) => this.#change({ q: event.detail })}
        @keydown=${this.#searchKey}
      ></search-field>
      <choice-filter
        label="Status"
        .value=${status}
        .choices=${[
          { value: "", label: "All" },
          ...(open || status === "OPEN" ? [{ value: "OPEN", label: `Reset open (${count(open)})` }] : []),
          ...choices(statuses, statusKeyLabel),
        ]}
        @choose=${(event: CustomEvent<string>) => this.#change({ status: event.detail })}
      ></choice-filter>
      <choice-filter
        label="Role"
        .value=${role}
        .choices=${[{ value: "", label: "All" }, ...choices(roles, roleLabel)]}
        @choose=${(event: CustomEvent<string>) => this.#change({ role: event.detail })}
      ></choice-filter>
    </div>`;
  }

  #found(list: List, found: number) {
    const total = list.users.length;
    const noun = total === 1 ? "user" : "users";
    const words = found === total ? `${count(total)} ${noun}` : `${count(found)} of ${count(total)} ${noun}`;
    return html`<div class="found">
      <span role="status">${words}</span>
      <span class="fresh no-print">
        <span>Read<span class="source"> from Fireblocks</span></span> <time-ago .at=${list.fetchedAt}></time-ago>
        <button
          class="button plain"
          type="button"
          aria-label="Read again"
          ?disabled=${usersStore.state.loading}
          @click=${() => usersStore.load()}
          ><wa-icon name="arrow-clockwise"></wa-icon
        ></button>
      </span>
    </div>`;
  }

  #rows(list: List, users: UserRow[]) {
    if (users.length > 0) {
      const { sort, descending } = userQuery(this.query);
      return html`<user-list
        .users=${users}
        .sort=${sort}
        .descending=${descending}
        why-none=${sessionStore.session?.resetsPaused ? "Resets are paused." : ""}
        @choose=${(event: CustomEvent<UserRow>) => this.#choose(event.detail)}
        @sort=${(event: CustomEvent<SortColumn>) => this.#sortBy(event.detail)}
        @leave=${this.focusSearch}
      ></user-list>`;
    }
    return html`<div class="panel empty">
      <wa-icon name=${list.users.length === 0 ? "inbox" : "search"}></wa-icon>
      ${
        list.users.length === 0
          ? html`<h2>This workspace has no users</h2>
              <p class="quiet">Fireblocks answered with an empty list.</p>`
          : html`<h2>Nobody found</h2>
              <p class="quiet">No user matches this search and these filters.</p>
              <button class="button" type="button" @click=${() => this.#change({ q: "", status: "", role: "" })}>Show all users</button>`
      }
    </div>`;
  }

  #dialog() {
    const userId = this.query.get("reset");
    if (!userId || !this.dialogReady || !usersStore.state.list) return nothing;
    return html`<reset-dialog
      user-id=${userId}
      @close=${() => navigate(withQuery({ reset: "" }), { replace: true })}
    ></reset-dialog>`;
  }

  protected override render() {
    const { list, problem } = usersStore.state;
    const users = list ? this.#index.search(userQuery(this.query)) : [];
    return html`
      <h1>Users</h1>
      <p class="intro">Find the person whose phone is lost or replaced, and ask for a reset.</p>
      ${this.notDelivered ? html`<problem-panel .problem=${this.notDelivered} @retry=${this.#loadDialog}></problem-panel>` : nothing}
      ${problem && !sessionStore.tells(problem) ? html`<problem-panel .problem=${problem} @retry=${() => usersStore.load()}></problem-panel>` : nothing}
      ${list || !problem ? this.#tools() : nothing}
      ${
        list
          ? html`${this.#found(list, users.length)}${this.#rows(list, users)}${this.#dialog()}`
          : problem
            ? nothing
            : html`<div class="found"></div>
              <div class="panel waiting" role="status" aria-busy="true" aria-label="Loading the users">
                ${Array.from({ length: 8 }, () => html`<div></div>`)}
              </div>`
      }
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "users-screen": UsersScreen;
  }
}
