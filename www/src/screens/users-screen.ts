import "../elements/choice-filter.ts";
import "../elements/empty-state.ts";
import "../elements/problem-panel.ts";
import "../elements/search-field.ts";
import "../elements/time-ago.ts";
import "../elements/user-list.ts";
import { initialState, Task, TaskStatus } from "@lit/task";
import type { UserList as List, UserRow } from "fireblocks-reset-device/gateway-api";
import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import type { UserList } from "../elements/user-list.ts";
import { prepareClient } from "../gateway/client.ts";
import { problemOfLoading } from "../gateway/problem.ts";
import { PAUSED } from "../model/pause.ts";
import { SCREENS } from "../model/screens.ts";
import { count } from "../model/time.ts";
import { roleLabel, statusKeyLabel } from "../model/user.ts";
import {
  foundText,
  NO_USERS,
  NOBODY_FOUND,
  type SortColumn,
  sortText,
  UserIndex,
  userQuery,
} from "../model/user-search.ts";
import { navigate, withQuery } from "../router/address.ts";
import { recordPath } from "../router/paths.ts";
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
  @query("search-field") private searchField?: HTMLElement;
  @query("user-list") private list?: UserList;
  /** Brings the dialog's code when the first dialog is opened. */
  readonly #dialogCode = new Task(this, {
    args: () => [this.query.has("reset")],
    task: async ([wanted]) => {
      if (!wanted) return initialState;
      // A failed load is told, and tried again, when the reset is confirmed.
      prepareClient().catch(() => undefined);
      await import("../elements/reset-dialog.ts");
      return true;
    },
    // Nor is it delivered to whoever is signed out.
    onError: () => sessionStore.refresh(),
  });
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

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { list } = usersStore.state;
    if (list && list !== this.#indexed) {
      this.#index = new UserIndex(list.users);
      this.#indexed = list;
    }
    const closed = changed.get("query")?.get("reset");
    if (closed && !this.query.has("reset")) void this.#returnFocus(closed);
  }

  async #returnFocus(userId: string): Promise<void> {
    await this.updateComplete;
    await this.list?.focusUser(userId);
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
    // What was chosen is listed also while nobody is left of it: the list is empty because of it.
    const choices = (counts: Map<string, number>, chosen: string, label: (key: string) => string) =>
      [...new Map([...(chosen === "" ? [] : [[chosen, 0] as const]), ...counts])]
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
          ...choices(statuses, status === "OPEN" ? "" : status, statusKeyLabel),
        ]}
        @choose=${(event: CustomEvent<string>) => this.#change({ status: event.detail })}
      ></choice-filter>
      <choice-filter
        label="Role"
        .value=${role}
        .choices=${[{ value: "", label: "All" }, ...choices(roles, role, roleLabel)]}
        @choose=${(event: CustomEvent<string>) => this.#change({ role: event.detail })}
      ></choice-filter>
    </div>`;
  }

  #found(list: List, found: number) {
    return html`<div class="found">
      <span role="status">${foundText(found, list.users.length)}</span>
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
        why-none=${sessionStore.session?.resetsPaused ? PAUSED : ""}
        @choose=${(event: CustomEvent<UserRow>) => this.#choose(event.detail)}
        @sort=${(event: CustomEvent<SortColumn>) => this.#sortBy(event.detail)}
        @leave=${this.focusSearch}
      ></user-list>`;
    }
    if (list.users.length === 0)
      return html`<empty-state icon="inbox" heading=${NO_USERS.title} sentence=${NO_USERS.sentence}></empty-state>`;
    return html`<empty-state icon="search" heading=${NOBODY_FOUND.title} sentence=${NOBODY_FOUND.sentence}>
      <button class="button" type="button" @click=${() => this.#change({ q: "", status: "", role: "" })}>Show all users</button>
    </empty-state>`;
  }

  #dialog() {
    const userId = this.query.get("reset");
    if (!userId || this.#dialogCode.status !== TaskStatus.COMPLETE || !usersStore.state.list) return nothing;
    return html`<reset-dialog
      user-id=${userId}
      help=${this.query.get("help") ?? ""}
      because=${this.query.get("because") ?? ""}
      @close=${() => navigate(withQuery({ reset: "", help: "", because: "" }), { replace: true })}
    ></reset-dialog>`;
  }

  protected override render() {
    const { list, problem } = usersStore.state;
    const users = list ? this.#index.search(userQuery(this.query)) : [];
    const asks = sessionStore.session?.roles.includes("resetter") ?? true;
    return html`
      <h1>${SCREENS.users.title}</h1>
      <p class="intro">${asks ? SCREENS.users.intro : SCREENS.users.introOfOthers}</p>
      ${
        this.#dialogCode.status === TaskStatus.ERROR
          ? html`<problem-panel .problem=${problemOfLoading("the dialog")} @retry=${() => this.#dialogCode.run()}></problem-panel>`
          : nothing
      }
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
