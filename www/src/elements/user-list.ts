import "./tone-badge.ts";
import { defaultRangeExtractor, WindowVirtualizerController, windowScroll } from "@tanstack/lit-virtual";
import type { UserRow } from "fireblocks-reset-device/gateway-api";
import { html, LitElement, nothing, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { stateLabel } from "../model/record.ts";
import { isOfEveryUser, roleLabel, statusLabel, userName, whyBlocked } from "../model/user.ts";
import { printedText, type SortColumn } from "../model/user-search.ts";
import { recordPath } from "../router/paths.ts";
import { buttons } from "../styles/buttons.ts";
import { shared } from "../styles/shared.ts";
import { userListStyles } from "../styles/user-list.ts";
import { breakable } from "./breakable.ts";

/** Rows beyond which paper is not the medium. */
const PRINTED_ROWS = 2000;

const FRAMES_TO_WAIT = 20;

/** The heights of a row in the two layouts, in pixels, until it has been measured. */
const narrow = matchMedia("(max-width: 52rem)");
const estimateSize = () => (narrow.matches ? 142 : 68);

/** A row to be drawn; `start` is its distance from the top of the list in pixels, undefined on paper. */
interface Item {
  index: number;
  key: unknown;
  start: number | undefined;
}

/**
 * The users as a grid of which only the rows in sight exist. Arrow keys move between rows, Enter opens one.
 * Dispatches `choose` (detail: the user) and `sort` (detail: the column).
 */
@customElement("user-list")
export class UserList extends LitElement {
  static override styles = [shared, buttons, userListStyles];

  @property({ attribute: false }) users: readonly UserRow[] = [];
  @property() sort: SortColumn = "name";
  @property({ type: Boolean }) descending = false;
  /** Why no reset can be asked for at all, whoever asks for whomever; empty where it can. */
  @property({ attribute: "why-none" }) whyNone = "";
  /** The row that the arrow keys start from. */
  @state() private active = 0;
  @state() private printing = false;
  /** The user whom Enter was pressed for although nothing can be opened: the reason stands out, and is said aloud. */
  @state() private told: UserRow | undefined;
  @query(".body") private body!: HTMLElement;

  readonly #window = new WindowVirtualizerController<HTMLElement>(this, {
    count: 0,
    estimateSize,
    overscan: 4,
    // The observer tells the measures of a new row before it is painted: asking earlier would lay the page out twice.
    measureElement: (row, entry, list) => {
      const known = list.itemSizeCache.get(list.options.getItemKey(list.indexFromElement(row)));
      return Math.round(entry?.borderBoxSize[0]?.blockSize ?? known ?? estimateSize());
    },
    // A list that comes into the page stands at its top. Asking the window, or scrolling it there, would lay out what is
    // about to be replaced.
    initialOffset: 0,
    scrollToFn: (...how) => {
      if (this.hasUpdated) windowScroll(...how);
    },
  });

  /** The rows that the virtualizer watches. A row is handed over once; it hears of later changes by itself. */
  readonly #watched = new WeakSet<Element>();

  get #virtualizer() {
    return this.#window.getVirtualizer();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("beforeprint", this.#beforePrint);
    addEventListener("afterprint", this.#afterPrint);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("beforeprint", this.#beforePrint);
    removeEventListener("afterprint", this.#afterPrint);
  }

  readonly #beforePrint = () => {
    this.printing = true;
    // The browser takes its picture as soon as the event has passed.
    this.performUpdate();
  };

  readonly #afterPrint = () => {
    this.printing = false;
  };

  /** The first rows are a task of their own, so that the page hears the person before and after them. */
  protected override async scheduleUpdate(): Promise<void> {
    if (!this.hasUpdated) await new Promise((resolve) => setTimeout(resolve));
    super.scheduleUpdate();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("users") || !this.hasUpdated) {
      this.active = this.#stillActive(changed.get("users"));
      this.#virtualizer.setOptions({
        ...this.#virtualizer.options,
        count: this.users.length,
        getItemKey: (index) => this.users[index]?.id ?? index,
        // The active row stays in the page wherever one scrolls, so that the focus is not lost.
        rangeExtractor: (range) =>
          [...new Set([...defaultRangeExtractor(range), this.active])]
            .filter((index) => index < this.users.length)
            .sort((a, b) => a - b),
      });
    }
  }

  protected override updated(): void {
    for (const row of this.body.querySelectorAll<HTMLElement>("[data-index]")) {
      if (this.#watched.has(row)) continue;
      this.#watched.add(row);
      this.#virtualizer.measureElement(row);
    }
    const top = Math.round(this.body.getBoundingClientRect().top + scrollY);
    // A pixel more or less is rounding, and would make each drawing ask for the next.
    if (Math.abs(this.#virtualizer.options.scrollMargin - top) > 1) {
      this.#virtualizer.setOptions({ ...this.#virtualizer.options, scrollMargin: top });
      this.requestUpdate();
    }
  }

  /** Whoever has the focus keeps it where rows come and go above: Enter and the arrow keys are about them. */
  #stillActive(before: readonly UserRow[] | undefined): number {
    const focused = this.shadowRoot?.activeElement?.closest(".body") ? before?.[this.active] : undefined;
    const index = this.users.findIndex(({ id }) => id === focused?.id);
    return index === -1 ? Math.min(this.active, Math.max(0, this.users.length - 1)) : index;
  }

  /** Moves the focus to a row, by default the one that was active. */
  async focusRow(index = this.active): Promise<void> {
    if (this.users.length === 0) return;
    this.active = Math.max(0, Math.min(index, this.users.length - 1));
    this.#virtualizer.scrollToIndex(this.active, { align: "auto" });
    const row = await this.#rendered(this.active);
    row?.focus({ preventScroll: true });
    // The header floats over the list.
    row?.scrollIntoView({ block: "nearest" });
  }

  /** A row that was scrolled to exists only after the scrolling was noticed, a frame or two later. */
  async #rendered(index: number): Promise<HTMLElement | null> {
    for (let frame = 0; frame < FRAMES_TO_WAIT; frame++) {
      await this.updateComplete;
      const row = this.renderRoot.querySelector<HTMLElement>(`[data-index="${index}"]`);
      if (row) return row;
      await new Promise(requestAnimationFrame);
    }
    return null;
  }

  /** Moves the focus to the row of a user, if the list holds it. */
  async focusUser(userId: string): Promise<void> {
    const index = this.users.findIndex(({ id }) => id === userId);
    if (index !== -1) await this.focusRow(index);
  }

  #pageSize(): number {
    return Math.max(1, Math.floor(innerHeight / 80));
  }

  #keydown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const last = this.users.length - 1;
    const to: Record<string, number> = {
      ArrowDown: this.active + 1,
      ArrowUp: this.active - 1,
      Home: 0,
      End: last,
      PageDown: this.active + this.#pageSize(),
      PageUp: this.active - this.#pageSize(),
    };
    const target = to[event.key];
    if (target !== undefined) {
      event.preventDefault();
      if (event.key === "ArrowUp" && this.active === 0) this.dispatchEvent(new Event("leave"));
      else void this.focusRow(target);
    } else if (event.key === "Enter" && !event.repeat && (event.target as Element).role === "row") {
      event.preventDefault();
      this.#open(this.users[this.active]);
    }
  }

  #open(user: UserRow | undefined): void {
    if (user && this.#whyNot(user)) this.told = user;
    else if (user) this.dispatchEvent(new CustomEvent("choose", { detail: user }));
  }

  /** Why nothing can be opened for this user; empty where something can. */
  #whyNot(user: UserRow): string {
    if (user.openReset) return "";
    return user.blocked ? whyBlocked(user) : this.whyNone;
  }

  #allItems(): Item[] {
    return this.users.slice(0, PRINTED_ROWS).map(({ id }, index) => ({ index, key: id, start: undefined }));
  }

  #itemsInSight(): Item[] {
    const { scrollMargin } = this.#virtualizer.options;
    return this.#virtualizer
      .getVirtualItems()
      .map(({ index, key, start }) => ({ index, key, start: start - scrollMargin }));
  }

  #header(column: SortColumn, label: string) {
    const sorted = this.sort === column ? (this.descending ? "descending" : "ascending") : "none";
    return html`<div role="columnheader" aria-sort=${sorted}>
      <button type="button" @click=${() => this.dispatchEvent(new CustomEvent("sort", { detail: column }))}>
        ${label}<wa-icon library="system" name="chevron-down"></wa-icon>
      </button>
    </div>`;
  }

  #action(user: UserRow, active: boolean) {
    if (user.openReset) {
      return html`<p class="open">
        ${stateLabel(user.openReset.state).label} ·
        <a href=${recordPath(user.openReset.recordId)} tabindex=${active ? 0 : -1}
          >Follow<span class="visually-hidden"> the reset of ${userName(user)}</span></a
        >
      </p>`;
    }
    const told = user.id === this.told?.id;
    // What holds for every row is not repeated in each.
    if (told || (user.blocked && !isOfEveryUser(user)))
      return html`<p class=${told ? "told" : ""}>${this.#whyNot(user)}</p>`;
    if (user.blocked || this.whyNone) return nothing;
    return html`<button
      class="button accent"
      type="button"
      tabindex=${active ? 0 : -1}
      @click=${() => this.#open(user)}
      ><span>Reset<span class="visually-hidden"> the device of ${userName(user)}</span>…</span></button
    >`;
  }

  #row(user: UserRow, index: number, start: number | undefined) {
    const active = index === this.active;
    const status = statusLabel(user);
    return html`<div
      role="row"
      aria-rowindex=${index + 2}
      tabindex=${active ? 0 : -1}
      data-index=${index}
      .style=${start === undefined ? "" : `transform: translateY(${start}px)`}
      @focusin=${() => {
        this.active = index;
        if (this.told && this.told.id !== user.id) this.told = undefined;
      }}
    >
      <div role="gridcell" class="user anywhere">
        <div class="name">${userName(user)}</div>
        <div class="small quiet">${breakable(user.email)}</div>
      </div>
      <div role="gridcell" class="role">${roleLabel(user.role)}</div>
      <div role="gridcell" class="status"><tone-badge tone=${status.tone}>${status.label}</tone-badge></div>
      <div role="gridcell" class="act">${this.#action(user, active)}</div>
    </div>`;
  }

  protected override render() {
    const items = this.printing ? this.#allItems() : this.#itemsInSight();
    const height = this.printing ? "" : `block-size: ${this.#virtualizer.getTotalSize()}px`;
    return html`
      <div
        class="panel ${this.printing ? "printing" : ""}"
        role="grid"
        aria-label="Users"
        aria-rowcount=${this.users.length + 1}
        aria-colcount="4"
      >
        <div role="rowgroup" class="head">
          <div role="row" aria-rowindex="1">
            ${this.#header("name", "User")}${this.#header("role", "Role")}${this.#header("status", "Status")}
            <div role="columnheader" class="plain">Reset</div>
          </div>
        </div>
        <div role="rowgroup" class="body" .style=${height} @keydown=${this.#keydown}>
          ${repeat(
            items,
            ({ key }) => key,
            ({ index, start }) => {
              const user = this.users[index];
              return user ? this.#row(user, index, start) : nothing;
            },
          )}
        </div>
      </div>
      <p class="visually-hidden" role="status">${this.told ? `${userName(this.told)}: ${this.#whyNot(this.told)}` : ""}</p>
      ${
        this.printing && this.users.length > PRINTED_ROWS
          ? html`<p>${printedText(PRINTED_ROWS, this.users.length)}</p>`
          : nothing
      }
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "user-list": UserList;
  }
}
